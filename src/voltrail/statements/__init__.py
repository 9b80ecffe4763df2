"""What can be said: inert data, one file per predicate; knows no trust and no judgement."""

"""The witness: a small program that cosigns the checkpoints of logs it knows, if they only grew."""

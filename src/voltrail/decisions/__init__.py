"""What follows from findings: a disposition, its explanation, its replay. Never a score."""

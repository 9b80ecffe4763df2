"""Moving goods by scan, and what became of each move."""

"""Lists to take away that are long: written by a worker, kept for a week."""

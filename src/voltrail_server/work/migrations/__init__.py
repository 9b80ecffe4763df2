"""The tables of long work."""

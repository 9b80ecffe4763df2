"""The table of saved filters."""

"""Saved filters: a list as somebody narrowed it, under a name of their own."""

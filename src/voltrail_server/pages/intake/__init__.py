"""Handing in signed statements."""

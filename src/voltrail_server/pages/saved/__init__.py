"""Saved filters: save one, remove one."""

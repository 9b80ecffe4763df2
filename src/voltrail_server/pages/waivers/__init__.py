"""Exceptions: the list, one of them, asking for one, ending one."""

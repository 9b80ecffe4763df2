"""Remarks: what a file may be, what a mail says of itself, and noting both under a subject."""

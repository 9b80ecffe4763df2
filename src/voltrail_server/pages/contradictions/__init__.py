"""Contradictions: the list, its sheet, and the panel of one subject."""

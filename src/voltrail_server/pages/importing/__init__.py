"""Bringing in what an operator has: kinds, upload, columns, preview, confirm, result."""

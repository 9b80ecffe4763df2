"""Drafts to sign."""

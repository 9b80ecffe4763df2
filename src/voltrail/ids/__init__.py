"""Identities, each parsed once; see `subject`."""

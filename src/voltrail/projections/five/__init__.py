"""The five provenance questions about one unit."""

"""The threat board."""

"""Notices: one's own list, how one is told, and one's mail address."""

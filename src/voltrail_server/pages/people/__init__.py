"""One's own account, and the keys of everybody."""

"""How foreign files come in: bytes become drafts that nobody has signed."""

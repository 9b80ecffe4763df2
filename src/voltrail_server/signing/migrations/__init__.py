"""How the tables of drafts came to be."""

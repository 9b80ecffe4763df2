"""What templates of pages may call beyond Django's own; include files ask for themselves."""

"""What templates of pages may call beyond Django's own."""

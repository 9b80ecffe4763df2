"""What we can show: evidence packs that anyone checks offline with pinned keys."""

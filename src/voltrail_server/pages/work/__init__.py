"""Long work: mine, one of it, stopping it, trying it again."""

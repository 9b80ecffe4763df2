"""The one page of an installation that nobody has set up yet."""

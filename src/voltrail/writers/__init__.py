"""How facts leave for other people's programs: their formats, written from our statements."""

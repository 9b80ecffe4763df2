"""The control catalogue: titles, strictness, limits and mappings, as data for policy people."""

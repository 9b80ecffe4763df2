"""The control catalogue: titles, strictness, limits and mappings as data that policy people change."""

"""Sections of start pages, by what they are about."""

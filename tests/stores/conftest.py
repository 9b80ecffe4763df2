"""A fresh register of each kind, for every test here that asks for one."""

from stores.fixtures import database, databases, place, speaker

__all__ = ["database", "databases", "place", "speaker"]

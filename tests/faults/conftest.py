"""The fixtures of the stores' tests, for the tests that break them."""

from stores.fixtures import database, databases, place, speaker

__all__ = ["database", "databases", "place", "speaker"]

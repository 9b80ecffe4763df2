"""Sentences of labels; the words themselves stand on the lowest floor: `voltrail.wording`."""

from voltrail.wording import Worded, worded

__all__ = ["Worded", "worded"]

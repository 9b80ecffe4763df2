"""The four answers to a scan, as one large word each."""

from typing import Any

from voltrail_server.panels.words import Word

_WORDS = {
    "match": Word("match", "Match", "release", "release"),
    "mismatch": Word("mismatch", "Mismatch", "refuse", "refuse"),
    "cloned": Word("cloned", "Cloned", "refuse", "refuse"),
    "unknown": Word("unknown", "Unknown", "unknown", "unknown"),
}


def word(found: Any) -> Word:  # noqa: ANN401 — an answer
    """Return the word of an answer; whatever is not known here is unknown."""
    return _WORDS.get(str(found.verdict), _WORDS["unknown"])

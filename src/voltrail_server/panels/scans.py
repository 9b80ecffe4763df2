"""The four answers to a scan, as one large word each."""

from typing import Any

from voltrail_server.panels.words import Word

_WORDS = {
    "match": Word("match", "Match", "release", "release"),
    "held": Word("match-held", "Match, not released", "hold", "hold"),
    "mismatch": Word("mismatch", "Mismatch", "refuse", "refuse"),
    "cloned": Word("cloned", "Cloned", "refuse", "refuse"),
    "unknown": Word("unknown", "Unknown", "unknown", "unknown"),
}


def word(found: Any) -> Word:  # noqa: ANN401 — an answer
    """Return the word of an answer; whatever is not known here is unknown."""
    name = "held" if found.held and str(found.verdict) == "match" else str(found.verdict)
    return _WORDS.get(name, _WORDS["unknown"])

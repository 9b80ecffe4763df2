"""The answers to a scan, and those of a unit's element, as one large word each."""

from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

_WORDS = {
    "may-install": Word("may-install", "Match, may be installed", "release", "release"),
    "match": Word("match", "Match", "release", "release"),
    "match-held": Word("match-held", "Match, do not install", "hold", "hold"),
    "mismatch": Word("mismatch", "Mismatch", "refuse", "refuse"),
    "cloned": Word("cloned", "Cloned", "refuse", "refuse"),
    "unknown": Word("unknown", "Unknown", "unknown", "unknown"),
}
_PROOFS = {
    "match": Word("match", "Match", "release", "release"),
    "wrong-key": Word("wrong-key", "Mismatch", "refuse", "refuse"),
    "other-unit": Word("other-unit", "Another unit", "refuse", "refuse"),
    "late": Word("late", "Too late", "unknown", "unknown"),
    "answered-before": Word("answered-before", "Answered before", "unknown", "unknown"),
    "no-key": Word("no-key", "No key on record", "unknown", "unknown"),
}

PURPOSES = {
    "look": N_("a look at the unit"),
    "receipt": N_("goods that arrive"),
    "install": N_("before it goes in"),
}


def purpose(name: str) -> str:
    """Return what an answer is asked for, in the reader's language."""
    return words.said(PURPOSES.get(name, name))


def word(bar: Any) -> Word:  # noqa: ANN401 — the bar of a rack
    """Return the word of the one answer; whatever is not known here is unknown."""
    return _WORDS.get(str(bar.word), _WORDS["unknown"])


def proof(judged: Any) -> Word:  # noqa: ANN401 — what an answer of an element says
    """Return the word of what an element answered."""
    return _PROOFS.get(str(judged.proof), _WORDS["unknown"])

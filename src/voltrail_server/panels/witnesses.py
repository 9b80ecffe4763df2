"""Witnesses in words: who cosigned how much, when, how far behind it is. Knows no table."""

from dataclasses import dataclass

from voltrail_server.panels.words import Word

WORDS = {
    "cosigned": Word("cosigned", "Cosigned the newest checkpoint", "release", "release"),
    "behind": Word("behind", "Behind", "unknown", "unknown"),
    "never": Word("never-cosigned", "Has not cosigned yet", "unknown", "unknown"),
    "alarm": Word("other-history", "Knows another history", "refuse", "refuse"),
}
QUORUM = {
    True: Word("quorum", "Quorum reached", "release", "release"),
    False: Word("no-quorum", "No quorum yet", "unknown", "unknown"),
}

COMPARISONS = {
    "same": Word("same", "The same", "release", "release"),
    "continues": Word("continues", "One history", "release", "release"),
    "split-view": Word("split-view", "ALARM: two histories", "refuse", "refuse"),
    "unproven": Word("unproven-history", "Cannot tell", "unknown", "unknown"),
}


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """One witness as the page shows it."""

    names: str
    url: str
    word: Word
    size: str
    lag: str
    at: str
    age: str
    problem: str


@dataclass(frozen=True, slots=True)
class WitnessBoard:
    """Every witness, and whether those who cosigned are enough."""

    lines: tuple[WitnessLine, ...]
    word: Word
    sentence: str
    since: str
    size: str

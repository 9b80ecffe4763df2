"""The five questions as cards: the answer, how sure it is, what says so, what is missing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import chips, words
from voltrail_server.panels.chips import Line
from voltrail_server.panels.named import Named, Naming
from voltrail_server.panels.words import Word

CONFIDENCES = {
    "proven": words.STATES["proven"],
    "single-source": words.STATES["single-source"],
    "not-proven": Word("not-proven", N_("Not proven"), "unknown", "unknown"),
    "contradicted": words.STATES["contradicted"],
}
QUESTIONS = {
    "cells": N_("Who made its cells?"),
    "assembly": N_("Where was it assembled?"),
    "tests": N_("Who tested it?"),
    "firmware": N_("What firmware does it run?"),
    "custody": N_("What proves its custody?"),
}


@dataclass(frozen=True, slots=True)
class Against:
    """What contradicts an answer, and the entries that say it."""

    sentence: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One question with its answer as the page shows it."""

    name: str
    question: str
    word: Word
    sentence: str
    sources: tuple[Line, ...]
    papers: tuple[Line, ...]
    against: tuple[Against, ...]
    missing: str
    ask: Named | None


def card(answer: Any, describe: Any, naming: Naming) -> Card:  # noqa: ANN401 — an Answer, a verb
    """Return the card of an answer."""
    return Card(
        answer.question,
        words.said(QUESTIONS[answer.question]),
        CONFIDENCES[answer.confidence],
        words.said(answer.sentence),
        tuple(chips.line(one, describe(one), naming) for one in answer.sources),
        tuple(chips.line(one, describe(one), naming) for one in answer.papers),
        tuple(Against(words.said(one.sentence), one.entries) for one in answer.against),
        words.said(answer.missing) if answer.missing else "",
        naming(str(answer.ask)) if answer.ask else None,
    )

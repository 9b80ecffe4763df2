"""
The words controls are written in: outcome, verdict, finding, and the decorator that registers one.

A control sees one dossier, its limits and a time; it returns a verdict that names the facts it
rests on. Knows no policy and no consequence.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct

from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded


class Outcome(StrEnum):
    """A control's answer; only the first is good news."""

    HOLDS = "holds"
    VIOLATED = "violated"
    UNPROVEN = "unproven"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"


class Layer(StrEnum):
    """The verification layers, in the order the strip shows them."""

    SUPPLIER = "supplier"
    CHANNEL = "channel"
    PROVENANCE = "provenance"
    CUSTODY = "custody"
    DOCUMENTS = "documents"
    INSPECTION = "inspection"
    FIRMWARE = "firmware"
    ATTESTATION = "attestation"


class About(StrEnum):
    """The earliest thing a control can be judged about: an order, or only goods that came."""

    ORDER = "order"
    ARRIVAL = "arrival"


class Threat(StrEnum):
    """The three threats of the mission."""

    COUNTERFEIT = "counterfeit"
    FIRMWARE = "firmware-tampering"
    PROVENANCE = "provenance-gap"


class Verdict(Struct, frozen=True):
    """Outcome, one sentence, and the entries it rests on."""

    outcome: Outcome
    sentence: str
    facts: tuple[Recorded[Any], ...] = ()

    @property
    def entries(self) -> tuple[int, ...]:
        """Indices of the entries it rests on, ascending."""
        return tuple(sorted({one.entry.index for one in self.facts}))


class NoLimits(Struct, frozen=True):
    """For controls without thresholds."""


Check = Callable[[Dossier, Any, datetime], Verdict]


class Control(Struct, frozen=True):
    """A registered control: what it needs, its limits' type, its function, how early it applies."""

    id: str
    family: str
    needs: tuple[str, ...]
    limits: type
    check: Check
    about: About = About.ARRIVAL

    @property
    def sentence(self) -> str:
        """The control's name as a sentence that is true when all is well."""
        return self.check.__name__.replace("_", " ")

    @property
    def remedy(self) -> str:
        """What to do when it does not hold, from the docstring."""
        return _told(self.check.__doc__ or "", "Remedy:", "Source:")

    @property
    def ahead(self) -> str:
        """What to do before an order is placed; the remedy where the docstring says no more."""
        return _told(self.check.__doc__ or "", "Ahead:", "Remedy:") or self.remedy


@cache
def _told(page: str, begins: str, ends: str) -> str:
    """Return a paragraph of a docstring, up to a blank line or the beginning of the next."""
    found: list[str] = []
    for line in page.splitlines():
        text = line.strip()
        if text.startswith(begins):
            found = [text.removeprefix(begins).strip()]
        elif found and (not text or text.startswith(ends)):
            break
        elif found:
            found.append(text)
    return " ".join(found)


REGISTRY: dict[str, Control] = {}


def control(
    control_id: str,
    *,
    needs: tuple[str, ...],
    limits: type = NoLimits,
    about: About = About.ARRIVAL,
) -> Callable[[Check], Check]:
    """
    Register a function as a control.

    Args:
        control_id: FAM-nn, a promise: never reused
        needs: short names of the statement kinds it reads
        limits: frozen struct of thresholds
        about: the earliest thing it can be judged about

    Returns:
        A decorator that leaves the function as it is.

    Source: design, section 5.1.
    """

    def register(check: Check) -> Check:
        family = check.__module__.rpartition(".")[2]
        REGISTRY[control_id] = Control(control_id, family, needs, limits, check, about)
        return check

    return register


def holds(sentence: str, *facts: Recorded[Any]) -> Verdict:
    """
    Return the verdict that all is well.

    Args:
        sentence: why, for a person
        facts: what it rests on

    Returns:
        The verdict.

    Source: design, section 5.1.
    """
    return Verdict(Outcome.HOLDS, sentence, facts)


def violated(sentence: str, *facts: Recorded[Any]) -> Verdict:
    """
    Return the verdict that something is wrong.

    Args:
        sentence: what, for a person
        facts: what it rests on

    Returns:
        The verdict.

    Source: design, section 5.1.
    """
    return Verdict(Outcome.VIOLATED, sentence, facts)


def unproven(sentence: str, *facts: Recorded[Any]) -> Verdict:
    """
    Return the verdict that nobody can tell yet.

    Args:
        sentence: what is missing, for a person
        facts: what it rests on, if anything

    Returns:
        The verdict.

    Source: design, section 5.1.
    """
    return Verdict(Outcome.UNPROVEN, sentence, facts)


def not_applicable(sentence: str, *facts: Recorded[Any]) -> Verdict:
    """
    Return the verdict that the control has nothing to say here.

    Args:
        sentence: why not
        facts: what it rests on

    Returns:
        The verdict.

    Source: design, section 5.1.
    """
    return Verdict(Outcome.NOT_APPLICABLE, sentence, facts)

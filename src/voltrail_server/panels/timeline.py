"""
The custody river: holders in order of time, hand-overs as two halves that meet or do not.

A gap is white water. Draws what the halves say; whether custody is proven is judged elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, unnamed

_STRETCH = 196  # [px] one holder's stretch of river
_JOINT = 44  # [px] the width of a hand-over
_DEEP, _SHALLOW = 40, 12  # [px] the river's width at full and at least quantity
_LEFT = 8  # [px]
_FITS = 24  # [letters] of a name over one stretch; the list below the river has it whole


@dataclass(slots=True)
class Meeting:
    """A hand-over's two halves under one number."""

    number: str
    given: Any = None
    taken: Any = None

    @property
    def any(self) -> Any:  # noqa: ANN401 — one half
        """One of the halves."""
        return self.given or self.taken

    @property
    def first_at(self) -> Any:  # noqa: ANN401 — a time
        """The earliest time either half names."""
        return min(half.fact.at for half in (self.given, self.taken) if half)

    @property
    def says(self) -> str:
        """What the two halves say, in words."""
        if not self.taken:
            return _("no receipt: the taker has not spoken")
        if not self.given:
            return _("no dispatch: the giver has not spoken")
        if self.given.fact.quantity != self.taken.fact.quantity:
            both = {"given": self.given.fact.quantity, "taken": self.taken.fact.quantity}
            return _("%(given)s given, %(taken)s taken") % both
        if self.differ:
            return _("the halves name other %(what)s") % {"what": ", ".join(self.differ)}
        return _("%(taken)s given and taken") % {"taken": self.taken.fact.quantity}

    @property
    def differ(self) -> tuple[str, ...]:
        """In what else than the number of items two halves differ; what one leaves out does not."""
        if not (self.given and self.taken):
            return ()
        given, taken = self.given.fact, self.taken.fact
        pairs = (
            (_("parties"), (given.giver, given.taker), (taken.giver, taken.taker)),
            (_("seals"), set(given.seals), set(taken.seals)),
            (_("containers"), given.container, taken.container),
            (_("arrivals"), given.arrival, taken.arrival),
            (_("places"), given.where, taken.where),
        )
        return tuple(name for name, one, other in pairs if one and other and one != other)

    @property
    def state(self) -> str:
        """How the halves meet: met, open or apart."""
        if not (self.given and self.taken):
            return "open"
        same = self.given.fact.quantity == self.taken.fact.quantity
        return "met" if same and not self.differ else "apart"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A holder's stretch of the river, or white water where nobody says who held the goods."""

    holder: Named | None
    x: int
    y: int
    width: int
    height: int

    @property
    def gap(self) -> bool:
        """Whether nobody says who held the goods."""
        return self.holder is None

    @property
    def label(self) -> str:
        """Who held them, as far as it fits."""
        text = _("nobody says") if self.holder is None else self.holder.text
        return text if len(text) <= _FITS else f"{text[: _FITS - 1]}…"


@dataclass(frozen=True, slots=True)
class Joint:
    """A hand-over on the river."""

    number: str
    x: int
    state: str
    given: bool
    taken: bool
    says: str
    at: str
    entries: tuple[int, ...]
    giver: Named
    taker: Named


@dataclass(slots=True)
class River:
    """Everything the drawing needs."""

    naming: Naming = unnamed
    stretches: list[Stretch] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    width: int = 2 * _LEFT


def meetings(halves: Iterable[Any]) -> list[Meeting]:
    """Return the hand-overs in order of time, each with the halves that were stated."""
    found: dict[str, Meeting] = {}
    for half in halves:
        meeting = found.setdefault(half.fact.number, Meeting(half.fact.number))
        setattr(meeting, str(half.fact.half), half)
    return sorted(found.values(), key=lambda meeting: meeting.first_at)


def river(halves: Iterable[Any], naming: Naming = unnamed) -> River:
    """Return the river of some hand-over halves."""
    drawn, held_by = River(naming, width=_LEFT), None
    listed = meetings(halves)
    most = max((meeting.any.fact.quantity for meeting in listed), default=1)
    for meeting in listed:
        fact = meeting.any.fact
        if held_by != fact.giver:
            if held_by is not None:
                _flow(drawn, None, 0.0)
            _flow(drawn, fact.giver, fact.quantity / most)
        _join(drawn, meeting)
        _flow(drawn, fact.taker, (meeting.taken or meeting.given).fact.quantity / most)
        held_by = fact.taker
    drawn.width += _LEFT
    return drawn


def _flow(drawn: River, holder: str | None, share: float) -> None:
    height = round(_SHALLOW + (_DEEP - _SHALLOW) * min(share, 1.0))
    named = None if holder is None else drawn.naming(str(holder))
    drawn.stretches.append(Stretch(named, drawn.width, 56 - height // 2, _STRETCH, height))
    drawn.width += _STRETCH


def _join(drawn: River, meeting: Meeting) -> None:
    fact = meeting.any.fact
    halves = [half for half in (meeting.given, meeting.taken) if half]
    drawn.joints.append(
        Joint(
            meeting.number,
            drawn.width + _JOINT // 2,
            meeting.state,
            bool(meeting.given),
            bool(meeting.taken),
            meeting.says,
            words.stamp(meeting.first_at),
            tuple(half.entry.index for half in halves),
            drawn.naming(str(fact.giver)),
            drawn.naming(str(fact.taker)),
        )
    )
    drawn.width += _JOINT

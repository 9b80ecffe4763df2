"""The playbook of one purchase in words: each step, who decides, who signs, the one way on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

STANDINGS = {
    "done": Word("done", N_("Done"), "release", "release"),
    "open": Word("open", N_("Waits"), "hold", "hold"),
    "later": Word("later", N_("Comes later"), "dot", "quiet"),
    "aside": Word("aside", N_("Not asked for"), "dot", "quiet"),
}
_Way = Callable[[Any], str]
# step → where somebody goes to do it
_WAYS: dict[str, _Way] = {
    "order": lambda row: f"/orders/{row.order.split(':', 3)[3]}/",
    "qualify": lambda row: f"/parties/{row.seller.split(':', 3)[3]}/" if row.seller else "",
    "hold": lambda row: f"/holds/?about={quote(row.lot)}",
    "keys": lambda _: "/people/keys/",
    "reject": lambda row: f"/register/{row.decided}/sign-off/?verb=sign-rejection",
    "isolate": lambda row: f"/register/{row.decided}/sign-off/?verb=take-out-of-service",
    "accept": lambda row: f"/acceptances/new/?verb=accept&arrival={quote(row.arrival)}",
    "install": lambda row: f"/acceptances/new/?verb=install&arrival={quote(row.arrival)}",
}
_HAND_IN = "/register/hand-in/"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page shows it."""

    title: str
    word: Word
    why: str
    decides: str
    signs: str
    entries: tuple[int, ...]
    signed_by: tuple[Named, ...]
    waits_for: str
    due: str
    late: bool
    yours: bool
    way: str


def lines(
    steps: Iterable[Any],  # from `actions.playbook`
    row: Any,  # noqa: ANN401 — an arrival's row
    viewer: tuple[frozenset[str], datetime],
    naming: Naming = unnamed,
) -> tuple[StepLine, ...]:
    """Return the steps in words, with those that wait for this person marked."""
    return tuple(_line(one, row, viewer, naming) for one in steps)


def _line(
    step: Any,  # noqa: ANN401 — a step
    row: Any,  # noqa: ANN401 — an arrival's row
    viewer: tuple[frozenset[str], datetime],
    naming: Naming,
) -> StepLine:
    roles, at = viewer
    duty, waits = step.duty, step.standing == "open"
    owed = duty.role if duty else step.row.decides if waits else ""
    return StepLine(
        title=words.said(step.row.title),
        word=STANDINGS[step.standing],
        why=words.said(step.why),
        decides=words.said(step.row.decides),
        signs=words.said(step.row.signs),
        entries=step.entries[:_FEW],
        signed_by=tuple(naming(one) for one in step.signed_by[:_FEW]),
        waits_for=words.said(owed),
        due=words.stamp(duty.due) if duty else "",
        late=bool(duty and duty.late(at)),
        yours=waits and owed in roles,
        way=_WAYS.get(step.row.step, lambda _: _HAND_IN)(row) if waits else "",
    )


_FEW = 6  # [entries] shown of each step

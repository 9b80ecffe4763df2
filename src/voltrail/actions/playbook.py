"""
One playbook for one purchase: every step, who decides, who signs, what waits for whom.

The steps are a table of the catalogue; how each stands is read from the newest decision, the facts
and the open duties. All six functions see the same one. Judges nothing.
"""

import csv
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources

from msgspec import Struct

from voltrail.actions.show import ArrivalStory
from voltrail.ids.subject import SubjectId
from voltrail.projections.waiting import Duty, Row, duties_of, table
from voltrail.statements import kinds
from voltrail.statements.decision import DecisionRecord, FindingRecord

_MILD = frozenset({"none", "note"})
_HOLDS = "holds"
_NOT_APPLICABLE = "not-applicable"


class Standing(StrEnum):
    """How a step stands."""

    DONE = "done"
    OPEN = "open"
    LATER = "later"
    ASIDE = "aside"


class PlaybookRow(Struct, frozen=True):
    """A step of the table: who decides, who signs, how many, what closes it, when it is shown."""

    step: str
    title: str
    decides: str
    signs: str
    count: int
    done_by: tuple[str, ...]
    controls: tuple[str, ...]
    when: str

    def is_about(self, control: str) -> bool:
        """Whether the step answers for a control."""
        return any(control.startswith(one) for one in self.controls)


class Step(Struct, frozen=True):
    """A step of one purchase: how it stands, why, since which entries, and what waits for whom."""

    row: PlaybookRow
    standing: Standing
    why: str
    entries: tuple[int, ...] = ()
    signed_by: tuple[SubjectId, ...] = ()
    duty: Duty | None = None


@cache
def rows() -> tuple[PlaybookRow, ...]:
    """
    Return the table of steps.

    Returns:
        Rows in the order of the file.

    Source: mission, CO-08; our choice: ADR 0027.
    """
    file = resources.files("voltrail.catalogue").joinpath("tables", "playbook.csv")
    return tuple(_row(one) for one in csv.DictReader(file.read_text("utf-8").splitlines()))


def playbook(story: ArrivalStory) -> tuple[Step, ...]:
    """
    Return how each step of one purchase stands.

    Args:
        story: the arrival's

    Returns:
        Steps in the order of the table; those that do not concern this purchase are left out.

    Source: mission, CO-08.
    """
    decisions = [one for one in (story.decision, *story.history) if one is not None]
    duties = duties_of((*story.facts, *decisions), table())
    record = None if story.decision is None else story.decision.fact
    case = _Case(story, record, duties)
    found = (_step(one, case) for one in rows())
    return tuple(one for one in found if one is not None)


class _Case(Struct, frozen=True):
    """What every step of one purchase is read from."""

    story: ArrivalStory
    record: DecisionRecord | None
    duties: Sequence[Duty]

    def failing(self, row: PlaybookRow) -> list[FindingRecord]:
        """Return what stands against a step, gravest first."""
        found = () if self.record is None else self.record.findings
        return [one for one in found if row.is_about(one.control) and one.consequence not in _MILD]

    def holding(self, row: PlaybookRow) -> list[FindingRecord]:
        """Return what speaks for a step."""
        found = () if self.record is None else self.record.findings
        return [one for one in found if row.is_about(one.control) and one.outcome == _HOLDS]

    def useless(self, row: PlaybookRow) -> list[FindingRecord]:
        """Return the findings by which a step does not apply to these goods."""
        found = () if self.record is None else self.record.findings
        about = [one for one in found if row.is_about(one.control)]
        return about if all(one.outcome == _NOT_APPLICABLE for one in about) else []

    def duty(self, verbs: Iterable[str]) -> Duty | None:
        """Return the open duty with one of some verbs that is due first."""
        wanted = set(verbs)
        return next((one for one in self.duties if one.verb in wanted), None)

    def issuers(self, row: PlaybookRow) -> tuple[SubjectId, ...]:
        """Return who stated what closes a step."""
        types = {kinds.uri(one) for one in row.done_by}
        found = (one.issuer for one in self.story.facts if one.predicate_type in types)
        return tuple(dict.fromkeys(found))


def _row(found: dict[str, str]) -> PlaybookRow:
    return PlaybookRow(
        step=found["step"],
        title=found["title"],
        decides=found["decides"],
        signs=found["signs"],
        count=int(found["count"]),
        done_by=tuple(found["done_by"].split()),
        controls=tuple(found["controls"].split()),
        when=found["when"],
    )


def _step(row: PlaybookRow, case: _Case) -> Step | None:
    if row.step == "decide":
        return _decided(row, case)
    if row.when in ("always", "failing"):
        return _evidence(row, case)
    disposition = "" if case.record is None else case.record.disposition
    if row.when == "release":
        return None if disposition in ("reject", "isolate") else _service(row, case)
    return _signed(row, case) if disposition == row.when else None


def _evidence(row: PlaybookRow, case: _Case) -> Step | None:
    """Return a step that findings answer for; `failing` ones show only where something fails."""
    against, speaks = case.failing(row), case.holding(row)
    if against:
        owed = [one for one in table() if any(one.opened_by(each) for each in against)]
        duty = case.duty(_verbs(owed))
        entries = tuple(sorted({index for one in against for index in one.entries}))
        more = f" ({len(against) - 1} more)" if against[1:] else ""
        return Step(row, Standing.OPEN, against[0].sentence + more, entries, duty=duty)
    if row.when == "failing":
        return None
    if speaks:
        entries = tuple(sorted({index for one in speaks for index in one.entries}))
        return Step(row, Standing.DONE, speaks[0].sentence, entries, case.issuers(row))
    if case.record is None:
        return Step(row, Standing.LATER, "Nothing was judged yet.")
    if useless := case.useless(row):
        return Step(row, Standing.ASIDE, useless[0].sentence)
    return Step(row, Standing.ASIDE, f"Not asked for at tier {case.record.tier}.")


def _verbs(owed: Iterable[Row]) -> list[str]:
    return [one.verb for one in owed]


def _decided(row: PlaybookRow, case: _Case) -> Step:
    decision = case.story.decision
    if decision is None or case.record is None:
        return Step(row, Standing.LATER, "Nobody has judged this arrival yet.")
    by = (decision.issuer,)
    return Step(row, Standing.DONE, case.record.sentence, (decision.entry.index,), by)


def _service(row: PlaybookRow, case: _Case) -> Step:
    """Return a step into service: two people sign one record once the goods are released."""
    stands = case.story.service
    found = stands.accepted if row.step == "accept" else stands.installed
    if found:
        entries = tuple(one.entry.index for one in found)
        people = dict.fromkeys(person for one in found for person in one.fact.accepted_by)
        return Step(row, Standing.DONE, "Two people signed.", entries, tuple(people))
    if row.step == "accept" and not case.story.accept_first and case.record is not None:
        return Step(row, Standing.ASIDE, f"Not asked for at tier {case.record.tier}.")
    released = case.record is not None and case.record.disposition == "release"
    if not released:
        return Step(row, Standing.LATER, "Comes when the goods are released.")
    if row.step == "install" and case.story.accept_first and not stands.accepted:
        return Step(row, Standing.LATER, "Comes when two people have accepted the goods.")
    return Step(row, Standing.OPEN, "Two different people sign one record.")


def _signed(row: PlaybookRow, case: _Case) -> Step:
    """Return a step that people sign about the decision itself."""
    verb = {"reject": "sign-rejection", "isolate": "take-out-of-service"}[row.step]
    duty = case.duty([verb])
    if duty is not None:
        return Step(row, Standing.OPEN, duty.why, (duty.opened_by,), duty=duty)
    return Step(row, Standing.DONE, "Everybody has signed.", (), case.issuers(row))

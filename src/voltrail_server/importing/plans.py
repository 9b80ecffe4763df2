"""
What an import would do: each row new, the same, changed or wrong. Records nothing.

The same plan is made for the preview and again when the work begins, so that what happened
meanwhile is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from voltrail.actions import bring
from voltrail.actions import order as orders
from voltrail.actions.bring import Compared
from voltrail.errors import MalformedError, ProductError
from voltrail.readers import registry, rows, stock
from voltrail.readers import sheet as sheets
from voltrail.readers.contract import Draft, Reader, Setting, Sheet, Source, Wrong
from voltrail.register.blobs import fetch
from voltrail.statements.stock import COLUMNS
from voltrail_server import wiring
from voltrail_server.exporting import shelf
from voltrail_server.importing.known import setting_of
from voltrail_server.importing.models import Import
from voltrail_server.people import importing as people

ASKED = 200  # [orders] a preview asks for; more are asked when they are placed


@dataclass(frozen=True, slots=True)
class Plan:
    """What every row of a file comes to; `lines` only for stock, in the place of `changes`."""

    reader: Reader
    sheet: Sheet
    changes: Sequence[Compared] = ()
    same: int = 0
    wrong: Sequence[Wrong] = ()
    lines: Sequence[str] = ()
    shown: Sequence[Compared] = ()
    counts: dict[str, int] = field(default_factory=dict)


def sheet_of(found: Import) -> Sheet:
    """Return the rows of an import's file."""
    if found.kind == "people":
        data = shelf.list_of(found.rows_digest)
    else:
        data = fetch(wiring.desk().blobs, found.rows_digest)
    read = sheets.read(data)
    return Sheet(read.columns, read.rows, read.numbers, read.wrong, tuple(found.remarks))


def sources_of(found: Import) -> dict[str, Source]:
    """Return where each field comes from, as somebody confirmed it."""
    return {
        name: Source(one.get("column"), one.get("value", "")) for name, one in found.sources.items()
    }


def plan(found: Import) -> Plan:
    """Return what an import would do now."""
    reader, sheet, setting = registry.reader(found.kind), sheet_of(found), setting_of(found)
    sources = sources_of(found)
    if setting.day_first is None and rows.ambiguous_days(sheet, reader, sources):
        raise MalformedError(
            _("Some days can be read in two ways."),
            hint=_("Say whether the day or the month comes first."),
        )
    if found.kind == "stock":
        return _stock(reader, sheet, sources, setting)
    read = rows.read(sheet, reader, sources, setting)
    if found.kind == "people":
        return _people(reader, sheet, read.drafts, read.wrong)
    compared, late = bring.compare(wiring.desk(), read.drafts)
    wrong = sorted([*read.wrong, *late], key=lambda one: one.number)
    return _made(reader, sheet, compared, wrong)


def refusals(found: Plan) -> list[tuple[int, str]]:
    """Return which of the first orders would be refused now, and why; nothing is recorded."""
    if found.reader.name != "orders":
        return []
    told = []
    for one in found.changes[:ASKED]:
        try:
            answer = orders.may_order(wiring.desk(), one.fact, wiring.now())
            unmet = [each for each in answer.unmet if one.state == "new" or each.control]
            if unmet:
                said = dict.fromkeys(each.sentence for each in unmet)
                told.append((one.draft.number, " ".join(said)))
        except ProductError as error:
            told.append((one.draft.number, f"{error} {error.hint}"))
    return told


def _made(
    reader: Reader, sheet: Sheet, compared: Sequence[Compared], wrong: Sequence[Wrong]
) -> Plan:
    changes = [one for one in compared if one.state != "same"]
    new = sum(one.state == "new" for one in changes)
    counts = {
        "new": new,
        "changed": len(changes) - new,
        "same": len(compared) - len(changes),
        "wrong": len(wrong),
    }
    shown = [*(one for one in changes if one.state == "changed"), *compared]
    return Plan(reader, sheet, changes, counts["same"], wrong, (), shown, counts)


def _people(reader: Reader, sheet: Sheet, drafts: Sequence[Draft], wrong: Sequence[Wrong]) -> Plan:
    stands = people.on_record({str(one.subject): one.fact for one in drafts})
    compared = [_person(one, stands.get(str(one.subject))) for one in drafts]
    return _made(reader, sheet, compared, wrong)


def _person(draft: Draft, stands: dict[str, str] | None) -> Compared:
    if stands is None:
        return Compared(draft, "new", draft.fact)
    differences = tuple(
        (name, before, str(draft.fact[name]))
        for name, before in stands.items()
        if name in draft.fact and str(draft.fact[name]) != before
    )
    return Compared(draft, "changed" if differences else "same", draft.fact, differences)


def _stock(reader: Reader, sheet: Sheet, sources: dict[str, Source], setting: Setting) -> Plan:
    lines, numbers, wrong = stock.lines(sheet, sources, setting)
    stands = bring.stock_on_record(wiring.desk())
    found = bring.compare_stock(lines, stands)
    counts = {
        "new": len(found.fresh) - len(found.changed),
        "changed": len(found.changed),
        "same": len(lines) - len(found.fresh),
        "wrong": len(wrong),
    }
    first = dict.fromkeys([*found.changed[:_FIRST], *found.fresh[:_FIRST]])
    shown = [_unit(numbers[at], lines[at], stands) for at in first]
    made = [lines[at] for at in found.fresh]
    return Plan(reader, sheet, (), counts["same"], wrong, made, shown, counts)


_FIRST = 50  # [rows] that a preview shows


def _unit(number: int, line: str, stands: bring.StockOnRecord) -> Compared:
    before = stands.newest.get(bring.unit_in(line), "")
    values = dict(zip(COLUMNS, line.split(","), strict=True))
    old = dict(zip(COLUMNS, before.split(","), strict=True)) if before else {}
    differences = tuple(
        (name, old[name], value) for name, value in values.items() if old and old[name] != value
    )
    draft = Draft(number, f"{values['maker']}:{values['serial']}", values)
    return Compared(draft, "changed" if old else "new", values, differences)

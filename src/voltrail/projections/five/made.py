"""Who made the cells of a unit, and where it was assembled."""

from voltrail.ids.subject import LotId, PartyId
from voltrail.projections.five.model import Answer, Question, Subject, answered
from voltrail.projections.genealogy import Step
from voltrail.projections.genealogy_read import AWAY
from voltrail.projections.lot import own_records
from voltrail.projections.view import Recorded
from voltrail.statements.assembly import Action, Assembly, Certainty
from voltrail.statements.certificate import Certificate
from voltrail.statements.lot import LotRecord
from voltrail.statements.unit import Level, UnitRecord
from voltrail.wording import Worded, worded

_ASK_PARTS = worded("Ask for a signed statement of what the unit was made of.")
_CUT = worded("Only the first %(count)s of its parts were read; ask of one further down.")
_ASK_PLACE = worded("Ask for a signed statement of the assembly, or for the lot's factory.")


def who_made_the_cells(about: Subject) -> Answer:
    """
    Return who made the cells of a unit, and in which lots.

    Args:
        about: the unit

    Returns:
        What the trace down ends with: the lots that assemblers name and their makers record.

    Source: mission, PV-05; ADR 0053.
    """
    leaves = () if _is_cell(about) else about.leaves
    lots = tuple(one.subject for one in leaves if isinstance(one.subject, LotId))
    lots = about.lots if _is_cell(about) else lots
    entries = [index for one in leaves for index in one.entries]
    records = [one for lot in lots for one in own_records(about.room.view(lot))]
    missing, ask = _missing(about, is_told=bool(lots))
    if not lots:
        return answered(
            Question.CELLS,
            _unmade(about),
            (),
            about.operator,
            missing=missing,
            ask=ask,
        )
    return answered(
        Question.CELLS,
        _made_by(lots, leaves),
        (*records, *about.said_at(entries)),
        about.operator,
        missing=missing,
        ask=ask,
    )


def where_was_it_assembled(about: Subject) -> Answer:
    """
    Return where a unit was assembled, by whom and when.

    Args:
        about: the unit

    Returns:
        What the assembler says, or else where the maker says that its lot was made; certificates
        of that factory are papers.

    Source: mission, PV-05; ADR 0053.
    """
    built = [
        one
        for one in about.standing(about.unit, Assembly)
        if one.fact.action is Action.ADD
        and any(part.unit == about.unit for part in one.fact.outputs)
    ]
    records = [one for one in about.records() if one.fact.factory is not None]
    placed = [one for one in built if one.fact.where is not None]
    if not built and not records:
        return answered(
            Question.ASSEMBLY,
            worded("Nobody says where %(unit)s was assembled.", unit=about.unit.key),
            (),
            about.operator,
            missing=_ASK_PLACE,
            ask=about.maker,
        )
    return answered(
        Question.ASSEMBLY,
        _assembled(placed or built, records),
        (*built, *records),
        about.operator,
        papers=_of_factory(about, records),
    )


def _missing(about: Subject, *, is_told: bool) -> tuple[Worded | None, PartyId | None]:
    """Return what would complete an answer: a table that is away, the rest of a trace, a gap."""
    traced = about.origins
    gaps = [one for one in traced.gaps if is_told or one.sentence.form == AWAY.form]
    gaps.sort(key=lambda one: one.sentence.form != AWAY.form)
    if traced.is_cut and not any(one.sentence.form == AWAY.form for one in gaps):
        return worded(_CUT.form, count=f"{len(traced.steps):,}"), about.maker
    if gaps:
        return gaps[0].sentence, gaps[0].ask
    return (None, None) if is_told else (_ASK_PARTS, about.maker)


def _is_cell(about: Subject) -> bool:
    said = about.standing(about.unit, UnitRecord)
    return bool(said) and said[-1].fact.level is Level.CELL


def _unmade(about: Subject) -> Worded:
    traced, unit = about.origins, about.unit.key
    if traced.is_cut or any(one.sentence.form == AWAY.form for one in traced.gaps):
        return worded("What was read of %(unit)s does not say who made its cells.", unit=unit)
    return worded("Nobody says who made the cells of %(unit)s.", unit=unit)


def _made_by(lots: tuple[LotId, ...], leaves: tuple[Step, ...]) -> Worded:
    makers = sorted({lot.parts[0] for lot in lots})
    named = {"makers": ", ".join(makers), "lot": lots[0].parts[-1], "count": f"{len(lots):,}"}
    if leaves and all(one.certainty is Certainty.POSSIBLE for one in leaves):
        return worded("Possibly %(makers)s: its cells are of one of %(count)s lots.", **named)
    if len(lots) == 1:
        return worded("%(makers)s made its cells, in lot %(lot)s.", **named)
    return worded("%(makers)s made its cells, in %(count)s lots.", **named)


def _assembled(built: list[Recorded[Assembly]], records: list[Recorded[LotRecord]]) -> Worded:
    if not built:
        first = records[-1].fact
        named = {"maker": records[-1].issuer.key, "place": first.factory and first.factory.key}
        return worded("%(maker)s says that its lot was made at %(place)s.", **named)
    newest = built[-1].fact
    named = {"by": newest.assembler.key, "day": f"{newest.at:%Y-%m-%d}"}
    if newest.where is None:
        return worded("%(by)s assembled it on %(day)s and does not say where.", **named)
    named["place"] = newest.where.key
    return worded("%(by)s assembled it at %(place)s on %(day)s.", **named)


def _of_factory(
    about: Subject, records: list[Recorded[LotRecord]]
) -> tuple[Recorded[Certificate], ...]:
    found = {
        one.entry.index: one
        for record in records
        for one in about.standing(record.fact.product, Certificate)
        if one.fact.factory == record.fact.factory
    }
    return tuple(found.values())

"""
The work that records an import's good rows: planned again, stated in batches, told as it goes.

Begun again after a worker died, the plan finds what was recorded as the same and goes on with the
rest. Every statement claims the time of the confirmation, so that both runs say the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from voltrail.actions import bring
from voltrail.actions.bring import Compared, Origin
from voltrail.errors import ProductError
from voltrail.ids.subject import PersonId
from voltrail_server import wiring
from voltrail_server.importing import imports, plans
from voltrail_server.importing.models import Import, State
from voltrail_server.people import importing as people
from voltrail_server.work.progress import Progress

BATCH = 200  # [rows] stated in one transaction
ORDERS = 10  # [orders] between two looks whether to stop; each has its own transaction
KEPT = 500  # [rows] whose refusal is kept with the result


def run(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record what is new and changed in an import."""
    found = imports.find(UUID(arguments["import"]))
    progress.count(_("rows"))
    progress.tell(0, 0, _("Comparing the list with what is on record."))
    plan = plans.plan(found)
    if found.kind == "stock":
        refused = _stock(progress, found, plan.lines)
    else:
        refused = _rows(progress, found, plan.changes)
    return _ended(found, plan, refused)


def _rows(progress: Progress, found: Import, changes: Sequence[Compared]) -> list[dict[str, Any]]:
    total, refused = len(changes), list[dict[str, Any]]()
    size = ORDERS if found.kind == "orders" else BATCH
    for start in range(0, total, size):
        progress.tell(start, total, _("Recording what is new and changed."))
        batch = changes[start : start + size]
        if found.kind == "people":
            refused += _people(found, batch)
            continue
        answers = bring.bring(wiring.desk(), batch, _origin(found), wiring.now())
        for one, answer in zip(batch, answers, strict=True):
            if isinstance(answer, ProductError):
                refused.append(_refused(one, answer))
    progress.tell(total, total, _("Every row is recorded."))
    return refused


def _people(found: Import, batch: Sequence[Compared]) -> list[dict[str, Any]]:
    by, refused = people.confirmer(found.confirmed_by), list[dict[str, Any]]()
    for one in batch:
        try:
            people.bring(by, str(one.draft.subject), one.fact)
        except ProductError as error:
            refused.append(_refused(one, error))
    return refused


def _stock(progress: Progress, found: Import, lines: Sequence[str]) -> list[dict[str, Any]]:
    if lines:
        progress.tell(0, len(lines), _("Recording the table of units in one statement."))
        bring.bring_stock(wiring.desk(), lines, _origin(found), wiring.now())
    progress.tell(len(lines), len(lines), _("Every row is recorded."))
    return []


def _origin(found: Import) -> Origin:
    at = found.confirmed_at or wiring.now()
    by = PersonId.read(found.confirmed_by) if found.confirmed_by else None
    return Origin(found.digest, by, at)


def _refused(one: Compared, error: ProductError) -> dict[str, Any]:
    unmet = dict.fromkeys(each.sentence for each in getattr(error, "unmet", ()))
    return {
        "row": one.draft.number,
        "subject": str(one.draft.subject),
        "sentence": " ".join([str(error), *unmet]),
        "hint": error.hint,
        "entry": getattr(error, "attempt", None),
    }


def _ended(found: Import, plan: plans.Plan, refused: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Keep the outcome; what an earlier, broken run recorded counts as the same as before."""
    recorded = len(plan.changes) + len(plan.lines) - len(refused)
    counts = {**plan.counts, "recorded": recorded, "refused": len(refused)}
    Import.objects.filter(pk=found.pk).update(
        state=State.DONE, counts=counts, refused=refused[:KEPT]
    )
    imports.forget(found)
    told = {"n": f"{recorded:,}", "same": f"{plan.same:,}", "wrong": f"{len(plan.wrong):,}"}
    sentence = _("Recorded: %(n)s. The same as before: %(same)s. Left out: %(wrong)s.") % told
    if refused:
        sentence += " " + _("Refused: %(n)s.") % {"n": f"{len(refused):,}"}
    return {"link": f"/import/{found.pk}/", "sentence": sentence, "counts": counts}

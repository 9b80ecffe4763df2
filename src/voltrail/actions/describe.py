"""One plain line about any recorded fact, for lists, timelines and packs. Judges nothing."""

from collections.abc import Callable
from typing import Any

from voltrail.ids.subject import SubjectId
from voltrail.projections.element import SCHEME
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.attestation import TrustTier


def sentence_of(one: Recorded[Any]) -> str:
    """
    Return one plain line about a recorded fact.

    Args:
        one: any recorded fact

    Returns:
        A sentence; the predicate type where the fact is unknown here.

    Source: look and words.
    """
    fact = one.fact
    if fact is None:
        return f"A statement of a type not known here: {one.predicate_type}."
    describe = _LINES.get(type(fact).__name__)
    if describe is None:
        name = kinds.short(one.predicate_type)
        return f"{_short(one.issuer)} stated {name}."
    return describe(fact, _short(one.issuer))


def _short(subject: SubjectId | str) -> str:
    return subject.key if isinstance(subject, SubjectId) else subject


def _assembly(fact: Any, _who: str) -> str:  # noqa: ANN401
    verb = {"add": "joined", "observe": "saw", "delete": "took apart"}[fact.action]
    more = f", {fact.part_table.rows} in a table" if fact.part_table else ""
    counts = f"{len(fact.inputs)} in, {len(fact.outputs)} out{more}"
    return f"{_short(fact.assembler)} {verb} a {fact.level}: {counts}."


def _contract(fact: Any, _who: str) -> str:  # noqa: ANN401
    states = [clause.state for clause in fact.clauses]
    lost = f"{states.count('missing')} missing, {states.count('weakened')} weakened"
    return f"Contract with {_short(fact.supplier)}: {len(states)} clauses, {lost}."


def _lot(fact: Any, who: str) -> str:  # noqa: ANN401
    missing = f", lacking {', '.join(fact.missing)}" if fact.missing else ""
    return f"{who} recorded lot {fact.lot.key}{missing}."


def _hand_over(fact: Any, who: str) -> str:  # noqa: ANN401
    verb = "gave" if fact.half == "given" else "took"
    other = _short(fact.taker if fact.half == "given" else fact.giver)
    word = "to" if fact.half == "given" else "from"
    return f"{who} {verb} {fact.quantity} items {word} {other}."


def _inspection(fact: Any, who: str) -> str:  # noqa: ANN401
    bad = sum(result.nonconforming for result in fact.results)
    return f"{who} inspected ({fact.stage}, run {fact.run}): {bad} nonconforming."


def _key(fact: Any, who: str) -> str:  # noqa: ANN401
    return f"{who}: key {fact.verb} for {_short(fact.issuer)}."


def _acceptance(fact: Any, _who: str) -> str:  # noqa: ANN401
    both = _names(fact.accepted_by)
    if fact.verb == "accept":
        return f"{both} accepted {fact.arrival.key} at {fact.place.key}."
    count = f"{len(fact.units)} units" if fact.units[1:] else "1 unit"
    return f"{both} put {count} of {fact.arrival.key} into service at {fact.place.key}."


def _appointment(fact: Any, _who: str) -> str:  # noqa: ANN401
    where = ", ".join(one.key for one in fact.places) or "everywhere"
    ends = f" until {fact.valid_until:%Y-%m-%d}" if fact.valid_until else ""
    if fact.verb == "end":
        return f"{fact.person.key} is no longer {fact.function} ({fact.number})."
    return f"{fact.person.key} is {fact.function}, {where}{ends}."


def _administration(fact: Any, _who: str) -> str:  # noqa: ANN401
    who = _names(fact.by) if fact.by else "At the machine"
    return f"{who}: {fact.act.replace('-', ' ')}, {fact.about.key}. {fact.reason}"


def _remark(fact: Any, _who: str) -> str:  # noqa: ANN401
    files = {0: "", 1: ", with 1 file"}.get(len(fact.files), f", with {len(fact.files)} files")
    words = (fact.text or "").split()
    short = " ".join(words[:_WORDS]) + (" …" if words[_WORDS:] else "")
    return f"{fact.by.key} noted{files}: {short}" if short else f"{fact.by.key} noted{files}."


def _time_proof(fact: Any, _who: str) -> str:  # noqa: ANN401
    return (
        f"{fact.size:,} entries stood here by {fact.proven_at:%Y-%m-%d %H:%M:%SZ},"
        f" vouched for by {', '.join(fact.vouchers)}."
    )


def _attestation(fact: Any, _: str) -> str:  # noqa: ANN401
    if fact.scheme != SCHEME:
        return f"{fact.unit.key} attested: {fact.status}, {fact.level}."
    how = "right" if fact.status is TrustTier.AFFIRMING else "wrong"
    return f"The element of {fact.unit.key} gave a {how} answer."


def _recall_answer(fact: Any, _who: str) -> str:  # noqa: ANN401
    told = len(fact.found), len(fact.missing), len(fact.elsewhere)
    found, missing, elsewhere = told
    return f"{fact.place.key} found {found}, did not find {missing}, has {elsewhere} not here"


def _retirement(fact: Any, who: str) -> str:  # noqa: ANN401
    what = (
        f"{fact.quantity} of {fact.lot.key}" if fact.lot else ", ".join(u.key for u in fact.units)
    )
    to = f" to {_short(fact.to)}" if fact.to else ""
    return f"{who}: {what} {fact.how}{to}."


def _movement(fact: Any, _who: str) -> str:  # noqa: ANN401
    listed = len(fact.units) + (fact.unit_table.rows if fact.unit_table else 0)
    parts = [f"{listed:,} unit{'s' if listed > 1 else ''}"] if listed else []
    parts += [f"{fact.quantity:,} of lot {fact.lot.key}"] if fact.lot else []
    what = " and ".join(parts) or f"container {fact.container}"
    verb = _MOVED[fact.verb].format(what=what, place=fact.to.key)
    seals = f" Seal {', '.join(fact.seals_set)} was set." if fact.seals_set else ""
    return f"{fact.by.key} {verb}.{seals}"


def _permission(fact: Any, _who: str) -> str:  # noqa: ANN401
    if fact.verb == "end":
        return f"{fact.allowed_by.key} ended permission {fact.number} for {fact.place.key}."
    who = ", ".join(one.key for one in (*fact.people, *fact.parties))
    ends = f" until {fact.valid_until:%Y-%m-%d}" if fact.valid_until else ""
    return f"{who} may enter {fact.place.key}{ends} ({fact.number})."


def _names(people: Any) -> str:  # noqa: ANN401
    return " and ".join(one.key for one in people) or "Nobody"


_MOVED = {
    "receive": "received {what} at {place}",
    "stage": "staged {what} at {place}",
    "store": "stored {what} at {place}",
    "take-out": "took {what} out of {place}",
    "install": "installed {what} at {place}",
    "maintain": "took {what} into maintenance at {place}",
}
_WORDS = 30  # [words] of a remark that a line shows
_LINES: dict[str, Callable[[Any, str], str]] = {
    "Acceptance": _acceptance,
    "Administration": _administration,
    "Appointment": _appointment,
    "Arrival": lambda f, _: f"{f.quantity} items of lot {f.lot.key} arrived.",
    "Assembly": _assembly,
    "AttestationResult": _attestation,
    "Authorization": lambda f, w: f"{w} authorized {_short(f.seller)} for {', '.join(f.families)}.",
    "Certificate": lambda f, _: f"Certificate {f.number} ({f.standard}) for model {f.model}.",
    "ChangeDecision": lambda f, w: f"{w} answered a notice of {_short(f.supplier)}: {f.answer}.",
    "ChangeNotice": lambda f, _: f"{_short(f.supplier)} announced a {f.kind} change: {f.why}",
    "Contract": _contract,
    "Correction": lambda f, w: f"{w} corrected a statement: {f.explanation}",
    "DecisionRecord": lambda f, _: f.sentence,
    "Disclosure": lambda f, w: f"{w} named {len(f.parties)} partners.",
    "FirmwareReading": lambda f, w: f"{w} read firmware {f.version} on {f.units_read} items.",
    "FirmwareRelease": lambda f, w: f"{w} {'approved' if f.approved else 'withdrew'} {f.version}.",
    "HandOver": _hand_over,
    "Hold": lambda f, w: f"{w} placed a hold: {f.cause}",
    "Incident": lambda f, w: f"{w} recorded a {f.severity} {f.kind} incident: {f.sentence}",
    "Inspection": _inspection,
    "Installation": lambda f, _: f"{f.unit.key} was installed at {f.place.key}.",
    "Intake": lambda f, _: f"{_short(f.said_by)} sent this unsigned, via {f.via}.",
    "KeyEvent": _key,
    "LotRecord": _lot,
    "Movement": _movement,
    "Order": lambda f, _: f"{f.quantity} of {f.product.key} ordered from {_short(f.seller)}.",
    "OrderAttempt": lambda f, _: f"Order {f.order.key} was refused: {len(f.unmet)} unmet.",
    "Party": lambda f, _: f"{f.name}, {f.country}: {', '.join(f.roles)}.",
    "Permission": _permission,
    "Place": lambda f, _: f"{f.name}: impact {f.impact}, lead time {f.lead_time}.",
    "PolicyRecord": lambda f, _: f"Policy “{f.title}” with {len(f.rules)} rules.",
    "Product": lambda f, _: f"Model {f.model}, {f.chemistry}, family {f.family}.",
    "Qualification": lambda f, _: f"{_short(f.supplier)}: {f.verdict} for tier {f.tier}.",
    "Rating": lambda f, _: f"{_short(f.supplier)} rated {f.grade} up to {f.ends:%Y-%m-%d}.",
    "RecallAnswer": _recall_answer,
    "Recall": lambda f, w: f"{w} {'rehearsed a recall' if f.mock else 'recalled'}: {f.reason}",
    "Refusal": lambda f, _: f"Refused: {f.sentence}",
    "Remark": _remark,
    "Retirement": _retirement,
    "Signal": lambda f, w: f"{w} noticed {f.kind}: {f.sentence}",
    "SignOff": lambda f, w: f"{w} signed: {f.verb}.",
    "Specification": lambda f, _: f"Specification “{f.title}”, version {f.version}.",
    "Stock": lambda f, _: f"{f.units.rows:,} units were in service before Voltrail, unproven.",
    "TimeProof": _time_proof,
    "Training": lambda f, _: f"{f.person.key} passed {f.course}, until {f.valid_until:%Y-%m-%d}.",
    "Waiver": lambda f, _: f"{f.control} waived until {f.valid_until:%Y-%m-%d}: {f.reason}",
}

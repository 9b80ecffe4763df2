"""
Orders: may this be ordered now, place it, and what was refused.

The controls that need no goods are asked, under the policy in force for the place. Everything that
is unmet is listed; what cannot be told is unmet; an order about which nothing was checked is
refused. An order whose requirements are unmet leaves an attempt on record. A taken number, another
firm's number, or a quantity without sense leaves nothing: no such order can be wanted.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import fields, replace

from voltrail import canonical
from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.judge import in_force
from voltrail.actions.record import Registered
from voltrail.controls.evaluate import Finding, evaluate
from voltrail.controls.model import REGISTRY, About, Outcome
from voltrail.errors import MalformedError, NotAdmittedError, UnmetError
from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
)
from voltrail.projections.dossier import Dossier
from voltrail.projections.fold import of_type, view
from voltrail.projections.holds import Goods, standing
from voltrail.projections.view import EntryRef, Recorded, View, recorded
from voltrail.projections.waiting import table
from voltrail.projections.waivers import Reach, covering
from voltrail.statements import fields as codec
from voltrail.statements import kinds
from voltrail.statements.decision import FindingRecord
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, Selector
from voltrail.statements.order import REFUSED_ORDERS, Order, OrderAttempt, Requirement
from voltrail.statements.party import Party
from voltrail.statements.policy import Consequence, Mode
from voltrail.statements.statement import Header
from voltrail.statements.waiver import Waiver

_UNMET = frozenset({Outcome.VIOLATED, Outcome.UNPROVEN, Outcome.ERROR})
_BUYER = "procurement"
MOST_ITEMS = 10_000_000  # [items] of one order; more is a slip of the keyboard
# Selectors that name only these concern goods which nobody has made yet.
_AHEAD = frozenset({"product", "party"})


class Wanted(codec.Fact, frozen=True):
    """What somebody wants to order, from whom, for which place, through which channel [items]."""

    order: OrderId
    product: ProductId
    seller: PartyId
    place: PlaceId
    quantity: codec.Whole
    channel: codec.Text
    by: PersonId | None = None


class Instead(Struct, frozen=True):
    """The statement of an order that another one takes the place of, and why."""

    digest: Digest
    reason: str


class OrderAnswer(Struct, frozen=True):
    """Whether it may be ordered, why; what is unmet, met and waived; under which policy, tier."""

    allowed: bool
    sentence: str
    unmet: tuple[Requirement, ...]
    met: tuple[Requirement, ...]
    policy: str
    tier: int
    waived: tuple[Requirement, ...] = ()


def read_wanted(raw: bytes) -> Wanted:
    """
    Return what somebody wants to order, from JSON.

    Args:
        raw: order, product, seller, place, quantity and channel

    Returns:
        What is wanted; who enters it is not read from the outside.

    Raises:
        MalformedError: no such object, a field missing, unknown or of another form.

    Source: mission, SQ-02.
    """
    found = canonical.parse(raw, what="order")
    known = {one.name for one in fields(Wanted)} - {"by"}
    strange = sorted(found.keys() - known)
    if strange:
        raise MalformedError(
            f"The order has a field {strange[0][:40]!r} that is not known.",
            hint=f"Give: {', '.join(sorted(known))}.",
        )
    return codec.read(Wanted, found, "The order")


def may_order(desk: Desk, wanted: Wanted, at: datetime) -> OrderAnswer:
    """
    Return whether something may be ordered now, with everything that is unmet; records nothing.

    Args:
        desk: where it is kept
        wanted: what, from whom, for which place, through which channel
        at: the time of asking

    Returns:
        Allowed only where at least one required control holds and nothing is unmet.

    Raises:
        MalformedError: another firm's number, a quantity without sense, or no channel.

    Source: mission, SQ-02; design, section 1, convictions 2 and 3.
    """
    _need_sense(desk, wanted)
    policy = in_force(desk, at)
    seen = _dossier(desk, _order(wanted, policy.digest, at), at)
    found = [one for one in evaluate(seen, policy, at, About.ORDER) if one.mode is Mode.REQUIRED]
    unmet = [*_unknown(seen, wanted), *_taken(desk, wanted)]
    failed = [one for one in found if one.verdict.outcome in _UNMET]
    unmet += [_requirement(one, seen.size) for one in failed if one.waiver is None]
    waived = tuple(_waived(one, one.waiver) for one in failed if one.waiver is not None)
    met = [_requirement(one, seen.size) for one in found if one.verdict.outcome is Outcome.HOLDS]
    if not unmet and not met:
        unmet = [_NOTHING_ASKED]
    sentence = _sentence(len(unmet), len(met), wanted) + _exceptions(waived)
    listed = tuple(unmet), tuple(met)
    return OrderAnswer(not unmet, sentence, *listed, policy.digest, seen.tier, waived)


def place_order(
    desk: Desk, wanted: Wanted, at: datetime, instead: Instead | None = None
) -> Registered:
    """
    Return the place of a new order in the register, with the policy in force frozen into it.

    Args:
        desk: holds the operator's key
        wanted: what, from whom, for which place, through which channel
        at: log time, and the time of the order
        instead: the statement of the same order that this one takes the place of, if any

    Returns:
        Index and digest.

    Raises:
        MalformedError: another firm's number, a quantity without sense, or no channel.
        NotAdmittedError: the order's number is taken, or admission says no; nothing is recorded.
        UnmetError: requirements are unmet; the attempt stands in the register all the same.

    Source: mission, SQ-02; design, section 1, conviction 4.
    """
    _need_sense(desk, wanted)
    with desk.entries.transaction():
        taken = tuple(_taken(desk, wanted))
        if taken and instead is None:
            raise NotAdmittedError(taken[0].sentence, hint=taken[0].remedy or "")
        answer = _but_for(may_order(desk, wanted, at), taken, wanted)
        fact = _order(wanted, answer.policy, at)
        header = Header(desk.operator, at)
        if answer.allowed:
            old, why = (instead.digest, instead.reason) if instead else (None, None)
            header = replace(header, supersedes=old, reason=why)
            return record.state(desk, fact, header, wanted.order)
        attempt = OrderAttempt(wanted.order, fact, answer.unmet)
        kept = record.state(desk, attempt, header, wanted.order)
    first = next(one.remedy for one in answer.unmet if one.remedy)
    raise UnmetError(
        answer.sentence,
        hint=f"Start here: {first} The attempt stands as entry {kept.index}.",
        unmet=answer.unmet,
        attempt=kept.index,
    )


def attempts(
    desk: Desk, before: int | None = None, limit: int = 50
) -> tuple[Recorded[OrderAttempt], ...]:
    """
    Return refused orders, newest first.

    Args:
        desk: where they are kept
        before: only those with a lower index; None for the newest
        limit: how many at most

    Returns:
        Recorded attempts.

    Source: mission, SQ-02.
    """
    found = list(desk.views.indices(REFUSED_ORDERS, before))[-limit:]
    facts = map(recorded, desk.entries.at(found[::-1]))
    return tuple(one for one in facts if isinstance(one.fact, OrderAttempt))


_NOTHING_ASKED = Requirement(
    "The policy in force asks nothing of this order, so nothing permits it.",
    remedy="Have two people approve a policy that requires qualification before an order.",
    role="security",
)


def _but_for(answer: OrderAnswer, taken: tuple[Requirement, ...], wanted: Wanted) -> OrderAnswer:
    """Return an answer without the objection that the order's number is taken."""
    if not taken:
        return answer
    unmet = tuple(one for one in answer.unmet if one not in taken)
    if not unmet and not answer.met:
        unmet = (_NOTHING_ASKED,)
    said = _sentence(len(unmet), len(answer.met), wanted) + _exceptions(answer.waived)
    return replace(answer, allowed=not unmet, unmet=unmet, sentence=said)


def _need_sense(desk: Desk, wanted: Wanted) -> None:
    """Refuse what no order of this operator can be, before anything is looked up or recorded."""
    own = desk.operator.parts
    number = wanted.order.parts
    if number[: len(own)] != own or len(number) == len(own):
        raise MalformedError(
            f"Order {wanted.order.key} is not numbered by {desk.operator.key}.",
            hint=f"Write {OrderId.of(*own)}:<number>.",
        )
    if not 1 <= wanted.quantity <= MOST_ITEMS:
        raise MalformedError(
            f"An order is for 1 to {MOST_ITEMS:,} items, not for {wanted.quantity:,}.",
            hint="Give the number of items; part a larger order.",
        )
    if not wanted.channel.strip():
        raise MalformedError("The order names no channel.", hint="Name how it is bought.")


def _order(wanted: Wanted, policy: str, at: datetime) -> Order:
    return Order(
        order=wanted.order,
        product=wanted.product,
        seller=wanted.seller,
        place=wanted.place,
        quantity=wanted.quantity,
        channel=wanted.channel.strip(),
        ordered_at=at,
        policy=Digest(policy),
        by=wanted.by,
    )


def _dossier(desk: Desk, order: Order, at: datetime) -> Dossier:
    """Gather what bears on an order that nobody has placed, as though it stood next."""
    entries, views, size = desk.entries, desk.views, desk.entries.size()
    next_one = EntryRef(size, "", at)
    said = Recorded(order, Header(desk.operator, at), (order.order,), kinds.uri("order"), next_one)
    maker = PartyId.of(order.product.parts[0])
    return Dossier(
        arrival_id=ArrivalId.of(*order.order.parts),
        size=size,
        operator=desk.operator,
        own=View(None),
        order=View(order.order, (said,)),
        seller=view(entries, views, order.seller),
        maker=view(entries, views, maker),
        product=view(entries, views, order.product),
        place=view(entries, views, order.place),
        holds=_holds(desk, order, maker),
        waivers=_waivers(desk, order),
        anchors=desk.anchors(),
    )


def _holds(desk: Desk, order: Order, maker: PartyId) -> tuple[Recorded[Hold], ...]:
    """Return the standing holds on seller, maker or product; goods to come are in no other."""
    found = of_type(desk.entries, desk.views, kinds.uri("hold"))
    ahead = [one for one in found if _given(one.fact.selector) <= _AHEAD]
    if not ahead:
        return ()
    lifts = of_type(desk.entries, desk.views, kinds.uri("hold-lift"))
    goods = Goods(
        arrival=ArrivalId.of(*order.order.parts),
        lot=LotId.of(maker.parts[0], "not-made-yet"),
        product=order.product,
        firmware_version=None,
        parties=frozenset({maker, order.seller}),
        serials=frozenset(),
    )
    return standing(ahead, lifts, goods, desk.anchors())


def _waivers(desk: Desk, order: Order) -> tuple[Recorded[Waiver], ...]:
    """Return the exceptions that cover everything this order would bring."""
    reach = Reach(
        order=order.order, product=order.product, supplier=order.seller, place=order.place
    )
    found = of_type(desk.entries, desk.views, kinds.uri("waiver"))
    return covering(found, reach, desk.anchors())


def _given(selector: Selector) -> set[str]:
    return {one.name for one in fields(Selector) if getattr(selector, one.name) is not None}


def _unknown(seen: Dossier, wanted: Wanted) -> Iterator[Requirement]:
    """Yield what is not on record at all: an unknown seller is an unqualified one."""
    known = (
        (seen.seller.newest(Party), "firm", wanted.seller, "name, country and roles"),
        (seen.model, "product", wanted.product, "maker, model and family"),
        (seen.site, "place", wanted.place, "impact, replacement lead time and environment"),
    )
    for fact, noun, subject, what in known:
        if fact is None:
            yield Requirement(
                f"No {noun} {subject.key} is on record.",
                remedy=f"Check the spelling, or record the {noun} first: its {what}.",
                role=_BUYER,
            )


def _taken(desk: Desk, wanted: Wanted) -> Iterator[Requirement]:
    """Yield the order that has this number already."""
    for one in view(desk.entries, desk.views, wanted.order).every(Order)[:1]:
        yield Requirement(
            f"Order {wanted.order.key} is already on record.",
            remedy="Take another number; to correct an order, supersede its statement.",
            role=_BUYER,
            entries=(one.entry.index,),
        )


def _requirement(finding: Finding, size: int) -> Requirement:
    verdict = finding.verdict
    entries = tuple(index for index in verdict.entries if index < size)
    if verdict.outcome is Outcome.HOLDS:
        return Requirement(verdict.sentence, finding.control, entries=entries)
    remedy = REGISTRY[finding.control].ahead
    remedy = remedy[:1].upper() + remedy[1:]
    return Requirement(verdict.sentence, finding.control, remedy, _role(finding), entries)


def _waived(finding: Finding, waiver: Recorded[Waiver]) -> Requirement:
    """Return a requirement that fails and that an exception takes the consequence from."""
    fact = waiver.fact
    return Requirement(
        f"Waived until {fact.valid_until:%Y-%m-%d %H:%MZ} by {fact.number}: "
        f"{finding.verdict.sentence}",
        finding.control,
        remedy=f"In its place: {fact.compensating_control}",
        entries=(waiver.entry.index,),
    )


def _exceptions(waived: tuple[Requirement, ...]) -> str:
    if not waived:
        return ""
    named = ", ".join(one.control or "" for one in waived)
    return (
        f" {len(waived)} of them by exception: {named}." if waived[1:] else f" {named} is waived."
    )


def _role(finding: Finding) -> str:
    """Return who can resolve it: the role that the table of duties gives the finding to."""
    weighed = FindingRecord(
        finding.control,
        finding.revision,
        finding.layer,
        finding.verdict.outcome,
        Consequence.QUARANTINE,
        finding.verdict.sentence,
    )
    return next((row.role for row in table() if row.opened_by(weighed)), _BUYER)


def _sentence(unmet: int, met: int, wanted: Wanted) -> str:
    what = f"{wanted.quantity} of {wanted.product.key} from {wanted.seller.key}"
    if unmet:
        count = "1 requirement is" if unmet == 1 else f"{unmet} requirements are"
        return f"Do not order {what}: {count} unmet."
    count = "the one requirement is" if met == 1 else f"all {met} requirements are"
    return f"{what} may be ordered: {count} met."

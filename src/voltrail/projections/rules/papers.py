"""
Rules about papers that are used again: R14 and R16.

Papers are compared by the digest of their file and by what was filed about them. Does not read a
file, so last digits and variances of readings are not looked at.
"""

from collections.abc import Iterator
from typing import Any

from voltrail.ids.subject import Kind
from voltrail.projections import contents
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.view import Recorded
from voltrail.statements.certificate import Certificate
from voltrail.statements.inspection import Inspection
from voltrail.statements.lot import LotRecord
from voltrail.statements.product import Product


@rule("R14", Severity.HIGH, Kind.DOCUMENT, Kind.LOT)
def certificate_used_again(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A certificate stands for another model, holder, lot, plant, time or number than it covers.

    Where several certificates of a standard are filed, one that fits is enough.

    Why: a true certificate of other goods is the easiest forgery.
    Remedy: the issuing body states what the certificate covers; whoever filed it corrects that.
    Source: our choice: ADR 0048.
    """
    if about.subject.kind is Kind.LOT:
        yield from _outside_scope(about)
        return
    for one in about.of(Certificate):
        if one.fact.document != about.subject:
            continue
        product = about.newest(Product, product=one.fact.filed_for)
        if product and _plain(product.fact.model) != _plain(one.fact.model):
            said = f"It is for {one.fact.model}, filed for {product.fact.model}."
            yield Found(about.subject, (one, product), said)
        for other in about.of(Certificate):
            said_again = _contradiction(other, one) if _is_later(one, other) else None
            if said_again:
                yield Found(one.fact.lot or about.subject, (other, one), said_again)


@rule("R16", Severity.MIDDLE, Kind.LOT, Kind.ARRIVAL)
def test_data_too_good(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Two lots rest on the same test report, or two arrivals on the same readings, byte for byte.

    Each of them is found, since the bytes do not say which goods they were read on. Readings that
    are alike but not the same are the laboratory's to compare.

    Why: two samples never measure alike to the last digit.
    Remedy: whoever tested states the readings of these goods, or that one sample stood for both.
    Source: our choice: ADR 0048.
    """
    kind, name = (LotRecord, "lot") if about.subject.kind is Kind.LOT else (Inspection, "arrival")
    every: tuple[Recorded[Any], ...] = about.of(kind)
    for one in every:
        if getattr(one.fact, name) != about.subject:
            continue
        for other in every:
            elsewhere = getattr(other.fact, name)
            same = set(contents.keys_of(one)) & set(contents.keys_of(other))
            if elsewhere != about.subject and same:
                said = f"Its test data are those of {name} {elsewhere.key}, byte for byte."
                yield Found(about.subject, (other, one), said)


def _outside_scope(about: Bearing) -> Iterator[Found]:
    record = about.record(about.subject)
    if record is None:
        return
    filed = [one for one in about.of(Certificate) if one.fact.filed_for == record.fact.product]
    filed = [one for one in filed if one.fact.lot in (None, about.subject)]
    for one in filed:
        made, covers = record.fact.quantity, one.fact.covers
        if one.fact.lot == about.subject and covers is not None and (made or 0) > covers:
            said = f"Certificate {one.fact.number} covers {covers:,} items of a lot of {made:,}."
            yield Found(about.subject, (one, record), said)
    plants = [one for one in filed if one.fact.factory is not None]
    plant = record.fact.factory
    if plant is not None and plants and all(one.fact.factory != plant for one in plants):
        said = f"No certificate covers the factory {plant.key}."
        yield Found(about.subject, (*plants, record), said)
    for standard in sorted({one.fact.standard for one in filed}):
        yield from _expired(about, record, [one for one in filed if one.fact.standard == standard])


def _expired(
    about: Bearing, record: Recorded[LotRecord], filed: list[Recorded[Certificate]]
) -> Iterator[Found]:
    made = record.fact.production_date
    if made is None or not all(one.fact.expires and one.fact.expires < made for one in filed):
        return
    said = f"Certificate {filed[-1].fact.number} expired before the lot was made on {made}."
    yield Found(about.subject, (*filed, record), said)


def _contradiction(one: Recorded[Certificate], other: Recorded[Certificate]) -> str | None:
    """Return how two filings of one file or number contradict each other."""
    left, right = one.fact, other.fact
    numbers = (left.number, left.issuing_body) == (right.number, right.issuing_body)
    if not numbers and (left.content is None or left.content != right.content):
        return None
    if _plain(left.model) != _plain(right.model):
        return f"One certificate was filed as of {left.model} and as of {right.model}."
    if left.holder != right.holder:
        return f"One certificate was filed as of {left.holder.key} and as of {right.holder.key}."
    if left.filed_for.parts[0] != right.filed_for.parts[0]:
        makers = f"{left.filed_for.parts[0]} and of {right.filed_for.parts[0]}"
        return f"One certificate was filed for goods of {makers}."
    if left.factory and right.factory and left.factory != right.factory:
        return f"One certificate was filed of {left.factory.key} and of {right.factory.key}."
    if left.lot and right.lot and left.lot != right.lot:
        return f"One certificate was filed for lots {left.lot.key} and {right.lot.key}."
    return None


def _is_later(one: Recorded[Any], other: Recorded[Any]) -> bool:
    """Return whether a fact was claimed after another, so that a pair is told once."""
    return _when(one) > _when(other)


def _when(one: Recorded[Any]) -> tuple[Any, str]:
    return one.header.claimed_time, one.entry.digest


def _plain(model: str) -> str:
    return "".join(model.casefold().split())

"""
Rules about what a unit's identity says and what its papers say of it: R9 and R23.

Battery codes, GTINs, passports that came in, and the records of units, lots and products are
compared. A passport is its sender's word, whoever sent it.
"""

from collections.abc import Iterator

from voltrail.ids.subject import Kind, PartyId
from voltrail.labels import link
from voltrail.projections.passport import Agreement, OnRecord, Slack, compare, is_passport
from voltrail.projections.rules import battery_code
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.rules.seen import codes, lot_of, names
from voltrail.projections.view import Recorded
from voltrail.statements.assembly import Action, Assembly
from voltrail.statements.intake import Intake
from voltrail.statements.lot import LotRecord
from voltrail.statements.party import Party
from voltrail.statements.product import Product
from voltrail.statements.specification import Specification
from voltrail.statements.unit import Level, UnitRecord

_CHEMISTRY = {"B": "LFP", "E": "NMC"}  # GB/T 34014-2017: the letters that real codes confirm
_SAME = {"LFP": "LFP", "LIFEPO4": "LFP", "NMC": "NMC", "NCM": "NMC"}


@rule("R9", Severity.HIGH, Kind.UNIT)
def identity_contradicts_itself(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A check digit is wrong, code or assembly name another level, or two records two GTINs.

    No record says which GTIN a model has, so GTIN and model are not compared.

    Why: an identity that contradicts itself was copied badly or made up.
    Remedy: the maker reads the label again and corrects the record of the unit.
    Source: GB/T 34014-2017; GS1 General Specifications, 7.9; our choice: ADR 0048.
    """
    records = tuple(one for one in about.of(UnitRecord) if one.fact.unit == about.subject)
    for one in records:
        if one.fact.gtin and link.fault(one.fact.gtin):
            yield Found(about.subject, (one,), f"The check digit of GTIN {one.fact.gtin} is wrong.")
    gtins = {one.fact.gtin for one in records if one.fact.gtin}
    if len(gtins) > 1:
        first, second = sorted(gtins)[:2]
        yield Found(about.subject, records, f"Records name GTIN {first} and GTIN {second}.")
    for one in records:
        for built in _built_as_another(about, one.fact.level):
            said = f"It was built as a {built.fact.level}, its record is of a {one.fact.level}."
            yield Found(about.subject, (one, built), said)
    yield from _code_contradicts(about, records)


@rule("R23", Severity.HIGH, Kind.UNIT, Kind.LOT)
def papers_differ_from_the_goods(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A passport, the code of a unit, or the maker of a lot is not what the records say.

    Compared are the fields of a passport that a record has too, within the tolerances; a status of
    used or waste contradicts goods delivered as new. What was scrapped before is R24's.

    Why: goods that are not what their papers say are other goods.
    Remedy: the maker corrects passport, lot or product record, or says which goods these are.
    Source: Regulation (EU) 2023/1542, Article 77; GB/T 34014-2017; our choice: ADR 0048, ADR 0056.
    """
    lot = about.subject if about.subject.kind is Kind.LOT else lot_of(about)
    record = about.record(lot)
    if record is None:
        return
    product = about.newest(Product, product=record.fact.product)
    yield from _passports(about, record, product, limits)
    if about.subject.kind is Kind.LOT:
        yield from _other_maker(about, record, product)
    else:
        yield from _other_code(about, record, product, limits)


def _passports(
    about: Bearing,
    record: Recorded[LotRecord],
    product: Recorded[Product] | None,
    limits: Tolerances,
) -> Iterator[Found]:
    unit = about.newest(UnitRecord, unit=about.subject)
    there = OnRecord(product, record, unit, about.of(Specification), about.of(Party))
    slack = Slack(limits.max_passport_percent, limits.max_code_date_d)
    for one in about.of(Intake):
        if not is_passport(one) or about.subject not in one.subjects:
            continue
        for line in compare(one, there, slack):
            if line.agreement is Agreement.DIFFERS:
                facts = (each for each in about.facts if each.entry.index in line.entries)
                said = f"Its passport says {line.field} {line.said}, the record {line.found}."
                yield Found(about.subject, (one, *facts), said)


def _other_maker(
    about: Bearing, record: Recorded[LotRecord], product: Recorded[Product] | None
) -> Iterator[Found]:
    said, maker = record.fact.manufacturer, PartyId.of(about.subject.parts[0])
    if said is not None and said != maker:
        words = f"The lot is of {maker.key}, its record names {said.key}."
        yield Found(about.subject, (record,), words)
    if product is not None and product.fact.maker != maker:
        words = f"The lot is of {maker.key}, its product of {product.fact.maker.key}."
        yield Found(about.subject, (record, product), words)


def _other_code(
    about: Bearing,
    record: Recorded[LotRecord],
    product: Recorded[Product] | None,
    limits: Tolerances,
) -> Iterator[Found]:
    made = record.fact.production_date
    stated = None if product is None else _SAME.get(product.fact.chemistry.upper())
    for code in filter(None, map(battery_code.read, codes(about))):
        if code.day and made and abs((code.day - made).days) > limits.max_code_date_d:
            words = f"Its code says {code.day}, the lot was made on {made}."
            yield Found(about.subject, (*about.mine, record), words)
        coded = _CHEMISTRY.get(code.battery_type)
        if product is not None and stated and coded and stated != coded:
            words = f"Its code says {coded}, its product is {product.fact.chemistry}."
            yield Found(about.subject, (*about.mine, record, product), words)


def _code_contradicts(about: Bearing, records: tuple[Recorded[UnitRecord], ...]) -> Iterator[Found]:
    for code in filter(None, map(battery_code.read, codes(about))):
        if code.day is None:
            yield Found(about.subject, records or about.own, "Its code names a day that never was.")
        for one in records:
            if one.fact.level is not code.level:
                said = f"Its code is that of a {code.level}, its record of a {one.fact.level}."
                yield Found(about.subject, (one,), said)


def _built_as_another(about: Bearing, level: Level) -> Iterator[Recorded[Assembly]]:
    """Yield the assemblies that made this unit at another level than its record says."""
    for built in about.of(Assembly):
        made = built.fact.action is Action.ADD and names(built.fact.outputs, about.subject)
        if made and str(built.fact.level) != str(level):
            yield built

"""
The whole story: who is who, what was agreed beforehand, and every arrival with its one lie.

`script` yields the same acts in the same order each time; only keys and therefore digests differ.
Does not know how acts are handed in.
"""

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voltrail import canonical
from voltrail.catalogue import load
from voltrail.controls.policy import of_record
from voltrail.ids.subject import DocumentId, PartyId, PersonId, ProductId, SubjectId
from voltrail.statements import fields, kinds
from voltrail.statements.certificate import Certificate
from voltrail.statements.channel import Authorization, Disclosure
from voltrail.statements.custody import Half
from voltrail.statements.fields import Digest
from voltrail.statements.firmware import FirmwareRelease
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.policy import PolicyRecord
from voltrail.statements.qualification import (
    EvidenceItem,
    EvidenceState,
    Item,
    Qualification,
    Verdict,
)
from voltrail.statements.statement import Header
from voltrail.statements.training import Training
from voltrail_world.arrivals import Act, Shipment, acts_of, image_of
from voltrail_world.cast import (
    ANSEL,
    BEGINS,
    BLOCK,
    BRACKWATER,
    ENDS,
    FIRMS,
    FJORDLINIE,
    HALL,
    KESTREL,
    KESTREL_WORKS,
    MERET,
    MODEL,
    NORDLICHT,
    OFFICE,
    PACK,
    PLACES,
    PRODUCTS,
    RACK,
    RUNA,
    SALTMARSH,
    SODALITH,
    SODALITH_WORKS,
    SODIUM,
    SODIUM_RACK,
    SUBSTATION,
    TIDERACE,
    TRAY,
    VERSIONS,
    World,
    firmware_of,
)

OPENING = fields.instant("2026-09-14T08:00:00Z", "opening")
FIRST_DAY = fields.instant("2026-11-02T07:00:00Z", "first day")
COURSES = fields.instant("2026-09-21T08:00:00Z", "courses")
LAPSE = fields.instant("2026-09-30T00:00:00Z", "lapse")
_MINUTE = timedelta(minutes=1)
_COURSE_LASTS = timedelta(days=730)
_FIRM_KINDS = ("lot", "custody", "certificate", "authorization", "disclosure", "document", "unit")
_PERSON_KINDS = ("acceptance", "policy", "sign-off", "hold-lift")


class Story(Struct, frozen=True):
    """One arrival: its shipment, what it tells, how it must end, and the control that leads."""

    shipment: Shipment
    tells: str
    ends: str
    leads: str = ""


def policy() -> PolicyRecord:
    """
    Return the operator's policy: the catalogue's own rules, approved by two people.

    Returns:
        The policy record.

    Source: our choice: design, section 2, invented world.
    """
    return PolicyRecord(
        "Nordlicht supply policy 2026", BEGINS, load.baseline_rules(), (RUNA, ANSEL)
    )


def script(world: World) -> Iterator[Act]:
    """
    Yield everything that is handed in, in order of time.

    Args:
        world: holds everybody's keys

    Returns:
        Acts; the register refuses those that say so.

    Source: our choice: design, section 2, invented world.
    """
    yield from groundwork(world)
    yield from courses(world)
    acts = [act for story in stories() for act in acts_of(world, story.shipment)]
    yield from sorted(acts, key=lambda act: act.at)


def stories() -> tuple[Story, ...]:
    """
    Return every arrival of the world, in order of its number.

    Returns:
        Clean stories first of their kind; each lie differs from a clean one in that fact alone.

    Source: mission, the three threats; each lie is one field of `Shipment`.
    """
    rules = Digest(of_record(policy()).digest)
    rack = Shipment("101", RACK, KESTREL, HALL, FIRST_DAY, rules)
    pack = Shipment(
        "102", PACK, TIDERACE, SUBSTATION, FIRST_DAY, rules, (TIDERACE,), channel="distributor"
    )
    sodium = Shipment("103", SODIUM, SODALITH, OFFICE, FIRST_DAY, rules)
    broker = replace(pack, seller=BRACKWATER, way=(BRACKWATER,), channel="broker")
    return tuple(
        replace(told, shipment=_dated(told.shipment, place))
        for place, told in enumerate(
            (
                *_clean(rack, pack, sodium, broker),
                *_paper_lies(rack, pack),
                *_goods_lies(rack, pack),
                *_seller_lies(pack, sodium, broker),
            )
        )
    )


def _dated(shipment: Shipment, place: int) -> Shipment:
    day = FIRST_DAY + timedelta(hours=15 * place)
    return replace(shipment, number=f"{101 + place}", day=day)


def _clean(rack: Shipment, pack: Shipment, sodium: Shipment, broker: Shipment) -> tuple[Story, ...]:
    return (
        Story(rack, "tier 1, with everything", "release"),
        Story(pack, "tier 2, through the authorized distributor", "release"),
        Story(sodium, "tier 3, the light path, a newcomer's sodium-ion", "release"),
        Story(broker, "tier 2, a broker that names everybody", "release"),
    )


def _paper_lies(rack: Shipment, pack: Shipment) -> tuple[Story, ...]:
    return (
        Story(replace(pack, record="unsigned"), "unsigned lot record", "quarantine", "PRV-01"),
        Story(replace(pack, signed_by=TIDERACE), "another firm's key", "quarantine", "PRV-01"),
        Story(
            replace(pack, record_lacks="production_date"),
            "no production date",
            "quarantine",
            "PRV-02",
        ),
        Story(replace(pack, product=BLOCK), "another model's certificate", "quarantine", "CRT-02"),
        Story(
            replace(rack, lost_half=(0, Half.TAKEN)),
            "missing hand-over half",
            "quarantine",
            "CUS-01",
        ),
        Story(replace(rack, short=2), "a quantity that does not add up", "quarantine", "CUS-03"),
    )


def _goods_lies(rack: Shipment, pack: Shipment) -> tuple[Story, ...]:
    strange = Digest(canonical.digest(b"an image nobody approved"))
    return (
        Story(
            replace(pack, first_serial=900_000), "first bearer of a serial", "quarantine", "PRV-05"
        ),
        Story(replace(pack, first_serial=900_015), "cloned serial", "quarantine", "PRV-05"),
        Story(replace(rack, image=strange), "unapproved firmware", "quarantine", "FRM-01"),
        Story(replace(rack, nonconforming=2), "failed sample, tried again", "reject", "INS-04"),
        Story(
            replace(pack, installed=True), "installed, then strange firmware", "isolate", "FRM-01"
        ),
    )


def _seller_lies(pack: Shipment, sodium: Shipment, broker: Shipment) -> tuple[Story, ...]:
    return (
        Story(replace(sodium, product=SODIUM_RACK), "lapsed qualification", "quarantine", "SUP-01"),
        Story(replace(pack, product=TRAY), "seller not authorized", "quarantine", "CHN-01"),
        Story(
            replace(broker, way=(SALTMARSH, BRACKWATER)),
            "undeclared intermediary",
            "quarantine",
            "CHN-02",
        ),
    )


def groundwork(world: World) -> Iterator[Act]:
    """
    Yield what is on record before the first order: firms, keys, places, products, papers, rules.

    Args:
        world: holds everybody's keys

    Returns:
        Acts one minute apart.

    Source: our choice: design, section 2, invented world.
    """
    said = [*_keys(world), *_master_data(), *_approvals(), *_papers(), *_standing()]
    for place, (note, issuer, fact, subjects) in enumerate(said):
        at = OPENING + place * _MINUTE
        by = issuer if isinstance(issuer, PartyId) else NORDLICHT
        yield Act(at, world.say(fact, Header(issuer, at), *subjects), note, by=by)
    at = OPENING + len(said) * _MINUTE
    raw = world.say(policy(), Header(RUNA, at), NORDLICHT, by=(RUNA, ANSEL))
    yield Act(at, raw, "policy, signed by two people")


def courses(world: World) -> Iterator[Act]:
    """
    Yield that the three people passed the courses their signatures need, after the groundwork.

    Args:
        world: holds the operator's key

    Returns:
        Acts one minute apart.

    Source: our choice: design, section 2, invented world.
    """
    for place, (note, issuer, fact, subjects) in enumerate(_courses()):
        at = COURSES + place * _MINUTE
        yield Act(at, world.say(fact, Header(issuer, at), *subjects), note)


_Said = tuple[str, SubjectId, Any, tuple[SubjectId, ...]]


def _keys(world: World) -> Iterator[_Said]:
    for who, key in world.keys.items():
        if who == NORDLICHT:
            continue
        names = _PERSON_KINDS if isinstance(who, PersonId) else _FIRM_KINDS
        fact = KeyEvent(
            verb=KeyVerb.ENROL,
            key=Digest(key.public.key_id),
            issuer=who,
            algorithm=key.public.algorithm,
            spki=base64.b64encode(key.public.spki).decode(),
            valid_from=BEGINS,
            predicate_types=tuple(kinds.uri(name) for name in names),
            valid_until=ENDS,
        )
        yield f"key of {who.key}", NORDLICHT, fact, (who,)


def _master_data() -> Iterator[_Said]:
    for firm in FIRMS:
        yield f"firm {firm.name}", NORDLICHT, firm, (firm.party,)
    for place in PLACES:
        yield f"place {place.name}", NORDLICHT, place, (place.place,)
    for product in PRODUCTS:
        yield f"product {product.model}", NORDLICHT, product, (product.product,)


def _approvals() -> Iterator[_Said]:
    for product in VERSIONS:
        firmware = firmware_of(product)
        fact = FirmwareRelease(
            firmware,
            product,
            VERSIONS[product],
            image_of(product),
            approved=True,
            valid_from=BEGINS,
        )
        yield f"firmware of {product.key}", NORDLICHT, fact, (firmware, product)


def _courses() -> Iterator[_Said]:
    by = {RUNA: MERET, ANSEL: RUNA, MERET: RUNA}
    for person, assessor in by.items():
        for course in ("goods-acceptance", "release-approval"):
            fact = Training(person, course, BEGINS, BEGINS + _COURSE_LASTS, assessor)
            yield f"{person.key} passed {course}", NORDLICHT, fact, (person,)


def _papers() -> Iterator[_Said]:
    for product in MODEL:
        for standard in ("IEC 62619", "UN 38.3"):
            fact = _certificate(product, standard)
            yield f"{standard} for {product.key}", fact.holder, fact, (fact.document, product)


def _certificate(product: ProductId, standard: str) -> Certificate:
    maker, model = product.parts
    number = f"{standard.replace(' ', '')}-{model}"
    return Certificate(
        document=DocumentId.of("ostwall", number),
        number=number,
        standard=standard,
        issuing_body="Ostwall Test House",
        holder=PartyId.of(maker),
        model=PACK.parts[1] if product == BLOCK else model,
        filed_for=product,
        issued=date(2026, 3, 2),
        expires=date(2031, 3, 1),
        factory=KESTREL_WORKS if maker == "kestrel" else SODALITH_WORKS,
        content=Digest(canonical.digest(number.encode())),
    )


def _standing() -> Iterator[_Said]:
    families: tuple[str, ...] = ("rack", "pack", "tray")
    for supplier, channel in (
        (KESTREL, "direct"),
        (TIDERACE, "distributor"),
        (BRACKWATER, "broker"),
    ):
        fact = _qualified(supplier, families, (channel,))
        yield f"qualification of {supplier.key}", NORDLICHT, fact, (supplier,)
    for families, until in ((("module",), ENDS), (("sodium-rack",), LAPSE)):
        fact = replace(_qualified(SODALITH, families, ("direct",)), valid_until=until)
        yield f"qualification of sodalith for {families[0]}", NORDLICHT, fact, (SODALITH,)
    for seller in (TIDERACE, BRACKWATER):
        may = Authorization(KESTREL, seller, ("pack",), ("EU",), BEGINS, ENDS)
        yield f"authorization of {seller.key}", KESTREL, may, (KESTREL, seller)
    for supplier in (KESTREL, TIDERACE, BRACKWATER, SODALITH):
        others = (FJORDLINIE,) if supplier in (KESTREL, SODALITH) else (KESTREL, FJORDLINIE)
        names = Disclosure(supplier, others, BEGINS)
        yield f"{supplier.key} names its partners", supplier, names, (supplier,)


def _qualified(
    supplier: PartyId, families: tuple[str, ...], channels: tuple[str, ...]
) -> Qualification:
    maker = SODALITH if supplier == SODALITH else KESTREL
    model = SODIUM if maker == SODALITH else RACK
    report = DocumentId.of("ostwall", f"UN38.3-{model.parts[1]}")
    state = EvidenceState.CORROBORATED
    return Qualification(
        supplier=supplier,
        families=families,
        channels=channels,
        tier=1,
        verdict=Verdict.QUALIFIED,
        evidence=tuple(Item(item, state, (report,)) for item in EvidenceItem),
        valid_from=BEGINS,
        valid_until=ENDS,
        manufacturer=maker,
        factory=SODALITH_WORKS if maker == SODALITH else KESTREL_WORKS,
        test_report=report,
    )

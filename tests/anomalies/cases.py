"""For each rule one smallest thing that went wrong; edges are in the tests of the families."""

import base64
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from anomalies.told import (
    ARRIVAL,
    BROKER,
    CARRIER,
    CLERK,
    DOCK,
    HUB,
    LOT,
    MAKER,
    OPERATOR,
    OTHER_LOT,
    PLANT,
    PRODUCT,
    SELLER,
    UNIT,
    Told,
    day,
)
from voltrail.ids.subject import ArrivalId, DocumentId, LotId, UnitId
from voltrail.quantities import Quantity, Unit
from voltrail.statements.assembly import Action, Assembly, BomLine, Part, WholeLevel
from voltrail.statements.certificate import Certificate
from voltrail.statements.channel import Disclosure
from voltrail.statements.condition import Condition
from voltrail.statements.fields import Digest
from voltrail.statements.installation import Installation
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import TestResult as FactoryTest
from voltrail.statements.product import Attestability, Product
from voltrail.statements.unit import Level, UnitRecord
from voltrail.trust import keys

CODE = UnitId.of("kestrel", "001CB240000003G310021953")  # a cell, LFP, of 2026-03-01
WHOLE, OTHER_WHOLE = UnitId.of("kestrel", "P-1"), UnitId.of("kestrel", "P-2")
REPORT = Digest("a" * 64)


def degrees(text: str, uncertainty: str | None = None) -> Quantity:
    """A temperature."""
    return Quantity(Decimal(text), Unit.degC, None if uncertainty is None else Decimal(uncertainty))


def built(told: Told, number: str, at: float, *, whole: UnitId = WHOLE,
          parts: tuple[UnitId, ...] = (UNIT,), action: Action = Action.ADD,
          **fields: Any) -> None:  # noqa: ANN401  # fmt: skip
    """The maker puts units into a pack, which may be of a lot, or takes them out."""
    lot = fields.pop("lot", None)
    made = Assembly(
        MAKER, number, action, WholeLevel.PACK, day(at), tuple(Part(one) for one in parts),
        (Part(whole, lot),), **fields,
    )  # fmt: skip
    told.say(made, MAKER, at, about=(whole, *parts))


def bom(maker: Any) -> tuple[BomLine, ...]:  # noqa: ANN401 — a party or None
    """A parts list of one line."""
    return (BomLine("bms", "B-100", "2", maker),)


def unit(told: Told, at: float = 1, **fields: Any) -> None:  # noqa: ANN401
    """The maker's record of a unit."""
    given = {"unit": UNIT, "lot": LOT, "level": Level.CELL, **fields}
    told.say(UnitRecord(**given), MAKER, at)


def certificate(told: Told, number: str = "C-1", at: float = 0, **fields: Any) -> None:  # noqa: ANN401
    """A certificate as filed for the product."""
    given = {
        "standard": "IEC 62619", "issuing_body": "tuv", "holder": MAKER, "model": "KP-48",
        "filed_for": PRODUCT, "issued": date(2025, 1, 1), **fields,
    }  # fmt: skip
    told.say(Certificate(DocumentId.of("tuv", number), number, **given), CLERK, at)


def product(told: Told, chemistry: str = "LFP", **fields: Any) -> None:  # noqa: ANN401
    """The product as specified."""
    fact = Product(PRODUCT, MAKER, "KP-48", "packs", chemistry, Attestability.PASSIVE, **fields)
    told.say(fact, CLERK, 0)


def condition(told: Told, **fields: Any) -> None:  # noqa: ANN401
    """A logger's summary of one leg."""
    given = {"lowest": degrees("5"), "highest": degrees("30"), **fields}
    told.say(Condition(LOT, "sea", day(1), day(2), **given), CARRIER, 2)


def install(told: Told, at: float, where: Any = DOCK, which: UnitId = UNIT) -> None:  # noqa: ANN401
    """A unit goes into service."""
    told.say(Installation(which, ARRIVAL, where, day(at), CLERK), CLERK, at)


def enrolled(told: Told, issuer: Any = CARRIER, **fields: Any) -> str:  # noqa: ANN401
    """A key that the operator enrols; returns its id."""
    secret = Ed25519PrivateKey.from_private_bytes(b"\1" * 32).public_key()
    raw = secret.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = keys.parse("ed25519", raw, "")
    spki = base64.b64encode(raw).decode()
    given = {"valid_from": day(-30), **fields}
    event = KeyEvent(KeyVerb.ENROL, Digest(key.key_id), issuer, "ed25519", spki, **given)
    told.say(event, OPERATOR, -29)
    return key.key_id


def _r1(told: Told) -> None:
    told.hop("R1", MAKER, CARRIER, 1, given={"where": PLANT}, taken={"where": HUB}, quantity=1)


def _r2(told: Told) -> None:
    told.hop("R2a", MAKER, CARRIER, 1, container="C2", quantity=1)
    told.hop("R2b", MAKER, SELLER, 2, container="C2", quantity=1)
    told.tick(9)


def _r6(told: Told) -> None:
    told.hop("R6a", MAKER, CARRIER, 1, quantity=3)
    told.hop("R6b", CARRIER, SELLER, 2, quantity=40)


def _r8(told: Told) -> None:
    told.lot(serials=("S-1", "S-2"))
    unit(told, unit=UnitId.of("kestrel", "S-9"))


def _r10(told: Told) -> None:
    told.order()
    built(told, "A10", 1)
    told.arrival(5, serials=("S-1",))


def _r12(told: Told) -> None:
    told.order()
    told.arrival(5)
    told.say(Disclosure(MAKER, (CARRIER,), day(0)), MAKER, 0)
    told.hop("R12", BROKER, CARRIER, 1, quantity=1)


def _r13(told: Told) -> None:
    told.order()
    told.arrival(5, place=HUB)


def _r14(told: Told) -> None:
    product(told)
    certificate(told, model="KP-24")


def _r15(told: Told) -> None:
    told.lot(production_date=date(2026, 4, 1))
    told.hop("R15", MAKER, CARRIER, 1, quantity=1)


def _r16(told: Told) -> None:
    same = (FactoryTest("capacity", "passed", REPORT),)
    told.lot(test_results=same)
    told.lot(OTHER_LOT, at=1, test_results=same)


def _r18(told: Told) -> None:
    for number in range(24):
        late = 20 if number == 20 else 2 + number % 3 / 10
        lot = LotId.of("kestrel", f"N-{number}")
        told.hop("R18", CARRIER, SELLER, 1, 1 + late, lot=lot)


def _r19(told: Told) -> None:
    told.place(PLANT, "22.543", "114.058", daily_output=5)
    told.lot(factory=PLANT)
    told.hop("R19", MAKER, CARRIER, 1, quantity=6)


def _r20(told: Told) -> None:
    built(told, "A20", 1, bom_revision="3", bom=bom(SELLER))
    built(told, "A21", 2, whole=OTHER_WHOLE, bom_revision="3", bom=bom(BROKER))


def _r21(told: Told) -> None:
    told.hop("R21", MAKER, CARRIER, 1, quantity=1, taken=None)
    late = told.facts.pop()
    told.say(late.fact, MAKER, 1, logged=10)


def _r22(told: Told) -> None:
    key = enrolled(told)
    told.say(Disclosure(MAKER, (CARRIER,), day(0)), MAKER, 1, keys=(key,))


def _r23(told: Told) -> None:
    told.lot(production_date=date(2026, 1, 1))
    unit(told, unit=CODE)


CASES: dict[str, Callable[[Told], None]] = {
    "R1": _r1,
    "R2": _r2,
    "R3": lambda told: told.hop("R3", MAKER, CARRIER, 1, 50),
    "R4": lambda told: (told.hop("R4", MAKER, CARRIER, 1, taken=None), told.tick(70))[1],
    "R5": lambda told: told.hop("R5", MAKER, CARRIER, 1, taken={"quantity": 9}),
    "R6": _r6,
    "R7": lambda told: (install(told, 1), install(told, 2, HUB))[1],
    "R8": _r8,
    "R9": lambda told: unit(told, unit=CODE, level=Level.PACK),
    "R10": _r10,
    "R11": lambda told: told.hop("R11", MAKER, CARRIER, 1, seals=("A",), taken={"seals": ("B",)}),
    "R12": _r12,
    "R13": _r13,
    "R14": _r14,
    "R15": _r15,
    "R16": _r16,
    "R17": lambda told: condition(told, most=degrees("25")),
    "R18": _r18,
    "R19": _r19,
    "R20": _r20,
    "R21": _r21,
    "R22": _r22,
    "R23": _r23,
    "R24": lambda told: unit(told, unit=UnitId.of("kestrel", "001CB24G310021953RC")),
}
OTHER_ARRIVAL = ArrivalId.of("A-2")

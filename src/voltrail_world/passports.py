"""
The battery passports that come with a lot: one of its first pack, one of the lot.

A passport is a file of its maker. What is kept of it is an unsigned answer with the words that the
reader finds in such a file, signed by the operator only as received. Does not know what a passport
is compared with.
"""

from typing import Any

import msgspec
from msgspec.structs import replace

from voltrail.ids.subject import SubjectId
from voltrail.readers.foreign import Named, plain
from voltrail.readers.passport import NAME, Passport
from voltrail.statements import kinds
from voltrail.statements.intake import Intake
from voltrail_world.tale import GLN, OPERATOR, Tale, digest, quantity

PACK, LOT = "passport-pack", "passport-lot"
_MONTH = 7  # [characters] of a date that names year and month only


def tell(tale: Tale) -> None:
    """Tell that both passports came, a day after the lot was made."""
    pack = Passport(
        shape="en-18223-plain",
        id=Named(tale.code(1), "gb-t-34014"),
        granularity="item",
        serial=tale.serials[0],
    )
    lot = Passport(shape="en-18223-plain", granularity="batch")
    _come(tale, PACK, pack, tale.unit(0))
    _come(tale, LOT, lot, tale.lot)


def _come(tale: Tale, name: str, told: Passport, about: SubjectId) -> None:
    """Tell that a passport came; every other maker's clerk writes chemistry and day otherwise."""
    made, odd = tale.begun.date().isoformat(), tale.number % 2
    whole = replace(
        told,
        category="industrial",
        chemistry="LFP",
        chemistry_said="LFP" if odd else "LiFePO4",
        status="original",
        manufacturer=Named(f"https://id.gs1.org/417/{GLN[tale.maker.key]}", "pgln"),
        manufacturer_name=tale.maker.key,
        made=made if odd else made[:_MONTH],
        model="PK-24",
        batch=f"L{tale.number:04}",
        capacity=quantity("100", "A.h"),
        mass=quantity("215" if odd else "214.6", "kg"),
        nominal_voltage=quantity("48", "V"),
    )
    said = msgspec.json.decode(msgspec.json.encode(whole, enc_hook=plain))
    content = {"form": NAME, "place": NAME, "said": said}
    kind = "unit" if told.granularity == "item" else "lot"
    file = digest(f"{name} {tale.number}")
    fact = Intake(tale.maker, NAME, kinds.uri(kind), content, file)
    tale.say(name, fact, OPERATOR, tale.said["lot"].header.claimed_time, tale.maker, about)


def reword(tale: Tale, name: str, **said: Any) -> None:  # noqa: ANN401 — any words of a passport
    """Let a passport have said something else."""
    one = tale.said[name]
    content = {**one.fact.content, "said": {**one.fact.content["said"], **said}}
    tale.said[name] = replace(one, fact=replace(one.fact, content=content))

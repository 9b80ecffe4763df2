"""
Deeds in papers: more than the works make in a day, keys that may not say it, passports of others.

Each is written from the table of rules alone, as in `faulty`. Knows no rule's code.
"""

from datetime import timedelta

from msgspec.structs import replace

from voltrail.ids.subject import LotId, PartyId
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import LotRecord, ShippingEvent, TestResult
from voltrail_world import passports
from voltrail_world.enrolments import ANNEX, LOGGER, MADE, ended, enrolled
from voltrail_world.passports import reword
from voltrail_world.retold import Fault, edit, halves
from voltrail_world.tale import GLN, OPERATOR, PLACE, TRADE, Tale, digest, key_id

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TOO_MANY, _TOO_MANY_TOGETHER = 5_000, 250  # [items] of one lot; of each of two lots of one day
_TOO_HIGH = 9_000  # [items] serial of the day, of a factory that makes 400
OWN = "own"  # a key that is there for one lot


def too_big_a_lot(tale: Tale) -> tuple[str, ...]:
    """R19: one lot of one day has more packs than its factory makes in ten."""
    ships = (ShippingEvent(PartyId.of("sealine"), tale.begun + _DAY, _TOO_MANY),)
    edit(tale, "lot", quantity=_TOO_MANY, shipping=ships)
    for name in (*halves(1, 2, 3, 4, 5, 6), "arrival"):
        edit(tale, name, quantity=_TOO_MANY)
    return ("R6", "R8")


def too_many_lots(tale: Tale) -> tuple[str, ...]:
    """R19: two more lots of the same day; none is too big, all three together are."""
    first = tale.said["lot"].fact
    for letter in "DE":
        number = f"{letter}{tale.number:04}"
        lot = LotId.of(tale.maker.key, number)
        more = LotRecord(
            lot,
            first.product,
            first.manufacturer,
            number,
            first.production_date,
            "none",
            "passive",
            (TestResult("capacity", "passed", digest(f"report {number}")),),
            (ShippingEvent(PartyId.of("sealine"), tale.begun + _DAY, _TOO_MANY_TOGETHER),),
            _TOO_MANY_TOGETHER,
            first.factory,
        )
        _made(tale, f"lot-{letter}", more)
    return ("R3", "R4", "R6")


def _made(tale: Tale, name: str, fact: LotRecord) -> None:
    """Tell a lot as its maker tells the first one: at the same hour, by the same key."""
    like = tale.said["lot"]
    tale.say(name, fact, tale.maker, like.header.claimed_time, fact.lot)
    tale.said[name] = replace(tale.said[name], header=like.header, keys=like.keys)


def too_high_a_serial(tale: Tale) -> tuple[str, ...]:
    """R19: the battery code counts more packs on its day than the factory makes."""
    edit(tale, "unit-5", identifiers=(tale.code(_TOO_HIGH),))
    return ()


def wrong_kind_of_key(tale: Tale) -> tuple[str, ...]:
    """R22: a hand-over is signed with a key that stands for readings of loggers alone."""
    tale.sign("given5", LOGGER)
    return ()


def key_of_another_site(tale: Tale) -> tuple[str, ...]:
    """R22: what the works made is signed with the key of the maker's annex."""
    tale.sign("lot", ANNEX, PLACE[tale.factory])
    return ()


def key_of_another_firm(tale: Tale) -> tuple[str, ...]:
    """R22: the carrier's half of a hand-over is signed with the warehouse's key."""
    one = tale.said["taken3"]
    dock = tale.said["given3"].issuer
    tale.said["taken3"] = replace(one, keys=(key_id(dock, TRADE),))
    return ()


def _own_key(tale: Tale, *events: KeyEvent) -> None:
    """Let the lot's record be signed by a key of its own, with this life."""
    for place, event in enumerate(events):
        at = tale.begun - (30 - 20 * place) * _DAY
        tale.say(f"key-{place}", event, OPERATOR, at, tale.maker)
    tale.sign("lot", _own(tale), PLACE[tale.factory])


def _own(tale: Tale) -> str:
    return f"{OWN} {tale.number}"


def _enrolled(tale: Tale, days: int) -> KeyEvent:
    """Return that the lot's own key is bound to the works, so many days after the lot began."""
    since = tale.begun + days * _DAY
    return enrolled(tale.maker, _own(tale), since, MADE, (PLACE[tale.factory],))


def key_given_up(tale: Tale) -> tuple[str, ...]:
    """R22: signed with a key that was given up ten days before."""
    first = _enrolled(tale, -30)
    _own_key(tale, first, ended(KeyVerb.CEASE, tale.maker, _own(tale), first.valid_from))
    return ()


def key_narrowed(tale: Tale) -> tuple[str, ...]:
    """R22: signed at the works with a key that was narrowed to the annex ten days before."""
    annex = PLACE[f"annex-{tale.factory.partition('-')[2]}"]
    first = replace(_enrolled(tale, -30), places=(PLACE[tale.factory], annex))
    _own_key(tale, first, replace(first, verb=KeyVerb.RESTRICT, places=(annex,)))
    return ()


def key_stolen(tale: Tale) -> tuple[str, ...]:
    """R22: signed with a key that was stolen twelve days before, as was told ten days before."""
    first, since = _enrolled(tale, -30), tale.begun - 12 * _DAY
    gone = ended(KeyVerb.COMPROMISE, tale.maker, _own(tale), first.valid_from, since)
    _own_key(tale, first, gone)
    return ()


def key_found_stolen(tale: Tale) -> tuple[str, ...]:
    """R22: signed with a key that was stolen by then; that is told only five days later."""
    first, since = _enrolled(tale, -30), tale.begun - 12 * _DAY
    _own_key(tale, first)
    gone = ended(KeyVerb.COMPROMISE, tale.maker, _own(tale), first.valid_from, since)
    tale.say("key-gone", gone, OPERATOR, tale.begun + 5 * _DAY, tale.maker)
    return ()


def key_not_begun(tale: Tale) -> tuple[str, ...]:
    """R22: said to be of a day on which the key was not in force; registered when it was."""
    _own_key(tale, _enrolled(tale, 2))
    one = tale.said["lot"]
    late = replace(one.entry, log_time=one.entry.log_time + 3 * _DAY)
    tale.said["lot"] = replace(one, entry=late)
    return ("R21",)


def passport_too_light(tale: Tale) -> tuple[str, ...]:
    """R23: the passport's mass is not what was asked and delivered."""
    reword(tale, passports.PACK, mass={"value": "170", "unit": "kg"})
    return ()


def passport_too_strong(tale: Tale) -> tuple[str, ...]:
    """R23: the passport has more capacity than the model."""
    reword(tale, passports.LOT, capacity={"value": "130", "unit": "A.h"})
    return ()


def passport_of_another_chemistry(tale: Tale) -> tuple[str, ...]:
    """R23: the passport says nickel, the model and the battery code say iron phosphate."""
    reword(tale, passports.PACK, chemistry="NMC", chemistrySaid="NMC")
    return ("R9",)


def passport_of_another_year(tale: Tale) -> tuple[str, ...]:
    """R23: made, by its passport, more than a year before the lot was."""
    reword(tale, passports.LOT, made=(tale.begun - 400 * _DAY).date().isoformat())
    return ("R15",)


def passport_of_another_maker(tale: Tale) -> tuple[str, ...]:
    """R23: the passport names the other maker."""
    other = _other_maker(tale)
    reword(tale, passports.PACK, manufacturer=_gln(other), manufacturerName=other)
    return ()


def passport_under_another_number(tale: Tale) -> tuple[str, ...]:
    """R23: the passport has the maker's name and the other maker's GLN."""
    reword(tale, passports.LOT, manufacturer=_gln(_other_maker(tale)))
    return ()


def _other_maker(tale: Tale) -> str:
    return "basalt" if tale.maker.key == "amber" else "amber"


def _gln(maker: str) -> dict[str, str]:
    return {"text": f"https://id.gs1.org/417/{GLN[maker]}", "scheme": "pgln"}


def passport_of_waste(tale: Tale) -> tuple[str, ...]:
    """R23: waste, by its passport, and sold as new."""
    reword(tale, passports.PACK, status="waste")
    return ("R24",)


def passport_of_a_repurposed(tale: Tale) -> tuple[str, ...]:
    """R23: repurposed, by the passport of the lot, and sold as new."""
    reword(tale, passports.LOT, status="repurposed")
    return ("R24",)


PAPERS: dict[str, tuple[Fault, ...]] = {
    "R19": (too_big_a_lot, too_many_lots, too_high_a_serial),
    "R22": (
        wrong_kind_of_key,
        key_of_another_site,
        key_of_another_firm,
        key_given_up,
        key_narrowed,
        key_stolen,
        key_found_stolen,
        key_not_begun,
    ),
    "R23": (
        passport_too_light,
        passport_too_strong,
        passport_of_another_chemistry,
        passport_of_another_year,
        passport_of_another_maker,
        passport_under_another_number,
        passport_of_waste,
        passport_of_a_repurposed,
    ),
}

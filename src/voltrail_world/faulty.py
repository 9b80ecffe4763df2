"""
Faults planted into clean histories, one into a lot, each written from the table of rules alone.

A fault edits, adds or drops what the parties of one lot said. `beside` names what the same deed
also is by the letter of the table, so that whoever counts does not call that wrong. Deeds on site
stand in `faulty_moves`, deeds in papers in `faulty_papers`. Knows no rule's code.
"""

import random
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from voltrail.ids.subject import PartyId
from voltrail.projections.view import Recorded
from voltrail.statements.assembly import BomLine
from voltrail.statements.installation import Installation
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.unit import Level
from voltrail_world.faulty_moves import GREY, MOVES, to_the_other_site
from voltrail_world.faulty_papers import PAPERS
from voltrail_world.histories import History, Planted, clean, ground, registered
from voltrail_world.retold import Fault, edit, halves, later, rest, said_later
from voltrail_world.tale import BEGINS, FITTER, OPERATOR, PLACE, TRADE, Tale, digest, quantity

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_DIGITS = 4  # of a lot's number in every name
COPIED = digest("one report for all")


def impossible_travel(tale: Tale) -> tuple[str, ...]:
    """R1: at the port twenty minutes after the works, whatever lies between."""
    first = tale.said["taken1"].fact.at
    for name in halves(2):
        later(tale, [name], first + timedelta(minutes=20) - tale.said[name].fact.at)
    return ("R18", "R17")


def two_holders(tale: Tale) -> tuple[str, ...]:
    """R2: the carrier gives the whole lot to a second firm as well, which takes it."""
    for half in ("given", "taken"):
        one = tale.said[f"{half}2"]
        fact = replace(one.fact, number="H2b", taker=GREY, at=one.fact.at + _HOUR)
        speaker = one.header.issuer if half == "given" else GREY
        tale.say(f"{half}2b", fact, speaker, one.header.claimed_time + _HOUR)
    return ("R6", "R12", "R4", "R7", "R3", "R5")


def gap(tale: Tale) -> tuple[str, ...]:
    """R3: given at the depot, taken sixty days later; nobody says who had it between."""
    by = 60 * _DAY
    later(tale, ["taken5", *halves(6)], by)
    rest(tale, by)
    return ("R5", "R18", "R4", "R17")


def one_sided(tale: Tale) -> tuple[str, ...]:
    """R4: who took the goods never says so."""
    del tale.said["taken3"]
    return ("R3", "R2", "R6")


def mismatched(tale: Tale) -> tuple[str, ...]:
    """R5: the second half names another number of items."""
    edit(tale, "taken5", quantity=10)
    return ("R6",)


def out_of_nothing(tale: Tale) -> tuple[str, ...]:
    """R6: a party gives more than it ever took."""
    for name in halves(3, 4, 5, 6):
        edit(tale, name, quantity=14)
    edit(tale, "arrival", quantity=14)
    return ("R8",)


def installed_twice(tale: Tale) -> tuple[str, ...]:
    """R7: one unit is in service here, and on the same day there."""
    put = tale.said["installed-0"].fact
    other = PLACE["mast" if tale.site == "hall" else "hall"]
    second = Installation(put.unit, tale.arrival, other, put.installed_at + 3 * _HOUR, FITTER)
    tale.say("installed-again", second, OPERATOR, second.installed_at, put.unit)
    return ("R1", "R13", "R24", "R2")


def unknown_serial(tale: Tale) -> tuple[str, ...]:
    """R8: a delivered serial that the maker never listed."""
    edit(tale, "arrival", serials=(*tale.serials[:-1], f"X{tale.number:04}99"))
    return ()


def wrong_level(tale: Tale) -> tuple[str, ...]:
    """R9: what was built as a pack is called a cell."""
    edit(tale, "unit-2", level=Level.CELL)
    return ()


def repacked(tale: Tale) -> tuple[str, ...]:
    """R10: the lot travels on in another box, and nobody opened the first."""
    for name in halves(5, 6):
        edit(tale, name, container=f"OTHER{tale.number:04}")
    return ("R5",)


def changed_seal(tale: Tale) -> tuple[str, ...]:
    """R11: taken under another seal than given."""
    edit(tale, "taken4", seals=(f"Y{tale.number:04}",))
    return ("R5",)


def hidden_broker(tale: Tale) -> tuple[str, ...]:
    """R12: a firm that nobody named holds the goods for a day."""
    for name in halves(4):
        edit(tale, name, taker=GREY)
    for name in halves(5):
        edit(tale, name, giver=GREY)
    for name in ("taken4", "given5"):
        one = tale.said[name]
        tale.said[name] = replace(one, header=replace(one.header, issuer=GREY))
        tale.sign(name, TRADE)
    return ("R13",)


def diverted(tale: Tale) -> tuple[str, ...]:
    """R13: delivered to another site than it was ordered for."""
    other = PLACE["mast" if tale.site == "hall" else "hall"]
    to_the_other_site(tale)
    edit(tale, "arrival", place=other)
    for name in halves(6):
        edit(tale, name, where=other)
    for place in range(4):
        edit(tale, f"installed-{place}", place=other)
    return ("R1", "R18")


def borrowed_paper(tale: Tale) -> tuple[str, ...]:
    """R14: the certificate of one factory is filed once more, for a lot of another."""
    borrowed = next(one for one in ground() if one.header.issuer == OPERATOR and _is_paper(one))
    other = PLACE["works-west" if tale.factory == "works-east" else "works-east"]
    fact = replace(borrowed.fact, lot=tale.lot, factory=other, filed_for=tale.product)
    tale.say("borrowed", fact, OPERATOR, tale.begun, tale.lot)
    return ("R15",)


def _is_paper(one: Recorded[Any]) -> bool:
    return type(one.fact).__name__ == "Certificate"


def made_after(tale: Tale) -> tuple[str, ...]:
    """R15: produced, by its own record, after it had left the works."""
    edit(tale, "lot", production_date=(tale.begun + 12 * _DAY).date())
    return ("R9", "R23")


def copied_report(tale: Tale) -> tuple[str, ...]:
    """R16: the same file proves one lot after another."""
    first = tale.said["lot"].fact.test_results[0]
    edit(tale, "lot", test_results=(replace(first, report=COPIED),))
    return ("R14",)


def too_hot(tale: Tale) -> tuple[str, ...]:
    """R17: sixty-eight degrees on the way."""
    name = "leg2" if "leg2" in tale.said else "leg4"
    edit(tale, name, highest=quantity("68", "degC"))
    return ()


def too_long(tale: Tale) -> tuple[str, ...]:
    """R18: twenty-five days for a leg that takes everybody two."""
    by = 25 * _DAY
    later(tale, [*halves(4, 5, 6)], by)
    edit(tale, "leg4", ends=tale.said["leg4"].fact.ends + by)
    said_later(tale, "leg4", by)
    rest(tale, by)
    return ("R3", "R17")


def silent_change(tale: Tale) -> tuple[str, ...]:
    """R20: from the fourth pack on another maker's controller is in it, unannounced."""
    for place in range(3, 12):
        parts = tale.said[f"built-{place}"].fact.bom
        other = BomLine("bms", "B-9", "A", PartyId.of("cheapbms"))
        edit(tale, f"built-{place}", bom=(parts[0], other))
    return ("R12",)


def told_late(tale: Tale) -> tuple[str, ...]:
    """R21: said to be of one day, registered forty days after it."""
    one = tale.said["given4"]
    ref = replace(one.entry, log_time=one.entry.log_time + 40 * _DAY)
    tale.said["given4"] = replace(one, entry=ref)
    return ("R4",)


def second_life(tale: Tale) -> tuple[str, ...]:
    """R24: scrapped by somebody a year before it is sold as new."""
    gone = Retirement(
        number=f"W{tale.number:04}",
        holder=PartyId.of("oldfleet"),
        how=Leaving.SCRAPPED,
        at=BEGINS - 60 * _DAY,
        units=(tale.unit(1),),
    )
    tale.say("scrapped", gone, gone.holder, gone.at + _HOUR, tale.unit(1))
    return ("R15", "R7", "R3", "R6")


_GOODS: dict[str, Fault] = {
    "R1": impossible_travel,
    "R2": two_holders,
    "R3": gap,
    "R4": one_sided,
    "R5": mismatched,
    "R6": out_of_nothing,
    "R7": installed_twice,
    "R8": unknown_serial,
    "R9": wrong_level,
    "R10": repacked,
    "R11": changed_seal,
    "R12": hidden_broker,
    "R13": diverted,
    "R14": borrowed_paper,
    "R15": made_after,
    "R16": copied_report,
    "R17": too_hot,
    "R18": too_long,
    "R20": silent_change,
    "R21": told_late,
    "R24": second_life,
}
FAULTS: dict[str, tuple[Fault, ...]] = {
    rule: (
        *((_GOODS[rule],) if rule in _GOODS else ()),
        *MOVES.get(rule, ()),
        *PAPERS.get(rule, ()),
    )
    for rule in sorted({*_GOODS, *MOVES, *PAPERS}, key=lambda rule: int(rule[1:]))
}
_COPIES = 4  # times as often as another deed, since one copy alone is none
_DEEDS = tuple(
    (rule, deed)
    for rule, deeds in FAULTS.items()
    for deed in deeds
    for _ in range(_COPIES if rule == "R16" else 1)
)


def history(seed: int, lots: int, faulty: float = 0.25) -> History:
    """
    Return the history of many lots, some of them faulty, from one seed.

    Args:
        seed: of everything that is drawn
        lots: number of lots
        faulty: share of the lots into which one fault is planted

    Returns:
        Facts in register order, and what was planted.
    """
    draw, planted = random.Random(seed), []
    facts = ground()
    for number in range(1, lots + 1):
        tale = clean(number, draw)
        if draw.random() < faulty:
            rule, deed = draw.choice(_DEEDS)
            beside = frozenset(deed(tale))
            planted.append(Planted(rule, tale.lot, beside, deed.__name__))
        facts += tale.said.values()
    copies = [one for one in planted if one.rule == "R16"]
    alone = copies if len(copies) == 1 else []  # one copy is no copy
    return History(registered(facts), tuple(one for one in planted if one not in alone))


def number_of(subject: str) -> int | None:
    """Return the number of the lot that a lot, a unit, an arrival or an order belongs to."""
    name = subject.rpartition(":")[2]
    digits = name[1:5]
    return int(digits) if len(digits) == _DIGITS and digits.isdigit() else None

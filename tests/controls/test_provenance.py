"""Stories of the lot: what happened, and the sentence that must come of it."""

from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from controls.support import (
    ARRIVAL,
    LOT,
    MAKER,
    OPERATOR,
    OTHER_IMAGE,
    OTHER_PRODUCT,
    SELLER,
    SERIALS,
    Story,
    World,
    all_is_well,
    check,
    no_arrival,
    unit,
)
from voltrail.controls.model import Outcome
from voltrail.ids.subject import ArrivalId
from voltrail.statements.intake import Intake
from voltrail.statements.kinds import uri
from voltrail.statements.signal import Refusal
from voltrail.table import Commitment

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN

TREE = Commitment(("serial",), 10, "c" * 64, "d" * 64)


def refuse(world: World) -> None:
    sentence = "The signature does not match the bytes."
    found = Refusal(OTHER_IMAGE, uri("lot"), MAKER, "SignatureInvalidError", sentence)
    world.put("refusal", found, OPERATOR, 12, LOT)


def unsigned(world: World) -> None:
    world.drop("lot")
    world.put("intake", Intake(MAKER, "e-mail", "lot", {}), OPERATOR, 12, LOT)


def surplus(world: World) -> None:
    came = world.facts["arrival"].fact
    other = replace(came, arrival=ArrivalId.of("A-2"), quantity=4, serials=())
    world.put("surplus", other, OPERATOR, 25)


def committed(found: frozenset[str] | None) -> Callable[[World], None]:
    """A lot record that commits to its serials, of which the dossier found some."""

    def change(world: World) -> None:
        world.edit("lot", serials=(), unit_tree=TREE)
        world.lot_serials = found

    return change


IDS = ("PRV-01", "PRV-02", "PRV-03", "PRV-04", "PRV-05", "PRV-06", "PRV-07", "PRV-08")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "signed by the seller",
        "PRV-01",
        VIOLATED,
        "signed by norvolt, not by kestrel",
        lambda w: w.by("lot", SELLER),
    ),
    Story(
        "forged",
        "PRV-01",
        VIOLATED,
        "signature does not match",
        lambda w: (w.drop("lot"), refuse(w)),
    ),
    Story("unsigned", "PRV-01", UNPROVEN, "came unsigned via e-mail", unsigned),
    Story("absent", "PRV-01", UNPROVEN, "No lot record signed", lambda w: w.drop("lot")),
    Story(
        "no test results",
        "PRV-02",
        UNPROVEN,
        "test results",
        lambda w: w.edit("lot", test_results=()),
    ),
    Story(
        "no reason",
        "PRV-02",
        UNPROVEN,
        "firmware reason",
        lambda w: w.edit("lot", firmware_version="none"),
    ),
    Story("absent", "PRV-02", UNPROVEN, "No lot record", lambda w: w.drop("lot")),
    Story(
        "lower grade",
        "PRV-03",
        VIOLATED,
        "kestrel:KP-48 was ordered",
        lambda w: w.edit("lot", product=OTHER_PRODUCT),
    ),
    Story("no order", "PRV-03", UNPROVEN, "No order", lambda w: w.drop("order")),
    Story(
        "strange serial",
        "PRV-04",
        VIOLATED,
        "Serial mismatch",
        lambda w: w.edit("lot", serials=SERIALS[1:]),
    ),
    Story("no list", "PRV-04", UNPROVEN, "lists no serials", lambda w: w.edit("lot", serials=())),
    Story(
        "none scanned",
        "PRV-04",
        UNPROVEN,
        "No delivered serial",
        lambda w: setattr(w, "serials", ()),
    ),
    Story(
        "same table",
        "PRV-04",
        HOLDS,
        "the maker's own",
        lambda w: (w.edit("lot", unit_tree=TREE), w.edit("arrival", serial_table=TREE)),
    ),
    Story("committed list", "PRV-04", HOLDS, "All 10 serials", committed(frozenset(SERIALS))),
    Story(
        "not in the committed list",
        "PRV-04",
        VIOLATED,
        "1 serials are not of this lot, first S-000",
        committed(frozenset(SERIALS[1:])),
    ),
    Story(
        "nothing of the committed list",
        "PRV-04",
        VIOLATED,
        "10 serials are not of this lot",
        committed(frozenset()),
    ),
    Story("committed, not here", "PRV-04", UNPROVEN, "is not here to compare", committed(None)),
    Story(
        "clone",
        "PRV-05",
        VIOLATED,
        "Clone: serial S-003 also came in arrival A-0",
        lambda w: w.seen.update({unit("S-003"): frozenset({ARRIVAL, ArrivalId.of("A-0")})}),
    ),
    Story(
        "twice here",
        "PRV-05",
        VIOLATED,
        "S-000 stands twice",
        lambda w: setattr(w, "serials", (*SERIALS, "S-000")),
    ),
    Story(
        "none scanned",
        "PRV-05",
        UNPROVEN,
        "No delivered serial",
        lambda w: setattr(w, "serials", ()),
    ),
    Story(
        "from the future",
        "PRV-06",
        VIOLATED,
        "Made on 2026-03-01",
        lambda w: w.edit("lot", production_date=date(2026, 3, 1)),
    ),
    Story(
        "undated",
        "PRV-06",
        UNPROVEN,
        "no production date",
        lambda w: w.edit("lot", production_date=None),
    ),
    Story("surplus", "PRV-07", VIOLATED, "14 units came of a lot of 10", surplus),
    Story("uncounted", "PRV-07", UNPROVEN, "no quantity", lambda w: w.edit("lot", quantity=None)),
    Story("a forged attempt", "PRV-08", VIOLATED, "signature does not match", refuse),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)

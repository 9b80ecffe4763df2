"""A lot whose maker committed to its serials: judged on the file, and judged the same offline."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from voltrail.actions.judge import judge
from voltrail.actions.pack import anchors_file, evidence_pack, statement_pack
from voltrail.audit.check import check
from voltrail.audit.pack import parse
from voltrail.projections.dossier import dossier
from voltrail.projections.fold import view
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.lot import LotRecord
from voltrail.table import commit
from voltrail.trust import anchors
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import TIDERACE
from voltrail_world.play import play
from world_fixture import NOW, PlayedWorld, fresh_world, strict_shipment

GOING = strict_shipment()
MADE = GOING.made


def table(rows: Sequence[str], head: str = "serial") -> bytes:
    return "".join(f"{line}\n" for line in (head, *rows)).encode()


def delivered(data: bytes, *, here: bool = True) -> PlayedWorld:
    """A world in which a lot record committed to a table, whose file the operator may hold."""
    seen = fresh_world()
    if here:
        seen.desk.blobs.put(data)
    acts = []
    for act in sorted(acts_of(seen.world, GOING), key=lambda act: act.at):
        said = statements.parse(envelopes.parse(act.raw).payload)
        if isinstance(said.fact, LotRecord):
            fact = replace(said.fact, serials=(), unit_tree=commit(data))
            raw = seen.world.say(fact, said.header, GOING.lot)
            acts.append(replace(act, raw=raw))
        else:
            acts.append(act)
    play(seen.desk, acts)
    return seen


def outcome(seen: PlayedWorld) -> tuple[str, str]:
    """What PRV-04 answers here; and that whoever checks the pack offline gets the same."""
    record = seen.decision(GOING.arrival).fact
    found = next(one for one in record.findings if one.control == "PRV-04")
    pinned, logs = anchors.parse(anchors_file(seen.desk))
    told = check(parse(evidence_pack(seen.desk, GOING.arrival)), pinned, logs)
    assert told.replay.same
    assert told.decision.findings == record.findings
    return found.outcome, found.sentence


def tables_of(seen: PlayedWorld) -> list[bytes]:
    return list(parse(evidence_pack(seen.desk, GOING.arrival)).tables.values())


def test_serials_in_the_committed_list_hold_and_the_list_is_in_the_pack() -> None:
    data = table(MADE)
    seen = delivered(data)
    assert outcome(seen) == ("holds", f"All {len(MADE)} serials are of this lot.")
    assert seen.decision(GOING.arrival).fact.disposition == "release"
    assert tables_of(seen) == [data]


def test_a_serial_that_is_not_in_the_committed_list_is_a_mismatch() -> None:
    seen = delivered(table(MADE[1:]))
    found, sentence = outcome(seen)
    assert (found, MADE[0] in sentence) == ("violated", True)
    assert seen.decision(GOING.arrival).fact.disposition == "quarantine"


def test_a_list_that_is_not_here_proves_nothing() -> None:
    seen = delivered(table(MADE), here=False)
    assert outcome(seen) == (
        "unproven",
        "The maker's committed list of serials is not here to compare with.",
    )
    assert seen.decision(GOING.arrival).fact.disposition == "quarantine"


def test_a_list_that_came_after_the_decision_changes_no_replay_until_it_is_judged_again() -> None:
    data = table(MADE)
    seen = delivered(data, here=False)
    seen.desk.blobs.put(data)
    assert outcome(seen)[0] == "unproven"
    assert tables_of(seen) == []
    with seen.desk.entries.transaction():
        judge(seen.desk, [GOING.arrival], NOW)
    assert outcome(seen)[0] == "holds"
    assert tables_of(seen) == [data]


def test_the_column_of_serials_is_found_by_its_name() -> None:
    rows = [f"A,{serial},2026" for serial in MADE]
    assert outcome(delivered(table(rows, "grade,serial,made")))[0] == "holds"
    assert outcome(delivered(table(rows, "grade,number,made")))[0] == "violated"


def test_a_list_that_was_swapped_for_another_proves_nothing() -> None:
    data = table(MADE)
    seen = delivered(data, here=False)
    seen.desk.blobs._kept[commit(data).sha256] = table(["X"])  # type: ignore[attr-defined]
    assert dossier(seen.desk, GOING.arrival).lot_serials is None


@pytest.mark.parametrize("data", [b"\xff\xfe\n\xff\n", b"serial", b"", b"\n\n\n", b",,,\n,,\n"])
def test_bytes_that_are_no_table_list_nothing_and_stop_nothing(data: bytes) -> None:
    seen = fresh_world()
    digest = seen.desk.blobs.put(data)
    tree = replace(commit(table(MADE)), sha256=digest, columns=("a", "serial"))
    acts = []
    for act in sorted(acts_of(seen.world, GOING), key=lambda act: act.at):
        said = statements.parse(envelopes.parse(act.raw).payload)
        if isinstance(said.fact, LotRecord):
            fact = replace(said.fact, serials=(), unit_tree=tree)
            acts.append(replace(act, raw=seen.world.say(fact, said.header, GOING.lot)))
        else:
            acts.append(act)
    play(seen.desk, acts)
    assert outcome(seen)[0] == "violated"


def test_only_the_makers_own_commitment_counts() -> None:
    seen = delivered(table(MADE))
    (stated,) = view(seen.desk.entries, seen.desk.views, GOING.lot).standing(LotRecord)
    forged = table([*MADE, "X-1"])
    seen.desk.blobs.put(forged)
    fact = replace(stated.fact, unit_tree=commit(forged))
    seen.hand_in(seen.say(fact, TIDERACE, GOING.lot))
    assert dossier(seen.desk, GOING.arrival).lot_serials == frozenset(MADE)


def test_a_statement_pack_carries_no_list() -> None:
    seen = delivered(table(MADE))
    (stated,) = view(seen.desk.entries, seen.desk.views, GOING.lot).standing(LotRecord)
    assert parse(statement_pack(seen.desk, stated.entry.index)).tables == {}

import pytest
from msgspec.structs import replace

from voltrail import merkle
from voltrail.actions.desk import Desk
from voltrail.errors import RefusedError
from voltrail.register import checkpoint as checkpoints
from voltrail.register import log, note
from voltrail.register.checkpoint import Checkpoint
from voltrail.statements.party import Party, Role
from voltrail.statements.statement import Header
from voltrail_world.cast import NORDLICHT, ORIGIN, SALTMARSH
from voltrail_world.play import desk_of, play
from voltrail_world.story import groundwork
from world_fixture import fresh_world


def opened(desk: Desk) -> Checkpoint:
    raw = desk.log.signer.public.spki[-32:]
    verifier = note.parse_vkey(note.vkey(ORIGIN, raw))
    text, _ = note.open_note(log.checkpoint(desk.entries, desk.log), [verifier])
    return checkpoints.parse(text)


@pytest.fixture
def shown() -> tuple[Desk, Desk]:
    """One log key, two histories of one length: in the second, one firm has another name."""
    seen = fresh_world()
    other = desk_of(seen.world)
    acts = list(groundwork(seen.world))
    at = next(place for place, act in enumerate(acts) if act.note == "firm Saltmarsh Storage")
    told = Party(SALTMARSH, "Saltmarsh Manufacturing", "GB", (Role.MANUFACTURER,))
    raw = seen.world.say(told, Header(NORDLICHT, acts[at].at), SALTMARSH)
    play(other, [*acts[:at], replace(acts[at], raw=raw), *acts[at + 1 :]])
    return seen.desk, other


def test_two_histories_of_one_size_have_two_roots(shown: tuple[Desk, Desk]) -> None:
    one, other = (opened(desk) for desk in shown)
    assert one.size == other.size
    assert one.root != other.root


def test_no_consistency_proof_joins_the_two(shown: tuple[Desk, Desk]) -> None:
    one, other = shown
    more = opened(other)
    for small in (more.size // 2, more.size - 1):
        root = merkle.root([entry.leaf_hash for entry in one.entries.entries(0, small)])
        proof = merkle.consistency_proof(small, more.size, other.entries.node)
        with pytest.raises(RefusedError):
            merkle.verify_consistency(small, more.size, root, more.root, proof)


def test_an_honest_log_proves_that_it_only_grew(shown: tuple[Desk, Desk]) -> None:
    one, _ = shown
    now = opened(one)
    small = now.size // 2
    root = merkle.root([entry.leaf_hash for entry in one.entries.entries(0, small)])
    proof = merkle.consistency_proof(small, now.size, one.entries.node)
    merkle.verify_consistency(small, now.size, root, now.root, proof)

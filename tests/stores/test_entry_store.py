"""One suite for every entry store: memory, folder, SQLite, PostgreSQL."""

import threading
from collections.abc import Callable

import pytest

from stores.support import NOON, Place, PlantedError, Speaker
from voltrail import merkle
from voltrail.errors import MalformedError, RegisterCorruptError, UnknownSubjectError
from voltrail.merkle import Frontier
from voltrail.register.fsck import fsck
from voltrail.register.log import LogKey, append, checkpoint
from voltrail.register.note import parse_vkey, vkey
from voltrail.register.store import EntryStore
from voltrail.trust import signer as signers


def again(place: Place, store: EntryStore) -> EntryStore:
    """The same register as another process sees it; memory has no other process."""
    return store if place.kind == "memory" else place.open()[0]


def test_a_new_store_is_empty(place: Place) -> None:
    store, _ = place.open()
    assert (store.size(), store.last_time(), store.frontier()) == (0, None, Frontier.EMPTY)
    assert not store.checkpoints()
    assert list(store.entries(0, 10)) == []


def test_what_was_appended_is_read_back_by_another_process(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    kept = speaker.extend(store, 3) + speaker.extend(store, 2)
    found = again(place, store)
    assert list(found.entries(0, 5)) == kept
    assert list(found.entries(1, 3)) == kept[1:3]
    assert list(found.at([4, 0, 4])) == [kept[4], kept[0], kept[4]]
    assert found.last_time() == kept[-1].parsed.log_time
    assert found.frontier().root() == merkle.root([entry.leaf_hash for entry in kept])


def test_an_index_beyond_the_end_is_unknown(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    speaker.extend(store, 1)
    with pytest.raises(UnknownSubjectError):
        store.at([0, 1])
    with pytest.raises(UnknownSubjectError):
        store.at([-1])


def test_envelopes_are_found_by_digest(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    kept = speaker.extend(store, 3)
    digests = [entry.parsed.envelope for entry in kept]
    assert again(place, store).find({digests[2], digests[0], "0" * 64}) == {
        digests[0]: 0,
        digests[2]: 2,
    }
    many = {f"{number:064}" for number in range(1_200)}
    assert store.find(many | set(digests)) == dict(zip(digests, range(3), strict=True))


def test_a_later_statement_takes_over_a_claimed_identity(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    first, other = speaker.extend(store, 2, {0: "lot 7", 1: "lot 8 – ü"})
    assert store.claimants({"lot 7", "lot 8 – ü", "lot 9"}) == {
        "lot 7": first.parsed.envelope,
        "lot 8 – ü": other.parsed.envelope,
    }
    (later,) = speaker.extend(store, 1, {2: "lot 7"})
    assert again(place, store).claimants({"lot 7"}) == {"lot 7": later.parsed.envelope}


@pytest.mark.parametrize("steps", [(1, 1, 1, 4), (255, 1, 1), (256, 300, 1), (700,)])
def test_every_node_equals_the_tree_over_the_leaves(
    place: Place, speaker: Speaker, steps: tuple[int, ...]
) -> None:
    store, _ = place.open()
    leaves = [entry.leaf_hash for step in steps for entry in speaker.extend(store, step)]
    expected = merkle.reader_over(leaves)
    for found in (store, again(place, store)):
        for level in range(len(leaves).bit_length()):
            for index in {0, 1, (len(leaves) >> level) - 1, (len(leaves) >> level) // 2}:
                if (index + 1) << level <= len(leaves):
                    assert found.node(level, index) == expected(level, index)
        for missing in ((0, len(leaves)), (0, -1), (-1, 0), (len(leaves).bit_length(), 0)):
            with pytest.raises(MalformedError):
                found.node(*missing)


def test_proofs_hold_against_the_root(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    leaves = [entry.leaf_hash for entry in speaker.extend(store, 530)]
    root = store.frontier().root()
    for index in (0, 255, 256, 511, 529):
        proof = merkle.inclusion_proof(index, 530, store.node)
        merkle.verify_inclusion(index, 530, leaves[index], proof, root)


def test_a_checkpoint_is_kept_as_first_stored(place: Place) -> None:
    store, _ = place.open()
    store.put_checkpoint(3, b"three")
    store.put_checkpoint(10, b"ten")
    store.put_checkpoint(3, b"another three")
    found = store.checkpoints()
    assert list(found) == [(10, b"ten"), (3, b"three")]
    assert (len(found), found[0], found[-1]) == (2, (10, b"ten"), (3, b"three"))


def test_checkpoints_outlive_the_process(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    speaker.extend(store, 4)
    store.put_checkpoint(4, b"four")
    assert list(again(place, store).checkpoints()) == [(4, b"four")]


def test_an_exception_undoes_everything_in_the_transaction(place: Place, speaker: Speaker) -> None:
    store, views = place.open()
    kept = speaker.extend(store, 255, {0: "lot 7"})
    before = store.frontier()

    def act() -> None:
        with store.transaction():
            speaker.extend(store, 2, {255: "lot 7", 256: "lot 8"})
            views.link([("lot:7", 255)])
            store.put_checkpoint(257, b"note")
            assert store.size() == 257
            store.node(8, 0)
            raise PlantedError

    with pytest.raises(PlantedError):
        act()
    for found in (store, again(place, store)):
        assert (found.size(), found.frontier()) == (255, before)
        assert found.last_time() == kept[-1].parsed.log_time
        assert found.claimants({"lot 7", "lot 8"}) == {"lot 7": kept[0].parsed.envelope}
        assert not list(found.checkpoints())
        with pytest.raises(MalformedError):
            found.node(8, 0)
    assert list(views.indices("lot:7")) == []
    speaker.extend(store, 2)
    assert fsck(again(place, store), ()).faults == ()


def test_a_nested_transaction_joins_the_outer_one(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()

    def act() -> None:
        with store.transaction():
            with store.transaction():
                speaker.extend(store, 1)
            raise PlantedError

    with pytest.raises(PlantedError):
        act()
    assert store.size() == 0


def test_entries_out_of_order_are_refused(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    speaker.extend(store, 1)
    entry = speaker.entry(2)
    with pytest.raises(RegisterCorruptError):
        store.append([entry], {}, store.frontier().push(entry.leaf_hash))
    with pytest.raises(RegisterCorruptError):
        store.append([speaker.entry(1)], {}, store.frontier())
    assert store.size() == 1


def test_the_log_registers_a_statement_once(place: Place, speaker: Speaker) -> None:
    store, _ = place.open()
    batch = [speaker.verified(number) for number in (1, 2, 1)]
    with store.transaction():
        first = append(store, batch, NOON)
    with store.transaction():
        second = append(store, batch, NOON)
    assert [one.entry.index for one in first] == [one.entry.index for one in second] == [0, 1, 0]
    assert not any(one.fresh for one in second)
    assert store.size() == 2


def test_fsck_finds_a_sound_register_with_a_signed_checkpoint(
    place: Place, speaker: Speaker
) -> None:
    store, _ = place.open()
    key = LogKey("log.example", signers.generate())
    with store.transaction():
        append(store, [speaker.verified(number) for number in range(5)], NOON)
    note = checkpoint(store, key)
    assert checkpoint(store, key) == note
    verifier = parse_vkey(vkey(key.origin, key.signer.public.spki[-32:]))
    report = fsck(again(place, store), [verifier])
    assert (report.entries, report.checkpoints, report.faults) == (5, 1, ())


def test_two_writers_never_get_the_same_index(place: Place, speaker: Speaker) -> None:
    stores = [place.open()[0] for _ in range(2)]
    if place.kind == "memory":
        stores = stores[:1] * 2
    problems: list[BaseException] = []

    def write(store: EntryStore) -> None:
        try:
            for _ in range(10):
                with store.transaction():
                    speaker.extend(store, 1)
        except BaseException as error:  # noqa: BLE001 — told to the main thread
            problems.append(error)
        finally:
            _close_own_connection(place)

    _together([lambda store=store: write(store) for store in stores])
    assert problems == []
    final = again(place, stores[0])
    assert [entry.index for entry in final.entries(0, 99)] == list(range(20))
    assert fsck(final, ()).faults == ()


def _together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _close_own_connection(place: Place) -> None:
    if place.alias:
        from django.db import connections  # noqa: PLC0415 — after set-up

        connections[place.alias].close()

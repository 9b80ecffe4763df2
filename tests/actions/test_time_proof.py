"""Others prove by when the register stood: witnesses and services, put on record, and judged."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request as Asked
from urllib.request import urlopen

import pytest
from msgspec.structs import replace

from trust.foreign import stamp_service
from voltrail.actions import prove, time_proof
from voltrail.actions.desk import Desk
from voltrail.actions.pack import anchors_file, evidence_pack, statement_pack
from voltrail.audit.check import check, check_statement
from voltrail.audit.pack import Pack, parse, write
from voltrail.audit.time_proofs import Outsiders
from voltrail.errors import (
    LapsedError,
    RefusedError,
    SignatureInvalidError,
    UnknownSubjectError,
)
from voltrail.ids.subject import ArrivalId, PlaceId
from voltrail.register import note, receipt, witness_policy
from voltrail.register.cosigned import COSIGNATURE
from voltrail.register.witness_policy import WitnessPolicy
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.time_proof import TimeProof, VouchedBy
from voltrail.trust import anchors, signer
from voltrail.trust.foreign import timestamp
from voltrail.trust.foreign.timestamp import Service
from voltrail_world.cast import NORDLICHT, born
from voltrail_world.play import desk_of
from world_fixture import PlayedWorld, clean_shipment, fresh_world

NOW = datetime.now(UTC)
HALL = PlaceId.of("nordlicht", "hall-7")


class Stamps:
    """A service as a process of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url, self.pem = url, (folder / "roots.pem").read_bytes()

    @property
    def trusted(self) -> Service:
        return timestamp.service(self.pem)

    def answer(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        with urlopen(Asked(self.url, query, headers)) as found:
            return bytes(found.read())


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stamps, Stamps]]:
    folder = tmp_path_factory.mktemp("stamps")
    with ExitStack() as stack:
        made = []
        for name in ("one", "two"):
            stamp_service.made(folder / name, f"Service {name}")
            made.append(
                Stamps(folder / name, stack.enter_context(stamp_service.stamping(folder / name)))
            )
        yield made[0], made[1]


class Witnesses:
    """Three witnesses whose keys are here, and the policy that asks for two of them."""

    def __init__(self) -> None:
        self.keys = {f"w{n}": signer.generate() for n in range(3)}

    def verifier(self, name: str) -> note.Verifier:
        public = self.keys[name].public.spki[-32:]
        return note.parse_vkey(note.vkey(f"{name}.example", public, COSIGNATURE))

    @property
    def policy(self) -> WitnessPolicy:
        lines = [
            f"witness {name} {note.vkey(f'{name}.example', key.public.spki[-32:], COSIGNATURE)}\n"
            for name, key in self.keys.items()
        ]
        text = "".join(lines) + "group all 2 w0 w1 w2\nquorum all\n"
        return witness_policy.parse(text.encode())

    def lines(self, signed: bytes, *at: datetime) -> bytes:
        text, _ = note.split(signed)
        return b"".join(
            note.cosign(text, self.verifier(name), int(when.timestamp()), self.keys[name].sign)
            for name, when in zip(self.keys, at, strict=False)
        )


class Kept:
    """The cosignatures of one size."""

    def __init__(self, size: int, lines: bytes) -> None:
        self.size, self.lines = size, lines

    def of(self, size: int) -> bytes:
        return self.lines if size == self.size else b""


def cosigned(desk: Desk, witnesses: Witnesses, *at: datetime) -> Desk:
    """The desk, its newest checkpoint cosigned at these times."""
    signed = prove.own_checkpoint(desk)
    size = desk.entries.checkpoints()[0][0]
    return replace(desk, cosignatures=Kept(size, witnesses.lines(signed, *at)))


@pytest.fixture
def world() -> PlayedWorld:
    return fresh_world()


def stamped(desk: Desk, by: Stamps) -> TimeProof:
    asked = time_proof.request(desk)
    token = by.answer(asked.query)
    found = time_proof.from_service(desk, asked, token, by.trusted, datetime.now(UTC))
    (one,) = [each for each in time_proof.proofs(desk, 0) if each.entry.index == found.index]
    return one.fact


def test_a_service_stamps_a_checkpoint_and_every_entry_below_is_proven(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    desk, last = world.desk, world.desk.entries.size() - 1
    fact = stamped(desk, two[0])
    assert fact.vouched_by is VouchedBy.SERVICE
    assert fact.vouchers == ("CN=Service one",)
    assert fact.size == last + 1
    assert [one.fact for one in time_proof.proofs(desk, last)] == [fact]
    assert time_proof.proofs(desk, last + 1) == ()


def test_a_quorum_proves_the_moment_at_which_it_was_reached(world: PlayedWorld) -> None:
    witnesses = Witnesses()
    early, late = (NOW - timedelta(hours=n) for n in (3, 2))
    desk = cosigned(world.desk, witnesses, early, late)
    found = time_proof.from_witnesses(desk, witnesses.policy, NOW)
    assert found is not None
    (proof,) = time_proof.proofs(desk, 0)
    assert proof.fact.proven_at == late.replace(microsecond=0)
    assert proof.fact.vouchers == ("w0", "w1")


def test_fewer_witnesses_than_the_quorum_prove_nothing(world: PlayedWorld) -> None:
    witnesses = Witnesses()
    desk = cosigned(world.desk, witnesses, NOW - timedelta(hours=1))
    assert time_proof.from_witnesses(desk, witnesses.policy, NOW) is None
    assert time_proof.proofs(desk, 0) == ()


def test_the_same_checkpoint_is_not_put_on_record_twice(world: PlayedWorld) -> None:
    witnesses = Witnesses()
    desk = cosigned(world.desk, witnesses, NOW, NOW)
    assert time_proof.from_witnesses(desk, witnesses.policy, NOW) is not None
    size = desk.entries.size()
    assert time_proof.from_witnesses(desk, witnesses.policy, NOW) is None
    assert desk.entries.size() == size


def test_proofs_of_time_alone_ask_for_no_further_proof(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    fact = stamped(world.desk, two[0])
    prove.own_checkpoint(world.desk)
    assert time_proof.uncovered(world.desk, fact.size) == 0
    assert time_proof.uncovered(world.desk, 0) == fact.size


def test_an_answer_by_another_service_is_refused(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    asked = time_proof.request(world.desk)
    with pytest.raises((SignatureInvalidError, RefusedError)):
        time_proof.from_service(world.desk, asked, two[1].answer(asked.query), two[0].trusted, NOW)
    assert time_proof.proofs(world.desk, 0) == ()


def test_an_answer_to_an_earlier_question_is_refused(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    old, new = time_proof.request(world.desk), time_proof.request(world.desk)
    with pytest.raises(RefusedError, match="another request"):
        time_proof.from_service(world.desk, new, two[0].answer(old.query), two[0].trusted, NOW)


def test_a_stamp_from_a_time_that_has_not_come_is_refused(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    asked = time_proof.request(world.desk)
    with pytest.raises(RefusedError, match="has not come"):
        time_proof.from_service(
            world.desk, asked, two[0].answer(asked.query), two[0].trusted, NOW - timedelta(days=1)
        )


def test_a_service_whose_certificate_has_ended_proves_nothing(
    world: PlayedWorld, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    stamp_service.made(folder, days=-0.5)
    asked = time_proof.request(world.desk)
    with stamp_service.stamping(folder) as url:
        stamps = Stamps(folder, url)
        answer = stamps.answer(asked.query)
    with pytest.raises((LapsedError, RefusedError)):
        time_proof.from_service(world.desk, asked, answer, stamps.trusted, NOW)


def trust_of(desk: Desk) -> tuple[anchors.Anchors, tuple[str, ...]]:
    return anchors.parse(anchors_file(desk))


def test_a_pack_proves_the_time_to_who_trusts_the_service_and_to_nobody_else(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    desk = world.desk
    fact = stamped(desk, two[0])
    pack = parse(statement_pack(desk, 3))
    pinned, logs = trust_of(desk)
    found = check_statement(pack, pinned, logs, Outsiders(services=two[0].trusted))
    assert found.proven is not None
    assert found.proven.at == fact.proven_at
    assert found.proven.vouchers == ("CN=Service one",)
    other = check_statement(pack, pinned, logs, Outsiders(services=two[1].trusted))
    assert other.proven is None
    assert check_statement(pack, pinned, logs).proven is None


def test_a_pack_of_a_decision_is_the_same_with_and_without_outsiders(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    world.deliver(clean_shipment())
    witnesses = Witnesses()
    desk = cosigned(world.desk, witnesses, NOW, NOW)
    time_proof.from_witnesses(desk, witnesses.policy, NOW)
    stamped(desk, two[0])
    row = next(iter(desk.views.rows()))
    pack = parse(evidence_pack(desk, ArrivalId.read(row.arrival)))
    pinned, logs = trust_of(desk)
    for outsiders in (Outsiders(), Outsiders(services=two[0].trusted)):
        assert check(pack, pinned, logs, outsiders).replay.same


def changed(pack: Pack, **changes: object) -> Pack:
    return parse(write(replace(pack, **changes)))


def test_evidence_that_was_taken_out_or_changed_proves_nothing(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    desk = world.desk
    stamped(desk, two[0])
    pack, (pinned, logs) = parse(statement_pack(desk, 3)), trust_of(desk)
    outsiders = Outsiders(services=two[0].trusted)
    for evidence in ({}, {name: data[:-1] for name, data in pack.evidence.items()}):
        assert (
            check_statement(changed(pack, evidence=evidence), pinned, logs, outsiders).proven
            is None
        )


def test_a_proof_of_time_of_another_history_is_refused(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    desk = world.desk
    stamped(desk, two[0])
    pack, (pinned, logs) = parse(statement_pack(desk, 3)), trust_of(desk)
    ((index, way),) = pack.grown.items()
    for grown in ({}, {index: (*way, bytes(32))}, {index: (bytes(32), *way[1:])}):
        with pytest.raises(RefusedError):
            check_statement(changed(pack, grown=grown), pinned, logs)


def test_an_entry_is_shown_under_the_checkpoint_that_was_stamped(
    world: PlayedWorld, two: tuple[Stamps, Stamps]
) -> None:
    desk = world.desk
    stamped(desk, two[0])
    (proof,) = time_proof.proofs(desk, 3)
    found = receipt.parse(time_proof.receipt_under(desk, 3, proof))
    (entry,) = desk.entries.at([3])
    keys = [note.parse_vkey(one) for one in desk.log.verifier_keys]
    assert receipt.verify(found, entry.leaf, keys).size == proof.fact.size
    token = desk.blobs.get(proof.fact.token or "")
    assert timestamp.verify(token or b"", found.checkpoint_note, two[0].trusted, NOW + timedelta(1))


def test_an_entry_that_is_not_there_has_no_proofs(world: PlayedWorld) -> None:
    with pytest.raises(UnknownSubjectError):
        time_proof.proofs(world.desk, 10**6)


def test_witnesses_that_fell_silent_long_ago_stop_nobody(
    world: PlayedWorld, two: tuple[Stamps, Stamps], monkeypatch: pytest.MonkeyPatch
) -> None:
    witnesses = Witnesses()
    desk = cosigned(world.desk, witnesses, NOW, NOW)
    assert time_proof.from_witnesses(desk, witnesses.policy, NOW) is not None
    monkeypatch.setattr(time_proof, "_LAST", 1)
    stamped(desk, two[0])
    assert time_proof.newest(desk, VouchedBy.WITNESSES) is None
    size = desk.entries.size()
    assert time_proof.from_witnesses(desk, witnesses.policy, datetime.now(UTC)) is None
    assert desk.entries.size() == size


def test_only_checkpoints_that_somebody_cosigned_are_judged(
    world: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    witnesses, judged = Witnesses(), []
    desk = cosigned(world.desk, witnesses, NOW)
    for n in range(3):
        world.hand_in(world.say(Signal(SignalKind.PACKAGING, f"{n}"), NORDLICHT, HALL), NOW)
        prove.own_checkpoint(world.desk)
    real = witness_policy.quorum
    monkeypatch.setattr(witness_policy, "quorum", lambda *given: judged.append(1) or real(*given))
    assert time_proof.from_witnesses(desk, witnesses.policy, NOW) is None
    assert len(judged) == 1


def test_an_empty_register_is_not_stamped(two: tuple[Stamps, Stamps]) -> None:
    desk = desk_of(born())
    with pytest.raises(RefusedError, match="no entry"):
        time_proof.request(desk)

"""The witness's judgement: it cosigns what grew, and says why where it does not."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail import merkle
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.register import note, witness
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.witness import Head, Outcome, Request, Witness, WitnessKey
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm

LOG, OTHER = signer.generate(), signer.generate()
ORIGIN = "register.example/one"
LOG_KEY = note.parse_vkey(note.vkey(ORIGIN, LOG.public.spki[-32:]))
KEYS = tuple(
    WitnessKey("witness.example/w1", signer.generate(each))
    for each in (Algorithm.ED25519, Algorithm.MLDSA44)
)
OURS = [each.verifier for each in KEYS]
WITNESS = Witness((LOG_KEY,), KEYS)
AT = datetime(2026, 11, 28, tzinfo=UTC)
LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(40)]


class Kept:
    """A state in memory."""

    def __init__(self) -> None:
        self.heads: dict[str, Head] = {}

    def newest(self, origin: str) -> Head:
        return self.heads.get(origin, Head())

    def advance(self, origin: str, before: Head, after: Head) -> bool:
        if self.newest(origin) != before:
            return False
        self.heads[origin] = after
        return True


def asked(old: int, leaves: Sequence[bytes], by: signer.LocalSigner = LOG) -> Request:
    text = Checkpoint(ORIGIN, len(leaves), merkle.root(leaves)).text()
    proof = merkle.consistency_proof(old, len(leaves), merkle.reader_over(leaves)) if old else []
    signed = note.sign(text, ORIGIN, by.sign, LOG.public.spki[-32:])
    return Request(old, tuple(proof), signed)


def answer(state: Kept, request: Request) -> witness.Answer:
    return witness.cosign(state, request.body(), WITNESS, AT)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5).map(sorted))
def test_a_log_that_grows_is_cosigned_by_both_keys(sizes: list[int]) -> None:
    state, old = Kept(), 0
    for size in sizes:
        request = asked(old, LEAVES[:size])
        found = answer(state, request)
        assert found.outcome is Outcome.COSIGNED
        lines = witness.verified_lines(request.note, found.body, OURS)
        _, stamped = note.open_stamped(request.note + b"".join(lines), [LOG_KEY, *OURS])
        assert [one.time_s for one in stamped] == [0, int(AT.timestamp()), int(AT.timestamp())]
        old = size


def test_the_body_is_that_of_the_specification() -> None:
    lines = asked(3, LEAVES[:5]).body().split(b"\n")
    assert lines[0] == b"old 3"
    assert lines[5:9][0] == b""
    assert lines[6] == ORIGIN.encode()


def test_another_size_is_answered_with_the_one_that_is_known() -> None:
    state = Kept()
    answer(state, asked(0, LEAVES[:7]))
    for old in (0, 5):
        found = answer(state, asked(old, LEAVES[:9]))
        assert (found.outcome, found.body) == (Outcome.OTHER_SIZE, b"7\n")
        assert found.media == "text/x.tlog.size"
    assert answer(state, asked(7, LEAVES[:9])).outcome is Outcome.COSIGNED


def test_the_same_checkpoint_is_cosigned_again_and_another_of_its_size_never() -> None:
    state = Kept()
    answer(state, asked(0, LEAVES[:7]))
    assert answer(state, asked(7, LEAVES[:7])).outcome is Outcome.COSIGNED
    forked = Request(7, (), asked(0, [*LEAVES[:6], LEAVES[30]]).note)
    assert answer(state, forked).outcome is Outcome.OTHER_SIZE
    assert state.newest(ORIGIN).root == merkle.root(LEAVES[:7])


def test_a_fork_is_not_consistent_and_leaves_the_state_alone() -> None:
    state = Kept()
    answer(state, asked(0, LEAVES[:7]))
    forked = asked(7, [*LEAVES[:6], *LEAVES[20:25]])
    assert answer(state, forked).outcome is Outcome.NOT_CONSISTENT
    assert state.newest(ORIGIN).size == 7


def test_who_is_not_known_or_did_not_sign_is_told_so() -> None:
    state = Kept()
    assert answer(state, asked(0, LEAVES, OTHER)).outcome is Outcome.UNSIGNED
    nobody = Witness((), KEYS)
    found = witness.cosign(state, asked(0, LEAVES).body(), nobody, AT)
    assert found.outcome is Outcome.UNKNOWN_LOG
    assert not state.heads


def test_an_old_size_beyond_the_checkpoint_is_malformed() -> None:
    request = Request(9, (), asked(0, LEAVES[:7]).note)
    assert answer(Kept(), request).outcome is Outcome.MALFORMED


def test_an_empty_log_has_one_root_only() -> None:
    """Pitfall 17: size 0."""
    assert answer(Kept(), asked(0, [])).outcome is Outcome.COSIGNED
    text = Checkpoint(ORIGIN, 0, LEAVES[0]).text()
    odd = Request(0, (), note.sign(text, ORIGIN, LOG.sign, LOG.public.spki[-32:]))
    assert answer(Kept(), odd).outcome is Outcome.NOT_CONSISTENT


def test_trailing_and_missing_hashes_are_not_consistent() -> None:
    """Pitfall 17: a proof with trailing hashes, one with too few, one from size 0."""
    state = Kept()
    answer(state, asked(0, LEAVES[:1]))  # size 1
    good = asked(1, LEAVES[:6])
    for proof in (good.proof[:-1], (*good.proof, LEAVES[0]), ()):
        assert answer(state, Request(1, proof, good.note)).outcome is Outcome.NOT_CONSISTENT
    first = asked(0, LEAVES[:6])
    found = answer(Kept(), Request(0, (LEAVES[0],), first.note))
    assert found.outcome is Outcome.NOT_CONSISTENT


@pytest.mark.parametrize("length", [31, 33])
def test_a_hash_of_another_length_is_malformed(length: int) -> None:
    """Pitfall 17: a proof with a hash of 31 or 33 bytes."""
    with pytest.raises(MalformedError):
        witness.parse_request(Request(1, (b"x" * length,), asked(0, LEAVES).note).body())


def test_leaf_and_node_are_parted() -> None:
    """Pitfall 22: two leaf hashes passed off as the bytes of one leaf give another root."""
    state, pair = Kept(), LEAVES[0] + LEAVES[1]
    one = merkle.leaf_hash(pair)
    assert one != merkle.node_hash(LEAVES[0], LEAVES[1])
    answer(state, asked(0, [one]))
    grown = asked(0, [LEAVES[0], LEAVES[1], LEAVES[2]])
    assert answer(state, Request(1, (LEAVES[2],), grown.note)).outcome is Outcome.NOT_CONSISTENT


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_malformed(data: bytes) -> None:
    assert witness.cosign(Kept(), data, WITNESS, AT).outcome is Outcome.MALFORMED


@pytest.mark.parametrize(
    "body",
    [
        b"old 01\n\n" + asked(0, LEAVES).note,
        b"old 0\r\n\n" + asked(0, LEAVES).note,
        b"old -1\n\n" + asked(0, LEAVES).note,
        b"old 0\n" + asked(0, LEAVES).note,
        b"old 0\n\n",
        b"old 9999999999999999999\n\n" + asked(0, LEAVES).note,
        Request(0, (LEAVES[0],) * 64, asked(0, LEAVES).note).body(),
        b"old 0\n\n" + asked(0, LEAVES).note + b"x" * 70_000,
        b"\xff" + asked(0, LEAVES).body(),
        b"old 0\n\nno checkpoint\n\n" + asked(0, LEAVES).note.split(b"\n\n")[1],
    ],
    ids=range(10),
)
def test_what_is_no_request_is_malformed(body: bytes) -> None:
    assert witness.cosign(Kept(), body, WITNESS, AT).outcome is Outcome.MALFORMED


def test_two_requests_at_once_never_take_the_state_back() -> None:
    class Raced(Kept):
        def advance(self, origin: str, before: Head, after: Head) -> bool:  # noqa: ARG002
            self.heads[origin] = Head(12, merkle.root(LEAVES[:12]))
            return False

    found = answer(Raced(), asked(0, LEAVES[:7]))
    assert (found.outcome, found.body) == (Outcome.OTHER_SIZE, b"12\n")


def test_only_lines_of_the_witness_that_was_asked_are_taken() -> None:
    request = asked(0, LEAVES)
    found = answer(Kept(), request)
    stranger = WitnessKey("stranger.example", signer.generate())
    line = note.cosign(note.split(request.note)[0], stranger.verifier, 5, stranger.signer.sign)
    taken = witness.verified_lines(request.note, found.body + line, OURS)
    assert b"".join(taken) == found.body
    with pytest.raises(UnverifiableError):
        witness.verified_lines(request.note, line, OURS)
    with pytest.raises(MalformedError):
        witness.verified_lines(request.note, b"nothing\n", OURS)
    forged = note.signature_line(OURS[0].name, OURS[0].key_id, b"x" * 72)
    with pytest.raises(SignatureInvalidError):
        witness.verified_lines(request.note, found.body + forged, OURS)

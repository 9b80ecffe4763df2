"""A chip answers a challenge: the bound key, this unit, once, in time; all else is no match."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from voltrail import base45
from voltrail.errors import MalformedError
from voltrail.ids.subject import UnitId
from voltrail.labels import code, element
from voltrail.labels.element import Hand, Proof, Purpose
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner

AT = datetime(2026, 11, 28, 8, 40, tzinfo=UTC)
UNIT, OTHER = UnitId.of("kestrel", "K0001"), UnitId.of("kestrel", "K0002")
CHIPS = {one: signer.generate(one) for one in (Algorithm.ED25519, Algorithm.P256)}
CHIP, STRANGER = CHIPS[Algorithm.ED25519], signer.generate()
ASKED = element.ask(UNIT, Purpose.LOOK, b"\x07" * 32, AT)
HAND = Hand(UNIT, CHIP.public)


def judged(text: str, hand: Hand = HAND, at: datetime = AT) -> element.Judged:
    return element.judge(ASKED, element.read(text), hand, at)


def test_the_bytes_that_a_chip_signs_are_these() -> None:
    """Written by hand from docs/spec/element.md; a second implementation signs the same."""
    assert element.signed_bytes(ASKED) == (
        b"voltrail element challenge 1\nlook\nurn:voltrail:unit:kestrel:K0001\n"
        b"2026-11-28T08:40:00Z\n2026-11-28T08:50:00Z\n" + b"07" * 32 + b"\n"
    )


@pytest.mark.parametrize("chip", CHIPS.values(), ids=map(str, CHIPS))
def test_the_bound_key_answers_and_matches(chip: LocalSigner) -> None:
    found = judged(element.answer(ASKED, chip), Hand(UNIT, chip.public))
    assert (found.proof, found.counts) == (Proof.MATCH, True)
    assert found.sentence == "kestrel:K0001 holds the key that kestrel bound to it."


@pytest.mark.parametrize(
    ("hand", "at", "proof"),
    [
        (Hand(UNIT, STRANGER.public), AT, Proof.WRONG_KEY),
        (Hand(UNIT, CHIPS[Algorithm.P256].public), AT, Proof.WRONG_KEY),
        (Hand(UNIT, None), AT, Proof.NO_KEY),
        (Hand(UNIT, CHIP.public, spent=True), AT, Proof.SPENT),
        (Hand(OTHER, CHIP.public), AT, Proof.OTHER_UNIT),
        (HAND, AT + element.LASTS, Proof.LATE),
        (HAND, AT - timedelta(seconds=1), Proof.LATE),
    ],
)
def test_whatever_is_not_right_is_named_and_no_match(
    hand: Hand, at: datetime, proof: Proof
) -> None:
    found = judged(element.answer(ASKED, CHIP), hand, at)
    assert (found.proof, found.counts) == (proof, proof is Proof.WRONG_KEY)
    assert found.sentence.endswith(".")
    assert found.hint


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": Purpose.INSTALL},
        {"unit": OTHER},
        {"expires": ASKED.expires + timedelta(seconds=1)},
        {"asked": ASKED.asked - timedelta(seconds=1)},
    ],
)
def test_an_answer_to_other_bytes_under_the_same_chance_is_a_wrong_answer(
    changes: dict[str, object],
) -> None:
    assert judged(element.answer(replace(ASKED, **changes), CHIP)).proof is Proof.WRONG_KEY


def test_an_answer_to_another_challenge_is_none_to_this() -> None:
    other = replace(ASKED, nonce=b"\x08" * 32)
    assert judged(element.answer(other, CHIP)).proof is Proof.OTHER_CHALLENGE


def test_a_signature_over_the_chance_alone_is_no_answer() -> None:
    """A chip that signs whatever it is sent, say in another protocol, has not answered us."""
    body = ASKED.nonce + CHIP.sign(ASKED.nonce)
    text = element.ANSWERS + base45.encode(body + hashlib.sha256(body).digest()[:4])
    assert judged(text).proof is Proof.WRONG_KEY


def test_every_slip_in_an_answer_is_told_from_a_wrong_one() -> None:
    text = element.answer(ASKED, CHIP)
    for at in range(len(element.ANSWERS), len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(MalformedError):
            element.read(changed)
    with pytest.raises(MalformedError, match="cut or mistyped"):
        element.read(text[:-3])


@pytest.mark.parametrize("purpose", Purpose)
def test_a_challenge_travels_as_text_and_in_a_code(purpose: Purpose) -> None:
    asked = replace(ASKED, purpose=purpose)
    assert element.parse(element.text(asked)) == asked
    assert code.read(code.png(element.text(asked))) == (element.text(asked),)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_challenge_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(MalformedError):
        element.ask(UNIT, Purpose.LOOK, b"\x00" * size, AT)


def written(*lines: str) -> str:
    return element.ASKS + base45.encode("".join(f"{one}\n" for one in lines).encode())


WHOLE = element.signed_bytes(ASKED).decode().split("\n")[:-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "VTC1:",
        "VTA1:AA",
        written(*WHOLE[:-1]),
        written(*WHOLE, "more"),
        written("DSSEv1", *WHOLE[1:]),
        written(WHOLE[0], "sell", *WHOLE[2:]),
        written(*WHOLE[:2], "urn:voltrail:lot:kestrel:L1", *WHOLE[3:]),
        written(*WHOLE[:2], "urn:voltrail:unit:kestrel", *WHOLE[3:]),
        written(*WHOLE[:3], "2026-11-28T08:40:00.000Z", *WHOLE[4:]),
        written(*WHOLE[:3], "yesterdayZ", *WHOLE[4:]),
        element.text(ASKED) + "0" * 700,
    ],
)
def test_what_is_no_challenge_is_refused(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        element.parse(text)
    assert caught.value.hint


def test_a_key_of_another_scheme_answers_nothing() -> None:
    with pytest.raises(MalformedError):
        element.answer(ASKED, signer.generate(Algorithm.MLDSA44))


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers(text: str) -> None:
    for reader in (element.read, element.parse):
        for prefix in ("", element.ASKS, element.ANSWERS):
            try:
                reader(prefix + text)
            except MalformedError:
                continue

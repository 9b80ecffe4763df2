"""Witness policies: parsed strictly, and counted so that nobody counts twice."""

from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail import merkle
from voltrail.errors import (
    MalformedError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.register import note, receipt, witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.witness import WitnessKey
from voltrail.register.witness_policy import need, parse, quorum
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm

ORIGIN = "register.example/one"
LOG = signer.generate()
LOG_VKEY = note.vkey(ORIGIN, LOG.public.spki[-32:])
KEYS = {
    name: WitnessKey(f"{name}.example", signer.generate(kind))
    for name, kind in zip("abcd", [Algorithm.ED25519, Algorithm.MLDSA44] * 2, strict=True)
}
LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(5)]
TEXT = Checkpoint(ORIGIN, 5, merkle.root(LEAVES)).text()
SIGNED = note.sign(TEXT, ORIGIN, LOG.sign, LOG.public.spki[-32:])
WITNESSES = "".join(f"witness {name} {key.vkey}\n" for name, key in KEYS.items())
TWO_OF_THREE = parse(f"log {LOG_VKEY}\n{WITNESSES}group g 2 a b c\nquorum g\n".encode())


def cosigned(**times: int) -> bytes:
    lines = [
        note.cosign(TEXT, KEYS[name].verifier, time, KEYS[name].signer.sign)
        for name, time in times.items()
    ]
    return SIGNED + b"".join(lines)


def test_a_quorum_names_its_witnesses_and_the_time_it_proves() -> None:
    found = need(TWO_OF_THREE, cosigned(c=300, a=100, b=200))
    assert found.since == datetime.fromtimestamp(200, UTC)
    assert found.sentence == (
        "quorum of 2 of 3: a 1970-01-01T00:01:40Z, b 1970-01-01T00:03:20Z, c 1970-01-01T00:05:00Z"
    )


@pytest.mark.parametrize("count", range(4))
def test_two_of_three_are_reached_by_two_and_no_less(count: int) -> None:
    for names in combinations("abc", count):
        found = quorum(TWO_OF_THREE, cosigned(**dict.fromkeys(names, 7)))
        assert found.reached == (count >= 2)
        assert set(found.missing) == set("abc") - set(names)
    assert not quorum(TWO_OF_THREE, cosigned(a=1, d=1)).reached  # d is in no group


def test_what_is_not_reached_is_refused_with_who_is_missing() -> None:
    with pytest.raises(RefusedError, match="missing b, c"):
        need(TWO_OF_THREE, cosigned(a=100))
    with pytest.raises(RefusedError, match="nobody"):
        need(TWO_OF_THREE, SIGNED)


def test_one_witness_that_signs_twice_counts_once_and_at_its_earliest() -> None:
    twice = cosigned(a=500) + cosigned(a=100)[len(SIGNED) :]
    found = quorum(TWO_OF_THREE, twice)
    assert not found.reached
    assert found.cosigned == (("a", datetime.fromtimestamp(100, UTC)),)


def test_a_cosignature_without_time_does_not_count() -> None:
    assert not quorum(TWO_OF_THREE, cosigned(b=0, a=5)).reached


def test_a_wrong_cosignature_refuses_the_checkpoint() -> None:
    bad = note.signature_line("c.example", KEYS["c"].verifier.key_id, b"x" * 72)
    with pytest.raises(SignatureInvalidError):
        need(TWO_OF_THREE, cosigned(a=1, b=1) + bad)


def test_groups_of_groups_prove_when_enough_of_each_had_cosigned() -> None:
    policy = parse(
        f"{WITNESSES}group x any a b\ngroup y all c d\ngroup z all x y\nquorum z\n".encode()
    )
    logs = [note.parse_vkey(LOG_VKEY)]
    found = need(policy, cosigned(a=900, b=50, c=100, d=200), logs)
    assert found.since == datetime.fromtimestamp(200, UTC)
    assert not quorum(policy, cosigned(a=1, b=1, c=1), logs).reached


def test_without_quorum_the_log_alone_counts_but_it_must() -> None:
    policy = parse(b"quorum none\n")
    found = need(policy, SIGNED, [note.parse_vkey(LOG_VKEY)])
    assert (found.since, found.sentence) == (None, "quorum of 0 of 0: no witness asked for")
    with pytest.raises(UnverifiableError):
        need(policy, SIGNED)
    single = parse(f"log {LOG_VKEY}\n{WITNESSES}quorum a\n".encode())
    assert need(single, cosigned(a=1)).sentence == "quorum of 1 of 1: a 1970-01-01T00:00:01Z"


def test_witnesses_without_the_log_prove_nothing() -> None:
    """Pitfall 16: a checkpoint without the log's own signature, or under another origin."""
    bare = TEXT.encode() + b"\n" + cosigned(a=1, b=1)[len(SIGNED) :]
    with pytest.raises(UnverifiableError):
        quorum(TWO_OF_THREE, bare)
    other = note.sign(TEXT, "other.example", LOG.sign, LOG.public.spki[-32:])
    vkey = note.vkey("other.example", LOG.public.spki[-32:])
    policy = parse(f"log {vkey}\n{WITNESSES}quorum a\n".encode())
    with pytest.raises(UnverifiableError):
        quorum(policy, other)


def test_a_receipt_is_verified_with_the_witnesses_too() -> None:
    proof = merkle.inclusion_proof(2, 5, merkle.reader_over(LEAVES))
    good = receipt.Receipt(2, tuple(proof), cosigned(a=1, b=1))
    logs = [note.parse_vkey(LOG_VKEY)]
    assert receipt.verify(good, b"2", logs, TWO_OF_THREE).size == 5
    with pytest.raises(RefusedError):
        receipt.verify(receipt.Receipt(2, tuple(proof), SIGNED), b"2", logs, TWO_OF_THREE)


def test_comments_blanks_and_addresses_are_read_over() -> None:
    text = f"# ours\n\n \t# more\n  log\t{LOG_VKEY}  https://r.example/ \n{WITNESSES}quorum a\n"
    assert parse(text.encode()).logs[0].name == ORIGIN
    strange = f"# \udcff\nwitness w\u00e9 {KEYS['a'].vkey} https://w.example\nquorum w\u00e9\n"
    assert list(parse(strange.encode(errors="surrogateescape")).witnesses) == ["wé"]


A, B = KEYS["a"].vkey, KEYS["b"].vkey


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "quorum none",
        "quorum none\r\n",
        "quorum none\nquorum none\n",
        "quorum a\n",
        "quorum none more\n",
        "Quorum none\n",
        "log\nquorum none\n",
        "log x+y+z\nquorum none\n",
        f"log {A}\nquorum none\n",
        f"log {LOG_VKEY}\nlog {LOG_VKEY}\nquorum none\n",
        f"witness none {A}\nquorum none\n",
        f"witness a {A}\nwitness a {B}\nquorum a\n",
        f"witness a {A}\nwitness b {A}\nquorum a\n",
        f"witness a {LOG_VKEY}\nquorum a\n",
        f"quorum a\nwitness a {A}\n",
        f"witness a {A}\ngroup g 1\nquorum g\n",
        f"witness a {A}\ngroup g 0 a\nquorum g\n",
        f"witness a {A}\ngroup g 01 a\nquorum g\n",
        f"witness a {A}\ngroup g 2 a\nquorum g\n",
        f"witness a {A}\ngroup g most a\nquorum g\n",
        f"witness a {A}\ngroup g any a a\nquorum g\n",
        f"witness a {A}\ngroup g any a\ngroup h any a\nquorum h\n",
        f"group g any a\nwitness a {A}\nquorum g\n",
        f"witness a {A}\ngroup g any none\nquorum g\n",
        f"witness a {A}\ngroup a any a\nquorum a\n",
        "quorum none\x00\n",
        "group g any g\nquorum g\n",
    ],
    ids=range(29),
)
def test_what_is_no_policy_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        parse(text.encode())


def test_one_key_under_two_names_is_one_witness() -> None:
    same = note.vkey("elsewhere.example", KEYS["a"].signer.public.spki[-32:], note.COSIGNATURE)
    with pytest.raises(MalformedError, match="twice"):
        parse(f"witness a {A}\nwitness b {same}\ngroup g 2 a b\nquorum g\n".encode())


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(data.replace(b"quorum", b""))


def test_a_large_file_is_malformed() -> None:
    with pytest.raises(MalformedError):
        parse(b"#" * witness_policy.MAX_BYTES + b"\n")

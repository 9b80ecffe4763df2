"""Keys in a token: they sign, they stay there, and whatever goes wrong has its sentence."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from trust.soft_token import LABEL, PIN, Tokens, tokens
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.statements import envelope
from voltrail.trust import key_uri, signer, token, token_library
from voltrail.trust.key_uri import Given
from voltrail.trust.keys import Algorithm

__all__ = ["tokens"]

pytestmark = pytest.mark.softhsm
BOTH = [Algorithm.ED25519, Algorithm.P256]


def another(tokens: Tokens, name: str, id: bytes, **how: Any) -> None:  # noqa: A002, ANN401
    """Make a key as another program would."""
    pkcs11 = token_library.package()
    place = token_library.Place(token=LABEL, object=name)
    with token_library.LOCK:
        library = token_library.library(place, tokens.given())
        session = token_library.log_in(library, place, tokens.given(), writes=True)
        curve = {pkcs11.Attribute.EC_PARAMS: how.pop("curve", next(iter(token._CURVES)))}
        made = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        made.generate_keypair(id=id, label=name, store=True, **how)
        session.close()


@pytest.mark.parametrize("algorithm", BOTH)
def test_a_key_made_in_a_token_signs_and_cannot_be_taken_out(
    tokens: Tokens, algorithm: Algorithm
) -> None:
    made = tokens.make("seal", algorithm)
    assert made.public.algorithm is algorithm
    for said in (b"", b"a lot record", b"x" * 100_000):
        made.public.check(made.sign(said), said)
    with pytest.raises(SignatureInvalidError):
        made.public.check(made.sign(b"one"), b"another")
    found = tokens.open("seal")
    assert found.public == made.public
    key: Any = found
    attributes = token_library.package().Attribute
    assert key._key[attributes.SENSITIVE]
    assert not key._key[attributes.EXTRACTABLE]
    with pytest.raises(token_library.package().PKCS11Error):
        assert key._key[attributes.VALUE]


def test_a_statement_sealed_in_a_token_reads_as_any_other(tokens: Tokens) -> None:
    made = tokens.make("seal")
    found = signer.sealed(b"{}", made)
    covered = envelope.pae(envelope.PAYLOAD_TYPE, b"{}")
    made.public.check(envelope.parse(found.raw).signatures[0].sig, covered)


@pytest.mark.parametrize("algorithm", BOTH)
def test_threads_sign_at_once(tokens: Tokens, algorithm: Algorithm) -> None:
    made = tokens.make("seal", algorithm)
    said = [b"%d" % number for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        for one, signature in zip(said, pool.map(made.sign, said), strict=True):
            made.public.check(signature, one)


def test_one_session_is_kept_and_the_pin_is_asked_once(tokens: Tokens) -> None:
    tokens.make("seal")
    tokens.restart()
    tokens.asked.clear()
    found = tokens.open("seal")
    for number in range(5):
        found.sign(b"%d" % number)
    assert tokens.asked == [f"PIN of the token {LABEL}"]


def test_two_keys_of_one_token_share_the_log_in(tokens: Tokens) -> None:
    one, two = tokens.make("one"), tokens.make("two", Algorithm.ED25519)
    assert one.public != two.public
    for each in (one, two, one):
        each.public.check(each.sign(b"x"), b"x")


def sentence(kind: type[ProductError], words: str) -> Any:  # noqa: ANN401 — pytest's
    return pytest.raises(kind, match=words)


def test_a_wrong_pin_is_refused_and_not_tried_again(tokens: Tokens) -> None:
    tokens.make("seal")
    tokens.restart()
    for _ in range(3):
        with sentence(RefusedError, "refuses this PIN") as caught:
            tokens.open("seal", pin="000000")
        assert "000000" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__!r}"
    assert len(token_library._refused) == 1
    assert tokens.open("seal").sign(b"x")


def test_a_token_that_is_not_there_is_said(tokens: Tokens) -> None:
    with sentence(UnverifiableError, "No token elsewhere is there"):
        tokens.open("seal", label="elsewhere")


def test_a_token_put_in_later_is_found(tokens: Tokens) -> None:
    tokens.make("seal")
    tokens.add("second")
    assert tokens.make("seal", label="second").sign(b"x")


def test_a_key_that_is_not_there_is_said(tokens: Tokens) -> None:
    tokens.make("seal")
    with sentence(UnverifiableError, "has no key Seal"):
        tokens.open("Seal")


def test_two_keys_by_one_name_are_told_apart_by_their_id_alone(tokens: Tokens) -> None:
    another(tokens, "seal", b"\x01\x02")
    another(tokens, "seal", b"\x01\xff")
    with sentence(RefusedError, "has 2 keys seal"):
        tokens.open("seal")
    one, two = tokens.open("seal;id=%01%02"), tokens.open("seal;id=%01%FF")
    assert one.public != two.public
    for each in (one, two):
        each.public.check(each.sign(b"x"), b"x")


def test_a_key_that_may_not_sign_is_refused(tokens: Tokens) -> None:
    another(tokens, "agree", b"\x01", capabilities=token_library.package().MechanismFlag.DERIVE)
    with sentence(RefusedError, "may not sign"):
        tokens.open("agree")


def careful(tokens: Tokens) -> Any:  # noqa: ANN401 — its inside is looked at
    """The signer of a key that asks for its PIN at each signature."""
    each_time = {token_library.package().Attribute.ALWAYS_AUTHENTICATE: True}
    another(tokens, "careful", b"\x01", private_template=each_time)
    made = tokens.open("careful")
    tokens.asked.clear()
    return made


def test_a_key_that_asks_for_its_pin_each_time_gets_it(tokens: Tokens) -> None:
    made = careful(tokens)
    for said in (b"x", b"y"):
        made.public.check(made.sign(said), said)
    assert len(tokens.asked) == 2


def test_a_wrong_pin_at_a_signature_is_tried_once(tokens: Tokens) -> None:
    made = careful(tokens)
    made._given = tokens.given("000000")
    for _ in range(2):
        with sentence(RefusedError, "refuses this PIN"):
            made.sign(b"x")
    assert len(token_library._refused) == 1
    made._given = tokens.given()
    made.public.check(made.sign(b"x"), b"x")


def test_a_key_of_another_curve_is_refused(tokens: Tokens) -> None:
    another(tokens, "wide", b"\x01", curve=bytes.fromhex("06052b81040022"))  # P-384
    with sentence(MalformedError, "of no scheme that is signed with here"):
        tokens.open("wide")


def test_two_tokens_by_one_name_are_refused(tokens: Tokens) -> None:
    tokens.add()
    with sentence(RefusedError, "2 tokens are called bench"):
        tokens.open("seal")


def test_a_token_pulled_out_in_the_middle_is_said_and_goes_on_when_it_is_back(
    tokens: Tokens,
) -> None:
    made = tokens.make("seal")
    tokens.pull_out()
    for _ in range(2):
        with sentence(UnverifiableError, "bench"):
            made.sign(b"x")
    tokens.put_in()
    made.public.check(made.sign(b"x"), b"x")
    tokens.asked.clear()
    made.sign(b"y")
    assert not tokens.asked


def test_another_token_by_the_same_names_is_not_signed_with(tokens: Tokens) -> None:
    tokens.make("seal")
    made = tokens.open("seal")
    tokens.pull_out()
    (tokens.folder / "tokens").mkdir()
    tokens.add()
    tokens.make("seal")
    with sentence(RefusedError, "holds another key seal now"):
        made.sign(b"x")


def test_a_process_that_was_forked_opens_its_own_session(tokens: Tokens) -> None:
    made = tokens.make("seal")
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover — the other process
        try:
            os.write(writes, made.sign(b"of the child"))
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as answer:
        signature = answer.read()
    os.waitpid(child, 0)
    made.public.check(signature, b"of the child")
    made.public.check(made.sign(b"of the parent"), b"of the parent")


def test_a_signature_that_does_not_verify_never_leaves(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Any = tokens.make("seal")
    for wrong in (b"\x01" * 64, b"", b"\x01" * 71):
        monkeypatch.setattr(made, "_sign", lambda _signed, wrong=wrong: wrong)
        with sentence(UnverifiableError, "does not verify"):
            made.sign(b"x")


@pytest.mark.parametrize(
    ("flag", "words"),
    [("USER_PIN_LOCKED", "locked after wrong PINs"), ("USER_PIN_FINAL_TRY", "so none is tried")],
)
def test_no_pin_is_tried_where_it_could_lock_the_token(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, flag: str, words: str
) -> None:
    # SoftHSM2 locks no PIN, so its token is given the flag that others raise.
    flags = token_library.package().TokenFlag

    class Flagged:
        def __init__(self, real: Any) -> None:  # noqa: ANN401 — a token
            self.flags = real.flags | flags[flag]

        def open(self, **_given: object) -> None:
            raise AssertionError

    real = token_library.Library.token
    monkeypatch.setattr(
        token_library.Library, "token", lambda self, place: Flagged(real(self, place))
    )
    with sentence(RefusedError, words):
        tokens.open("seal")
    assert not tokens.asked


@pytest.mark.parametrize(("answer", "said"), sorted(token_library._ANSWERS.items()))
def test_each_answer_of_a_library_has_its_sentence(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, answer: str, said: tuple[Any, str, str]
) -> None:
    made: Any = tokens.make("seal")

    def fails(*_: object) -> None:
        raise getattr(token_library.package(), answer)

    monkeypatch.setattr(made, "_sign", fails)
    with sentence(said[0], f"The token bench {said[1]}"):
        made.sign(b"x")


def test_a_pin_is_read_from_the_file_that_the_uri_names(tokens: Tokens, tmp_path: Path) -> None:
    tokens.make("seal")
    tokens.restart()
    tokens.asked.clear()
    (tmp_path / "pin").write_text(f"{PIN}\n")
    uri = f"pkcs11:token={LABEL};object=seal?pin-source=file:{tmp_path}/pin"
    assert key_uri.open_key(uri, tokens.given("unasked")).sign(b"x")
    assert not tokens.asked
    tokens.restart()
    with sentence(UnverifiableError, "PIN of the token bench cannot be read"):
        key_uri.open_key(f"{uri}-gone", tokens.given())


def test_a_new_key_takes_no_name_that_is_taken_and_only_schemes_of_tokens(tokens: Tokens) -> None:
    tokens.make("seal")
    with sentence(RefusedError, "has a key seal already"):
        tokens.make("seal", Algorithm.ED25519)
    with sentence(RefusedError, "No key of ml-dsa-44 is made"):
        tokens.make("later", Algorithm.MLDSA44)
    with sentence(MalformedError, "names no new key"):
        key_uri.make_key(f"pkcs11:token={LABEL}", tokens.given(), Algorithm.P256)


@pytest.mark.parametrize("path", ["/nowhere/lib.so", "/bin/sh"])
def test_a_library_that_is_none_is_said(tokens: Tokens, path: str) -> None:
    uri = f"pkcs11:token={LABEL};object=seal?module-path={path}"
    with sentence(UnverifiableError, "cannot be loaded"):
        key_uri.open_key(uri, tokens.given())


def test_without_a_library_it_says_where_to_name_one(tokens: Tokens) -> None:
    with sentence(UnverifiableError, "No library is named"):
        key_uri.open_key("pkcs11:token=bench", Given(tokens.given().secret))

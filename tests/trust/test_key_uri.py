"""Addresses of keys that live elsewhere: read strictly, never with a PIN, each to its own plug."""

import builtins
from contextlib import suppress
from traceback import format_exception
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError, RefusedError, UnverifiableError
from voltrail.trust import key_service, key_uri, signer, token_uri
from voltrail.trust.key_uri import Given
from voltrail.trust.keys import Algorithm

pytest.importorskip("securesystemslib")

from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, CryptoSigner, SSlibKey

NOBODY = Given(lambda _what: "")


def test_an_address_of_a_token_is_read_as_its_standard_says() -> None:
    found = token_uri.parse(
        "pkcs11:token=The%20bench;serial=0a1b;object=seal;id=%01%FF;type=private;slot-id=7"
        "?module-path=/usr/lib/lib.so&pin-source=file:/run/pin"
    )
    assert (found.token, found.serial, found.object) == ("The bench", "0a1b", "seal")
    assert (found.id, found.slot) == (b"\x01\xff", 7)
    assert (found.module, found.pin_file) == ("/usr/lib/lib.so", "/run/pin")


@pytest.mark.parametrize(
    "uri",
    [
        "pkcs12:token=a",
        "pkcs11:token",
        "pkcs11:token=",
        "pkcs11:token=a;token=b",
        "pkcs11:colour=red",
        "pkcs11:token=%4",
        "pkcs11:token=%FF",
        "pkcs11:token=%0A",
        "pkcs11:token=bänk",
        "pkcs11:token=a;type=cert",
        "pkcs11:token=a;slot-id=-1",
        "pkcs11:token=a;slot-id=%D9%A3",
        "pkcs11:token=a?module-path=lib.so",
        "pkcs11:token=a?pin-source=|/bin/cat",
        "pkcs11:token=a?x-vendor=1",
        f"pkcs11:token={'a' * 3000}",
    ],
)
def test_an_address_in_another_form_is_refused(uri: str) -> None:
    with pytest.raises(MalformedError, match="no address of a key in a token"):
        token_uri.parse(uri)


@pytest.mark.parametrize("uri", ["pkcs11:token=a?pin-value=4711", "pkcs11:pin-value=4711"])
def test_a_pin_in_an_address_is_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(RefusedError, match="A PIN does not belong") as caught:
        token_uri.parse(uri)
    assert "4711" not in f"{caught.value}{caught.value.hint}"


@given(st.text())
def test_any_other_text_is_refused_and_never_a_fault(text: str) -> None:
    for uri in (text, f"pkcs11:{text}"):
        with suppress(MalformedError, RefusedError):
            assert isinstance(token_uri.parse(uri), token_uri.Place)


@pytest.mark.parametrize("where", ["k.pem", "./a:b", "/keys/k.pem", "C:\\k.pem", ""])
def test_a_path_is_no_uri(where: str) -> None:
    assert not key_uri.is_uri(where)


@pytest.mark.parametrize("where", ["pkcs11:token=a", "hv:seal", "PKCS11:token=a", "ftp://x/k"])
def test_a_scheme_makes_a_uri(where: str) -> None:
    assert key_uri.is_uri(where)


def test_a_scheme_that_nobody_opens_is_refused_with_those_that_are() -> None:
    with pytest.raises(MalformedError, match="No key is kept under ftp:") as caught:
        key_uri.open_key("ftp://x/k", NOBODY)
    assert all(one in caught.value.hint for one in key_uri.OPENERS)


@pytest.mark.parametrize("scheme", sorted(set(key_uri.OPENERS) - {"pkcs11"}))
def test_a_service_whose_package_is_not_installed_says_which_one_is_missing(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package for Vault stands here; its signer is told that it does not.
    monkeypatch.setattr("securesystemslib.signer._vault_signer.VAULT_IMPORT_ERROR", "absent")
    rest = "//v.vault.azure.net/keys/k" if scheme == "azurekms" else "k"
    with pytest.raises(UnverifiableError, match="need a package that is not installed") as caught:
        key_uri.open_key(f"{scheme}:{rest}", NOBODY)
    assert "pip install 'securesystemslib[" in caught.value.hint


def test_without_any_package_services_and_tokens_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *more: Any) -> Any:  # noqa: ANN401 — as the builtin
        if name.partition(".")[0] in ("securesystemslib", "pkcs11"):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", absent)
    for uri, hint in (
        ("hv:seal", "securesystemslib[vault]"),
        ("pkcs11:token=a?module-path=/lib.so", "voltrail[hardware]"),
    ):
        with pytest.raises(UnverifiableError, match="a package that is not installed") as caught:
            key_uri.open_key(uri, NOBODY)
        assert hint in caught.value.hint


@pytest.mark.parametrize(
    "uri", ["hv:", "hv:/3", "awskms:", "azurekms:k", "azurekms://v/other/k", "azurekms://[v/keys/k"]
)
def test_an_address_that_names_no_key_of_a_service_is_refused(uri: str) -> None:
    with pytest.raises(MalformedError, match="names no key"):
        key_uri.open_key(uri, NOBODY)


def test_a_service_makes_its_keys_itself() -> None:
    with pytest.raises(RefusedError, match="makes its keys itself"):
        key_uri.make_key("hv:seal", NOBODY, Algorithm.P256)


class Stand:
    """What stands in the package's table for a service here: its own signer over a file."""

    def __init__(self, real: CryptoSigner, uri: str) -> None:
        self.real, self.uri, self.opened = real, uri, []

    def import_(self, *asked: str) -> tuple[str, SSlibKey]:
        self.opened += asked
        return self.uri, self.real.public_key

    def from_priv_key_uri(self, _uri: str, _key: SSlibKey, _secrets: Any = None) -> CryptoSigner:  # noqa: ANN401
        return self.real


def stand_in(monkeypatch: pytest.MonkeyPatch, real: CryptoSigner, uri: str = "hv:seal/3") -> Stand:
    made = Stand(real, uri)
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, "hv", made)
    return made


@pytest.mark.parametrize("make", [CryptoSigner.generate_ed25519, CryptoSigner.generate_ecdsa])
@pytest.mark.parametrize("uri", ["hv:seal", "hv:seal/3"])
def test_a_signer_of_the_package_signs_through_our_socket(
    monkeypatch: pytest.MonkeyPatch,
    make: Any,  # noqa: ANN401 — a maker of the package
    uri: str,
) -> None:
    made = stand_in(monkeypatch, make())
    found = key_uri.open_key(uri, NOBODY)
    found.public.check(found.sign(b"a lot record"), b"a lot record")
    assert signer.sealed(b"{}", found).signatures[0].keyid == found.public.key_id
    assert made.opened == ["seal"]


def test_another_version_than_the_newest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, CryptoSigner.generate_ed25519())
    with pytest.raises(RefusedError, match="names another version"):
        key_uri.open_key("hv:seal/2", NOBODY)


def test_a_scheme_that_is_not_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, CryptoSigner.generate_rsa(size=2048))
    with pytest.raises(MalformedError, match="rsassa-pss-sha256 is not signed with"):
        key_uri.open_key("hv:seal", NOBODY)


def test_what_a_service_signs_wrongly_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    real, other = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
    stand_in(monkeypatch, real)
    found = key_uri.open_key("hv:seal", NOBODY)
    monkeypatch.setattr(real, "sign", other.sign)
    with pytest.raises(UnverifiableError, match="does not verify"):
        found.sign(b"x")


def test_a_service_that_fails_is_said_without_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = CryptoSigner.generate_ed25519()
    stand_in(monkeypatch, real)
    found = key_uri.open_key("hv:seal", NOBODY)

    def fails(_payload: bytes) -> None:
        raise ConnectionError("token hvs.CAESI at https://vault.example")

    monkeypatch.setattr(real, "sign", fails)
    with pytest.raises(UnverifiableError, match=r"does not answer .*ConnectionError") as caught:
        found.sign(b"x")
    assert "hvs.CAESI" not in "".join(format_exception(caught.value))


def test_every_scheme_has_a_plug_that_opens() -> None:
    assert set(key_service._SERVICES) == set(key_uri.OPENERS) - {"pkcs11"}
    assert set(key_service._SERVICES) <= set(SIGNER_FOR_URI_SCHEME)

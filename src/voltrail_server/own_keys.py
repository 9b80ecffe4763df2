"""
The server's own keys: files in the data folder, and an operator's key that may live elsewhere.

What opens them stands in files that settings name, so that no argument and no page ever holds it.
"""

import threading
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.errors import MalformedError, ProductError, RefusedError, UnverifiableError
from voltrail.trust import key_uri, pkcs8
from voltrail.trust import signer as signers
from voltrail.trust.keys import PublicKey
from voltrail.trust.signer import LocalSigner, Signer

OPERATOR = "operator.pem"
_TRIAL = b"voltrail: whether the operator's key is at hand"  # no statement looks like it
OUT_OF_REACH = N_("The operator's key cannot be reached, so nothing is decided. Look at its token.")
UNPROTECTED = N_("Not encrypted: whoever copies them signs. Run voltrail key protect on each file.")


def load(path: Path) -> LocalSigner:
    """Return the signer in one of the server's files."""
    pem = path.read_bytes()
    if not pkcs8.is_closed(pem):
        return signers.load(pem)
    secret = passphrase()
    if secret is None:
        raise UnverifiableError(
            f"The key {path.name} is encrypted, and no setting names its passphrase.",
            hint="Set VOLTRAIL_KEY_PASSPHRASE_FILE to a file that holds it.",
        )
    try:
        return signers.load(pem, secret)
    except MalformedError as error:
        raise RefusedError(
            f"The passphrase does not open the key {path.name}.",
            hint="Look at what VOLTRAIL_KEY_PASSPHRASE_FILE names.",
        ) from error


def passphrase() -> bytes | None:
    """Return the passphrase of the files, where a setting names one."""
    named = settings.VOLTRAIL_KEY_PASSPHRASE_FILE
    return _kept(named, "VOLTRAIL_KEY_PASSPHRASE_FILE") if named else None


def elsewhere() -> str:
    """Return where the operator's key lives by its setting; empty for the data folder."""
    return str(settings.VOLTRAIL_OPERATOR_KEY)


class FarSigner:
    """The operator's key where it lives elsewhere: opened when it is first needed."""

    def __init__(self, uri: str) -> None:
        """Keep where it is; whoever only reads the register does without it."""
        self._uri, self._lock = uri, threading.Lock()
        self._opened: Signer | None = None
        self._fails = False

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self._open().public

    def sign(self, signed: bytes) -> bytes:
        """Return the signature over some bytes, and remember whether it could be made."""
        try:
            signature = self._open().sign(signed)
        except ProductError:
            self._fails = True
            raise
        self._fails = False
        return signature

    def is_at_hand(self) -> bool:
        """Whether the key signs; tried where it was not needed yet, or failed the last time."""
        if self._opened is None or self._fails:
            try:
                self.sign(_TRIAL)
            except ProductError:
                return False
        return True

    def _open(self) -> Signer:
        with self._lock:
            if self._opened is None:
                given = key_uri.Given(_pin, settings.VOLTRAIL_PKCS11_MODULE)
                self._opened = key_uri.open_key(self._uri, given)
            return self._opened


def operator(keys: Path) -> Signer:
    """Return the operator's signer: what the setting names, else the file in the data folder."""
    named = elsewhere()
    if not named:
        return load(keys / OPERATOR)
    if key_uri.is_uri(named):
        return FarSigner(named)
    try:
        return load(Path(named))
    except FileNotFoundError as error:
        raise UnverifiableError(
            "The operator's key is not where VOLTRAIL_OPERATOR_KEY says.",
            hint="Bring the file back, or name where the key is now.",
        ) from error


def unprotected(keys: Path) -> tuple[str, ...]:
    """Return the names of the server's key files that open without a passphrase."""
    found = [one for one in sorted(keys.glob("*.pem")) if not pkcs8.is_closed(one.read_bytes())]
    return tuple(one.name for one in found)


def _pin(_what: str) -> str:
    named = settings.VOLTRAIL_PIN_FILE
    if not named:
        raise UnverifiableError(
            "The operator's key asks for a PIN, and no setting names it.",
            hint="Set VOLTRAIL_PIN_FILE to a file that holds it.",
        )
    return _kept(named, "VOLTRAIL_PIN_FILE").decode()


def _kept(file: str, setting: str) -> bytes:
    try:
        found = Path(file).read_bytes().rstrip(b"\r\n")
        found.decode()
    except (OSError, UnicodeDecodeError):
        raise UnverifiableError(
            f"The file that {setting} names cannot be read.",
            hint="Let it stand there, readable by the server's user alone.",
        ) from None  # the cause could repeat what it holds
    return found

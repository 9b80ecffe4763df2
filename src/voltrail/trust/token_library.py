"""
PKCS#11 libraries: loaded once, logged in to, and what they answer in plain sentences.

A library is spoken to by one thread at a time, since it was not asked for more, and begins anew in
a process that was forked. Who logs in to a token is logged in for the whole process. A PIN that a
token refused is not tried again, and none is tried where one wrong PIN more would lock it.
"""

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from voltrail.errors import ProductError, RefusedError, UnverifiableError
from voltrail.trust.key_uri import Given
from voltrail.trust.token_uri import Place

_T = TypeVar("_T")
LOCK = threading.RLock()
_SALT = secrets.token_bytes(16)
_refused: set[bytes] = set()  # digests of tokens with PINs that they refused
_loaded: dict[str, "Library"] = {}

REFUSALS = ("PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked", "PinExpired")
_GONE = (UnverifiableError, "is not there", "Put it in, or name another.")
_SECOND = "Have it unlocked with the token's own tool."
_ANSWERS: dict[str, tuple[type[ProductError], str, str]] = {
    "PinIncorrect": (RefusedError, "refuses this PIN", "Give its own; wrong ones lock a token."),
    "PinInvalid": (RefusedError, "refuses this PIN", "Give its own; wrong ones lock a token."),
    "PinLenRange": (RefusedError, "refuses this PIN", "Give its own; wrong ones lock a token."),
    "PinLocked": (RefusedError, "is locked after wrong PINs", _SECOND),
    "PinExpired": (RefusedError, "asks for a new PIN", "Set one with the token's own tool."),
    "UserPinNotInitialized": (RefusedError, "has no PIN yet", "Set one with the token's own tool."),
    "TokenNotPresent": _GONE,
    "TokenNotRecognised": _GONE,
    "DeviceRemoved": _GONE,
    "MechanismInvalid": (
        UnverifiableError,
        "does not know this scheme",
        "Use a key of ecdsa-p256-sha256, which most tokens know.",
    ),
    "TokenWriteProtected": (RefusedError, "takes no new key", "Take its write protection away."),
}


class Library:
    """A loaded library; its generation counts how often it began."""

    def __init__(self, path: str) -> None:
        """Load the library and begin."""
        self._lib = package().lib(path)
        self._process, self.generation = os.getpid(), 1

    def begin_anew(self) -> None:
        """End all that was begun, so that tokens are looked for again; sessions are over."""
        try:
            self._lib.finalize()
        except package().PKCS11Error:  # it was over already
            pass
        self._lib.initialize()
        self._process, self.generation = os.getpid(), self.generation + 1

    def need_own(self) -> None:
        """Begin anew where this process was forked from the one that began."""
        if self._process != os.getpid():
            self.begin_anew()

    def look_for(self, place: Place) -> None:
        """Begin anew where a token is not seen; it may have been put in since."""
        try:
            self.token(place)
        except (UnverifiableError, package().PKCS11Error):
            self.begin_anew()

    def token(self, place: Place) -> Any:  # noqa: ANN401 — a token of the package
        """
        Return the one token that a place names.

        Args:
            place: names it, by one word or more

        Returns:
            A token of the package.

        Raises:
            UnverifiableError: no such token is there.
            RefusedError: more than one is.

        Source: RFC 7512, 2.3; PKCS #11 v3.0, 5.5.
        """
        ready = package().TokenFlag.TOKEN_INITIALIZED
        slots = self._lib.get_slots(token_present=True)
        found = [one for one in (slot.get_token() for slot in slots) if ready in one.flags]
        found = [one for one in found if _fits(one, place)]
        if not found:
            raise UnverifiableError(
                f"No token {place.named} is there.", hint="Put it in, or name one that is."
            )
        if len(found) > 1:
            raise RefusedError(
                f"{len(found)} tokens are called {place.named}.",
                hint="Name the serial number too: pkcs11:serial=….",
            )
        return found[0]


def library(place: Place, given: Given) -> Library:
    """
    Return the library that speaks to a token, loaded once in a process.

    Args:
        place: names it, or leaves it open
        given: names it where the place does not

    Returns:
        The library.

    Raises:
        UnverifiableError: none is named, it cannot be loaded, or the package is missing.

    Source: PKCS #11 v3.0, 5.4.
    """
    path = place.module or given.library
    if not path:
        raise UnverifiableError(
            "No library is named that speaks to the token.",
            hint="Add ?module-path=/…/lib.so to the URI, or set VOLTRAIL_PKCS11_MODULE.",
        )
    try:
        with LOCK:
            if path not in _loaded:
                _loaded[path] = Library(path)
            _loaded[path].need_own()
            return _loaded[path]
    except package().PKCS11Error as error:
        raise UnverifiableError(
            f"The PKCS#11 library {path} cannot be loaded, or finds not what it needs.",
            hint="Name the one that came with the token, and look at its own settings.",
        ) from error


def log_in(found: Library, place: Place, given: Given, *, writes: bool = False) -> Any:  # noqa: ANN401
    """
    Return a session with a token, logged in.

    Args:
        found: speaks to it
        place: names the token
        given: knows the PIN
        writes: whether a key shall be made

    Returns:
        A session of the package.

    Raises:
        UnverifiableError: no such token is there, or its PIN's file cannot be read.
        RefusedError: the token refuses the PIN, did so before, or would lock at a wrong one.

    Source: PKCS #11 v3.0, 5.6.
    """
    token, flags = found.token(place), package().TokenFlag
    if flags.LOGIN_REQUIRED not in token.flags:
        return token.open(rw=writes)
    if flags.PROTECTED_AUTHENTICATION_PATH in token.flags:
        return token.open(rw=writes, user_pin=package().PROTECTED_AUTH)

    def enter(pin: str) -> Any:  # noqa: ANN401 — as above
        try:
            return token.open(rw=writes, user_pin=pin)
        except package().UserAlreadyLoggedIn:  # by another key of the same token
            return token.open(rw=writes)

    return with_pin(token, place, given, enter)


def with_pin(token: Any, place: Place, given: Given, use: Callable[[str], _T]) -> _T:  # noqa: ANN401
    """
    Return what a PIN opens; one that was refused is not used again.

    Args:
        token: as it is now, of the package
        place: names it
        given: knows the PIN
        use: what the PIN is for

    Returns:
        What `use` returns.

    Raises:
        UnverifiableError: the PIN's file cannot be read.
        RefusedError: the token refused this PIN before, is locked, or would be at a wrong one.

    Source: PKCS #11 v3.0, 5.6.
    """
    flags = package().TokenFlag
    if flags.USER_PIN_LOCKED in token.flags:
        raise answered("PinLocked", place)
    if flags.USER_PIN_FINAL_TRY in token.flags:
        raise RefusedError(
            f"One wrong PIN more locks the token {place.named}, so none is tried.",
            hint="Log in once with the token's own tool; that begins the count again.",
        )
    pin = _pin(place, given)
    mark = hashlib.blake2b(token.serial + b"\0" + pin.encode(), key=_SALT).digest()
    if mark in _refused:
        raise answered("PinIncorrect", place)
    try:
        return use(pin)
    except (package().PinIncorrect, package().PinInvalid, package().PinLenRange):
        _refused.add(mark)
        raise


@contextmanager
def in_words(place: Place) -> Iterator[None]:
    """
    Say in a sentence what a library answers; hold the lock as long.

    Args:
        place: names the token

    Raises:
        RefusedError: the token says no.
        UnverifiableError: it is gone, or does not answer.

    Source: PKCS #11 v3.0, 5.1.
    """
    with LOCK:
        try:
            yield
        except package().PKCS11Error as error:
            raise answered(type(error).__name__, place) from error


def answered(name: str, place: Place) -> ProductError:
    """
    Return what an answer of a library means.

    Args:
        name: of the answer
        place: names the token

    Returns:
        The error to raise.

    Source: PKCS #11 v3.0, 5.1.
    """
    if name in _ANSWERS:
        kind, said, hint = _ANSWERS[name]
        return kind(f"The token {place.named} {said}.", hint=hint)
    return UnverifiableError(
        f"The token {place.named} does not answer as it should ({name}).",
        hint="Look whether it is in and works with its own tool.",
    )


def package() -> Any:  # noqa: ANN401 — the package
    """
    Return the package that speaks PKCS#11.

    Returns:
        The package `pkcs11`.

    Raises:
        UnverifiableError: it is not installed.

    Source: our choice: ADR 0042.
    """
    try:
        import pkcs11  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise UnverifiableError(
            "Keys in tokens need a package that is not installed.",
            hint="Install it: pip install 'voltrail[hardware]'",
        ) from error
    return pkcs11


def _fits(token: Any, place: Place) -> bool:  # noqa: ANN401 — a token of the package
    asked = (
        (place.token, token.label),
        (place.serial, token.serial.decode("utf-8", "replace").strip()),
        (place.manufacturer, token.manufacturer_id),
        (place.model, token.model),
    )
    return all(not one or one == has for one, has in asked) and (
        place.slot is None or place.slot == token.slot.slot_id
    )


def _pin(place: Place, given: Given) -> str:
    if not place.pin_file:
        return given.secret(f"PIN of the token {place.named}")
    try:
        return Path(place.pin_file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise UnverifiableError(
            f"The file with the PIN of the token {place.named} cannot be read.",
            hint="Name one in pin-source that this user may read.",
        ) from None  # the cause could repeat what it holds

"""
Keys that live outside this process, each known by a URI: which scheme is opened by whom.

A plug is a module with `open_key(uri, given)` that returns a `Signer`; it is loaded when its scheme
is asked for, and brings packages of its own. Does not know files, nor whose a key is.
"""

import re
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from msgspec import Struct

from voltrail.errors import MalformedError, RefusedError
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import Signer

# scheme → the plug that opens it
OPENERS = {
    "pkcs11": "voltrail.trust.token",
    "awskms": "voltrail.trust.key_service",
    "azurekms": "voltrail.trust.key_service",
    "gcpkms": "voltrail.trust.key_service",
    "hv": "voltrail.trust.key_service",
}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # one letter would be a drive


class Given(Struct, frozen=True):
    """What a plug may ask for: a secret by its name, and the library that speaks to a token."""

    secret: Callable[[str], str]
    library: str = ""


def is_uri(where: str) -> bool:
    """
    Return whether a place of a key is a URI rather than a file's path.

    Args:
        where: what somebody wrote

    Returns:
        True where it begins with a scheme, known here or not.

    Source: RFC 3986, 3.1.
    """
    return _SCHEME.match(where) is not None


def open_key(uri: str, given: Given) -> Signer:
    """
    Return the signer of a key that lives elsewhere.

    Args:
        uri: where
        given: what it takes to open it

    Returns:
        A signer; the private half stays where it is.

    Raises:
        MalformedError: a scheme not known here, or a URI that its scheme does not allow.
        RefusedError: the key's keeper says no.
        UnverifiableError: package, library, token, service or key is missing.

    Source: RFC 7512; our choice: ADR 0042.
    """
    opened: Signer = _plug(uri).open_key(uri, given)
    return opened


def make_key(uri: str, given: Given, algorithm: Algorithm) -> Signer:
    """
    Make a key where a URI says, and return its signer.

    Args:
        uri: where, with the new key's name
        given: what it takes to get in
        algorithm: its scheme

    Returns:
        A signer that has signed once; the private half never was here.

    Raises:
        MalformedError: a scheme not known here, or a URI that names no new key.
        RefusedError: the keeper says no, has a key of this name, or makes none of this scheme.
        UnverifiableError: package, library or token is missing.

    Source: RFC 7512; our choice: ADR 0042.
    """
    plug = _plug(uri)
    if not hasattr(plug, "make_key"):
        raise RefusedError(
            "This service makes its keys itself.",
            hint="Make it there, then write its public half: voltrail key public URI.",
        )
    made: Signer = plug.make_key(uri, given, algorithm)
    return made


def _plug(uri: str) -> ModuleType:
    scheme = uri.partition(":")[0].lower()
    if scheme not in OPENERS:
        raise MalformedError(
            f"No key is kept under {scheme}: here.",
            hint=f"Name a file, or a URI of: {', '.join(sorted(OPENERS))}.",
        )
    return import_module(OPENERS[scheme])

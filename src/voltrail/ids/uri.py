"""
Private identifiers and addresses, for firms without keys of any scheme.

Two of them are the same where they are written the same, after the parts that have no case.
"""

import re
from urllib.parse import urlsplit

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import worded

_URN = re.compile(r"urn:([A-Za-z0-9][A-Za-z0-9-]{1,31}):([!-~]+)", re.IGNORECASE)
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+")
_WEB = re.compile(r"https?://[!-~]+", re.IGNORECASE)


class Uri(Struct, frozen=True):
    """An identifier as it is written, with scheme, host or namespace in lower case."""

    text: str


def looks_like(text: str) -> bool:
    """
    Return whether a text begins as an identifier of this kind.

    Args:
        text: any text

    Returns:
        True for urn:, did:, http:// and https://.

    Source: RFC 3986; RFC 8141.
    """
    return text[:8].lower().startswith(("urn:", "did:", "http://", "https://"))


def read(text: str) -> Uri:
    """
    Return the identifier in a text.

    Args:
        text: a URN, a DID or a web address

    Returns:
        The identifier, its caseless parts in lower case.

    Raises:
        MalformedError: blanks or other signs in it, or no namespace.

    Source: RFC 3986, 6.2.2.1; RFC 8141, 3.
    """
    urn = _URN.fullmatch(text)
    if urn:
        return Uri(f"urn:{urn[1].lower()}:{urn[2]}")
    if _DID.fullmatch(text):
        return Uri(text)
    try:
        if _WEB.fullmatch(text) and urlsplit(text).hostname:
            scheme, rest = text.split("://", 1)
            host = re.split("[/?#]", rest, maxsplit=1)[0]
            return Uri(f"{scheme.lower()}://{host.lower()}{rest[len(host) :]}")
    except ValueError:
        pass
    raise MalformedError(
        worded("%(text)s is no identifier.", text=repr(text[:60])),
        hint="Write a URN such as urn:example:part:7, or a web address.",
    )

"""UUIDs, as Catena-X numbers assets and parts: bare, or behind urn:uuid:."""

import re

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import worded

PREFIX = "urn:uuid:"
_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Guid(Struct, frozen=True):
    """A number that its maker drew; lower case, without the prefix."""

    text: str

    @property
    def urn(self) -> str:
        """The canonical form."""
        return PREFIX + self.text


def looks_like(text: str) -> bool:
    """
    Return whether a text is written as a UUID.

    Args:
        text: any text

    Returns:
        True for the 36 characters, or anything behind urn:uuid:.

    Source: RFC 9562, 4.
    """
    low = text.lower()
    return low.startswith(PREFIX) or _FORM.fullmatch(low) is not None


def read(text: str) -> Guid:
    """
    Return the UUID in a text.

    Args:
        text: with or without urn:uuid:, in any case

    Returns:
        The UUID.

    Raises:
        MalformedError: another form, or one of nothing but zeros or ones.

    Source: RFC 9562, 4, 5.9 and 5.10.
    """
    found = text.lower().removeprefix(PREFIX)
    if not _FORM.fullmatch(found):
        raise MalformedError(
            worded("%(text)s is no UUID.", text=repr(text[:60])),
            hint="A UUID has 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.",
        )
    if not set(found) - set("-0") or not set(found) - set("-f"):
        raise MalformedError(
            worded("The UUID %(text)s names nothing.", text=found), hint="Ask for the real one."
        )
    return Guid(found)

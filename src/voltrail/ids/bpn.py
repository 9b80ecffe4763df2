"""Business partner numbers of Catena-X: firm, site or address. Their check is not published."""

import re

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import worded

_FORM = re.compile(r"BPN([LSA])([0-9A-Z]{12})")
_LIKE = re.compile(r"BPN[LSA][0-9A-Z]+")
LEVELS = {"L": worded("firm"), "S": worded("site"), "A": worded("address")}


class Bpn(Struct, frozen=True):
    """A business partner: which level, and its number."""

    level: str
    number: str

    @property
    def text(self) -> str:
        """The number as it is written."""
        return f"BPN{self.level}{self.number}"


def looks_like(text: str) -> bool:
    """
    Return whether a text begins as a business partner number and has no other signs.

    Args:
        text: upper case

    Returns:
        True also where its length is wrong.

    Source: Catena-X CX-0010.
    """
    return _LIKE.fullmatch(text) is not None


def read(text: str) -> Bpn:
    """
    Return the business partner in a text.

    Args:
        text: BPNL, BPNS or BPNA and 12 characters

    Returns:
        The partner.

    Raises:
        MalformedError: another form.

    Source: Catena-X CX-0010.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise MalformedError(
            worded("%(text)s is no business partner number.", text=repr(text[:40])),
            hint="It is BPNL, BPNS or BPNA and 12 characters.",
        )
    return Bpn(match[1], match[2])

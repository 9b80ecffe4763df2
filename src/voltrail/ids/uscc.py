"""Unified social credit codes of Chinese firms: 18 characters, the last checks the rest."""

import re

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import worded

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: without I, O, S, V and Z
# Authority of registration, its category, district, organisation, check: GB 32100-2015, 4.
_FORM = re.compile(f"[1-9ANY][1-9][0-9]{{6}}[{_ALPHABET}]{{10}}")
_WEIGHTS = [pow(3, at, 31) for at in range(17)]  # GB 32100-2015, appendix A


class Uscc(Struct, frozen=True):
    """A Chinese firm; `district` is where it was registered, six digits."""

    text: str

    @property
    def district(self) -> str:
        """The district of registration: GB/T 2260."""
        return self.text[2:8]


def looks_like(text: str) -> bool:
    """
    Return whether a text is written as a social credit code.

    Args:
        text: upper case

    Returns:
        True for 18 characters of its form.

    Source: GB 32100-2015.
    """
    return _FORM.fullmatch(text) is not None


def read(text: str) -> Uscc:
    """
    Return the social credit code in a text.

    Args:
        text: 18 characters, upper case

    Returns:
        The code.

    Raises:
        MalformedError: another form, or a wrong check character.

    Source: GB 32100-2015.
    """
    if not looks_like(text):
        raise MalformedError(
            worded("%(text)s is no unified social credit code.", text=repr(text[:40])),
            hint="It has 18 characters, none of which is I, O, S, V or Z.",
        )
    right = check_character(text[:17])
    if text[17] != right:
        said = worded(
            "The check character of %(text)s is wrong: %(right)s would be right.",
            text=text,
            right=right,
        )
        raise MalformedError(said, hint="Compare it with the firm's licence, letter by letter.")
    return Uscc(text)


def check_character(text: str) -> str:
    """
    Return the character that ends a social credit code.

    Args:
        text: the 17 characters before it

    Returns:
        One of 31 characters.

    Source: GB 32100-2015, appendix A.
    """
    total = sum(_ALPHABET.index(one) * weight for one, weight in zip(text, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]

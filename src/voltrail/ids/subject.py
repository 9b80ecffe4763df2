"""
Identities of everything Voltrail speaks of: one text form, parsed once, typed ever after.

    urn:voltrail:<kind>:<key>        urn:voltrail:lot:kestrel:KC-2611-A

A `SubjectId` is a `str`, so it prints whole, sorts, hashes and travels through JSON unchanged.
Does not know whether the subject exists, nor foreign schemes such as GS1 keys.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, Self

from voltrail.errors import MalformedError

PREFIX = "urn:voltrail:"
LETTERS = "A-Z a-z 0-9 . _ ~ @ / + -"
PART = "[A-Za-z0-9._~@/+-]{1,64}"  # one segment of a key
_FORM = re.compile(rf"urn:voltrail:([a-z]+):({PART}(?::{PART}){{0,3}})")
_HINT = "Write urn:voltrail:<kind>:<key>, for example urn:voltrail:lot:kestrel:KC-2611-A."


class Kind(StrEnum):
    """What a subject can be."""

    PARTY = "party"
    PLACE = "place"
    PRODUCT = "product"
    LOT = "lot"
    ARRIVAL = "arrival"
    UNIT = "unit"
    ORDER = "order"
    DOCUMENT = "document"
    FIRMWARE = "firmware"
    PERSON = "person"
    INSTRUMENT = "instrument"
    CASE = "case"


class SubjectId(str):
    """Identity of one subject, of any kind."""

    __slots__ = ()
    kind: ClassVar[Kind]

    @classmethod
    def of(cls, *parts: str) -> Self:
        """
        Return the identity made of these key parts.

        Args:
            parts: key segments, for example maker and lot number

        Returns:
            An identity of this class's kind.

        Raises:
            MalformedError: a part has characters outside the form.

        Source: our choice: ADR 0003.
        """
        return cls.read(f"{PREFIX}{cls.kind}:{':'.join(parts)}")

    @classmethod
    def read(cls, text: str) -> Self:
        """
        Return the identity in a text, which must be of this class's kind.

        Args:
            text: the URN

        Returns:
            The typed identity.

        Raises:
            MalformedError: not an identity, or one of another kind.

        Source: our choice: ADR 0003.
        """
        found = parse(text)
        if not isinstance(found, cls):
            raise MalformedError(f"{text} is no {cls.kind}.", hint=_HINT)
        return found

    @classmethod
    def written(cls, text: str) -> Self:
        """
        Return the identity that a person or an address writes, whole or by its key alone.

        Args:
            text: the URN, or its key

        Returns:
            The typed identity.

        Raises:
            MalformedError: an identity of another kind, or no key.

        Source: our choice: ADR 0003.
        """
        return cls.read(text if text.startswith("urn:") else f"{PREFIX}{cls.kind}:{text}")

    @property
    def key(self) -> str:
        """The identity without its prefix and kind."""
        return self.split(":", 3)[3]

    @property
    def parts(self) -> tuple[str, ...]:
        """The segments of the key."""
        return tuple(self.key.split(":"))


class PartyId(SubjectId):
    """A firm: maker, seller, carrier, laboratory, operator."""

    __slots__ = ()
    kind = Kind.PARTY


class PlaceId(SubjectId):
    """A factory, warehouse, site, or location in a site."""

    __slots__ = ()
    kind = Kind.PLACE


class ProductId(SubjectId):
    """A product model of one maker: maker and model."""

    __slots__ = ()
    kind = Kind.PRODUCT


class LotId(SubjectId):
    """A production lot: maker and lot number, as the maker declares it."""

    __slots__ = ()
    kind = Kind.LOT


class ArrivalId(SubjectId):
    """One delivery of one lot on one order to one place."""

    __slots__ = ()
    kind = Kind.ARRIVAL


class UnitId(SubjectId):
    """One identified item: maker and serial."""

    __slots__ = ()
    kind = Kind.UNIT


class OrderId(SubjectId):
    """A purchase order line of the operator."""

    __slots__ = ()
    kind = Kind.ORDER


class DocumentId(SubjectId):
    """A certificate, report or other document: issuer and number."""

    __slots__ = ()
    kind = Kind.DOCUMENT


class FirmwareId(SubjectId):
    """One firmware version of one controller model."""

    __slots__ = ()
    kind = Kind.FIRMWARE


class PersonId(SubjectId):
    """A person, by pseudonym: names live outside the register and can be erased."""

    __slots__ = ()
    kind = Kind.PERSON


class InstrumentId(SubjectId):
    """A measuring instrument."""

    __slots__ = ()
    kind = Kind.INSTRUMENT


class CaseId(SubjectId):
    """A nonconformity, incident or recall being handled."""

    __slots__ = ()
    kind = Kind.CASE


_BY_KIND = {cls.kind.value: cls for cls in SubjectId.__subclasses__()}


@lru_cache(maxsize=65_536)
def parse(text: str) -> SubjectId:
    """
    Return the typed identity in a text.

    Args:
        text: a URN of our form

    Returns:
        An instance of the class of its kind.

    Raises:
        MalformedError: not of the form, or of an unknown kind.

    Source: our choice: ADR 0003.
    """
    match = _FORM.fullmatch(text)
    if match is None or match[1] not in _BY_KIND:
        raise MalformedError(f"{text[:120]!r} is no identity.", hint=_HINT)
    return str.__new__(_BY_KIND[match[1]], text)


def is_identity(text: str) -> bool:
    """
    Return whether a text is an identity of a known kind.

    Args:
        text: any text

    Returns:
        True where `parse` would succeed.

    Source: our choice: ADR 0003.
    """
    match = _FORM.fullmatch(text)
    return match is not None and match[1] in _BY_KIND

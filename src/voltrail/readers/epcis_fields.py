"""
The fields of an EPCIS event, typed: five kinds of events, every field of EPCIS 2.0.

What another vocabulary adds is kept under its full name. What is wrong is refused, with the place.
Knows no document around the events, and no XML.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.readers import epcis_words as words
from voltrail.readers.foreign import Named, Remark
from voltrail.readers.identities import named

NAMES = {
    "gs1": "https://ref.gs1.org/voc/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "epcis": "https://ref.gs1.org/epcis/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
}  # the prefixes that the context of EPCIS 2.0 brings
MAX_ITEMS = 1_000_000  # [identities] of one list: our choice: ADR 0047
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,18})?")
_OFFSET = re.compile(r"[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TIME_HINT = "Write times with their zone, like 2026-11-22T08:40:00+01:00."


class Where(Struct, frozen=True):
    """A place in a file, the prefixes that hold there, and where remarks go."""

    place: str
    prefixes: Mapping[str, str]
    remarks: list[Remark]
    loose: bool = False  # a context is named that is not here, so that bare names may be its

    def at(self, name: str) -> "Where":
        """Return a place inside this one."""
        joined = f"{self.place}.{name}" if not name.startswith("[") else f"{self.place}{name}"
        return Where(joined, self.prefixes, self.remarks, self.loose)

    def fault(self, sentence: str, hint: str) -> MalformedError:
        """Return the refusal of what stands here."""
        return MalformedError(f"{self.place} {sentence}.", hint=hint)

    def remark(self, sentence: str) -> None:
        """Keep a remark about what stands here."""
        self.remarks.append(Remark(self.place, sentence))


def time(value: Any, where: Where) -> datetime:  # noqa: ANN401 — any JSON value
    """
    Return the time in a field, in UTC.

    Args:
        value: as read
        where: its place

    Returns:
        An aware time.

    Raises:
        MalformedError: no time, or one without a zone.

    Source: EPCIS 2.0, section 7.3.2; RFC 3339.
    """
    said = text(value, where)
    if not _TIME.fullmatch(said):
        raise where.fault(f"is not a time with a zone: {said[:40]!r}", _TIME_HINT)
    try:
        return datetime.fromisoformat(_six_digits(said)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise where.fault(f"is no time that exists: {said[:40]!r}", _TIME_HINT) from error


def text(value: Any, where: Where) -> str:  # noqa: ANN401 — any JSON value
    """
    Return the text in a field, which must not be blank.

    Args:
        value: as read
        where: its place

    Returns:
        The text without spaces around it.

    Raises:
        MalformedError: no text, or blank.

    Source: EPCIS 2.0, section 9.
    """
    if not isinstance(value, str) or not value.strip():
        raise where.fault("is not a text", "Write it in quotes, or leave the field out.")
    return value.strip()


def uri(value: Any, where: Where) -> str:  # noqa: ANN401 — any JSON value
    """
    Return the URI in a field.

    Args:
        value: as read
        where: its place

    Returns:
        The URI as written.

    Raises:
        MalformedError: no URI.

    Source: EPCIS 2.0, section 6.4; RFC 3986.
    """
    said = text(value, where)
    if not _URI.fullmatch(said):
        raise where.fault(
            f"is no URI: {said[:60]!r}", "Write it as a Digital Link, an EPC URN or another URI."
        )
    return said


def identity(value: Any, where: Where) -> Named:  # noqa: ANN401 — any JSON value
    """
    Return the identity in a field.

    Args:
        value: a URI
        where: its place

    Returns:
        It, with its scheme.

    Raises:
        MalformedError: no URI.

    Source: EPCIS 2.0, section 6.4.
    """
    return named(uri(value, where))


def number(value: Any, where: Where) -> Decimal:  # noqa: ANN401 — any JSON value
    """
    Return the number in a field.

    Args:
        value: as read
        where: its place

    Returns:
        The number, without zeros that say nothing.

    Raises:
        MalformedError: no number.

    Source: EPCIS 2.0, section 7.3.3.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise where.fault(f"is not a number: {value!r:.40}", "Write it in digits, without quotes.")
    said = format(Decimal(value), "f")
    return Decimal(said.rstrip("0").rstrip(".") if "." in said else said)


def measured_number(value: Any, where: Where) -> Decimal:  # noqa: ANN401 — any JSON value
    """
    Return the number that a sensor reports; one in quotes is read and remarked.

    Args:
        value: as read
        where: its place

    Returns:
        The number.

    Raises:
        MalformedError: no number.

    Source: EPCIS 2.0, section 7.3.7; our choice: ADR 0047.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        where.remark("A number stands in quotes; it is read as a number.")
        return number(Decimal(value), where)
    return number(value, where)


def listed(read: Callable[[Any, Where], Any]) -> Callable[[Any, Where], tuple[Any, ...]]:
    """
    Return how a list is read of which each item is read in one way.

    Args:
        read: reads an item

    Returns:
        Reads the list to a tuple.

    Source: EPCIS 2.0, section 9.
    """

    def whole(value: Any, where: Where) -> tuple[Any, ...]:  # noqa: ANN401 — any JSON value
        if not isinstance(value, list):
            raise where.fault("is not a list", "Put it in brackets.")
        if len(value) > MAX_ITEMS:
            raise where.fault(f"has more than {MAX_ITEMS:,} items", "Part it into several events.")
        return tuple(read(one, where.at(f"[{at}]")) for at, one in enumerate(value))

    return whole


def word(value: Any, where: Where, kind: words.Words) -> str:  # noqa: ANN401 — any JSON value
    """
    Return a word of a code list, or somebody else's word as a URI.

    Args:
        value: as read
        where: its place
        kind: the list

    Returns:
        The bare word, or the URI.

    Raises:
        MalformedError: a bare word that the list has not.

    Source: CBV 2.0, section 7.
    """
    said = words.bare(text(value, where), kind)
    if said not in kind.known and not _URI.fullmatch(said):
        raise where.fault(
            f"is {said[:40]!r}, which is no {kind.title} of CBV 2.0",
            "Use a word of the list, or a URI of your own vocabulary.",
        )
    return said if said in kind.known else expanded(said, where.prefixes)


def expanded(name: str, prefixes: Mapping[str, str]) -> str:
    """
    Return a name with its prefix written out; unknown prefixes stay.

    Args:
        name: for example example:grading
        prefixes: prefix → address

    Returns:
        For example http://ns.example.com/epcis#grading.

    Source: JSON-LD 1.1, section 4.1.5; our choice of # between: ADR 0047.
    """
    prefix, mark, rest = name.partition(":")
    space = prefixes.get(prefix) if mark and not rest.startswith("//") else None
    return f"{space.rstrip('/#:')}#{rest}" if space else name


def extras(found: Mapping[str, Any], known: frozenset[str], where: Where) -> dict[str, Any]:
    """
    Return the fields of other vocabularies under their full names.

    Args:
        found: all fields
        known: those that EPCIS itself has
        where: their place

    Returns:
        Full name → value, as written.

    Raises:
        MalformedError: a field that EPCIS has not and that bears no namespace.

    Source: EPCIS 2.0, section 9.3; ADR 0047.
    """
    more: dict[str, Any] = {}
    for name, value in found.items():
        if name in known or name == "@context":
            continue
        if ":" not in name and "#" not in name and not (where.loose or name.startswith("_")):
            raise where.at(name).fault(
                "is no field of EPCIS and bears no namespace", "Name the vocabulary it is of."
            )
        full = expanded(name, where.prefixes)
        more[full] = flat(value, where.prefixes)
        where.remark(f"{name} is of no vocabulary known here; it is kept as written.")
    return more


def flat(value: Any, prefixes: Mapping[str, str]) -> Any:  # noqa: ANN401 — any JSON value
    """
    Return a value of another vocabulary with full names, numbers as text.

    Args:
        value: as read
        prefixes: prefix → address

    Returns:
        Objects, lists and texts.

    Source: our choice: ADR 0047.
    """
    if isinstance(value, dict):
        inside = {expanded(name, prefixes): flat(one, prefixes) for name, one in value.items()}
        return {name: one for name, one in inside.items() if one != ""}
    if isinstance(value, list):
        return [flat(one, prefixes) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def _six_digits(said: str) -> str:
    """Return a time whose fraction has at most six digits, as Python reads it."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", said)


def offset(value: Any, where: Where) -> str:  # noqa: ANN401 — any JSON value
    """
    Return the time zone offset in a field.

    Args:
        value: as read
        where: its place

    Returns:
        For example +01:00.

    Raises:
        MalformedError: no offset.

    Source: EPCIS 2.0, section 7.4.1.
    """
    said = text(value, where)
    if said == "Z" or not _OFFSET.fullmatch(said):
        raise where.fault(f"is no offset: {said[:20]!r}", "Write it like +01:00.")
    return "+00:00" if said == "-00:00" else said

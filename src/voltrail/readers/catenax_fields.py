"""
The fields of Catena-X aspects, typed; what 4.0.0 renamed is read under both names.

What is wrong is refused, with its place. Knows no file around an aspect, and no other aspect.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.readers.foreign import Named, Remark
from voltrail.readers.identities import named, named_as

_BPN = re.compile(r"BPNL[0-9A-Za-z]{12}")
_LEVELS = {"pack": "P", "module": "M", "cell": "C"}  # GB/T 34014-2017, X4
_LEVEL_AT = 3
_LONG, _SECOND = 24, 19  # [characters] GB/T 34014-2017; the second is a second life's


class At(Struct, frozen=True):
    """Where an aspect stands, whose it is, of which asset, and where remarks go."""

    place: str
    owner: str
    asset: str
    remarks: list[Remark]

    def fault(self, sentence: str, hint: str) -> MalformedError:
        """Return the refusal of what stands here."""
        return MalformedError(f"{self.place}{sentence}.", hint=hint)


class Part(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One part or batch: its identities, who made it, when and where, and its type."""

    id: Named
    owner: str = ""
    serial: str = ""
    batch: str = ""
    local: tuple[Named, ...] = ()
    made: str = ""
    country: str = ""
    sites: tuple[str, ...] = ()
    part_number: str = ""
    name: str = ""
    classes: tuple[Named, ...] = ()


class Link(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One other end of a link: what it is, whose, how much, and whether it is sure."""

    id: Named
    owner: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    possible: bool = False
    created: str = ""
    modified: str = ""


class Links(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What one part was built of (`down`), or what it was built into (`up`)."""

    id: Named
    direction: str
    links: tuple[Link, ...]
    owner: str = ""


class BatteryCode(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The code on a battery after GB/T 34014, its level, and the codes of its parts."""

    code: Named
    level: str
    parts: tuple["BatteryCode", ...] = ()
    id: Named | None = None


def part(found: Any, at: At, *, batch: bool) -> Part:  # noqa: ANN401 — any JSON value
    """
    Return the part or batch in an aspect.

    Args:
        found: the payload
        at: its place
        batch: whether the aspect says that it is a batch

    Returns:
        The part.

    Raises:
        MalformedError: a field that is missing or wrong.

    Source: Catena-X serial_part and batch, 3.0.0 and 4.0.0.
    """
    _need_object(found, at, "")
    local = tuple(
        named_as(_text(one, "value", at, needed=True), _text(one, "key", at, needed=True))
        for one in _objects(found, "localIdentifiers", at)
    )
    about = {one.scheme: one.text for one in local}
    made = _need_object(found.get("manufacturingInformation", {}), at, ".manufacturingInformation")
    kind = _need_object(found.get("partTypeInformation", {}), at, ".partTypeInformation")
    serial, lot = about.get("partInstanceId", ""), about.get("batchId", "")
    sites = tuple(
        _text(one, "siteId", at) or _text(one, "catenaXsiteId", at)
        for one in _objects(made, "sites", at)
    )
    return Part(
        _asset(found, at), at.owner or about.get("manufacturerId", ""),
        "" if batch else serial, lot or (serial if batch else ""), local,
        _when(made, at, "productionDate", "date"), _text(made, "country", at), sites,
        _text(kind, "manufacturerPartId", at), _text(kind, "nameAtManufacturer", at),
        tuple(_class(one, at) for one in _objects(kind, "partClassification", at)),
    )  # fmt: skip


def links(found: Any, at: At, *, upwards: bool) -> Links:  # noqa: ANN401 — any JSON value
    """
    Return what a part was built of, or into.

    Args:
        found: the payload
        at: its place
        upwards: whether it names wholes

    Returns:
        The links; those that are one of several are possible.

    Raises:
        MalformedError: a field that is missing or wrong.

    Source: Catena-X single_level_bom_as_built and single_level_usage_as_built, 3.0.0 and 4.0.0.
    """
    _need_object(found, at, "")
    several, doubt = ("parentItems", "isOnlyPotentialParent") if upwards else ("childItems", "hasAlternatives")  # fmt: skip # noqa: E501
    made = tuple(
        _link(one, At(f"{at.place}.{several}[{nr}]", "", "", at.remarks), doubt)
        for nr, one in enumerate(_objects(found, several, at, needed=True))
    )
    return Links(_asset(found, at), "up" if upwards else "down", made, at.owner)


def code(found: Any, at: At) -> BatteryCode:  # noqa: ANN401 — any JSON value
    """
    Return the battery code in an aspect, and those of its parts.

    Args:
        found: the payload
        at: its place

    Returns:
        Codes as written; a level that the code contradicts is remarked.

    Raises:
        MalformedError: a field that is missing or wrong.

    Source: Catena-X traction_battery_code 2.0.0; GB/T 34014-2017.
    """
    _need_object(found, at, "")
    parts = tuple(_code(one, at) for one in _objects(found, "subcomponents", at))
    whole = _code(found, at)
    asset = named(at.asset) if at.asset else None
    return BatteryCode(whole.code, whole.level, parts, asset)


def _code(found: Mapping[str, Any], at: At) -> BatteryCode:
    text = _text(found, "tractionBatteryCode", at, needed=True)
    level = _text(found, "productType", at, needed=True)
    if level not in _LEVELS:
        raise at.fault(f".productType is {level[:40]!r}", f"Use one of: {', '.join(_LEVELS)}.")
    if len(text) not in (_LONG, _SECOND):
        raise at.fault(f".tractionBatteryCode has {len(text)} characters", "Copy it again.")
    mark = text[-1] if len(text) == _SECOND else ""
    said = text[-2] if mark else text[_LEVEL_AT]
    if said != _LEVELS[level]:
        at.remarks.append(
            Remark(at.place, f"{text} is of level {said}, the file says {level}.", "level-differs")
        )
    return BatteryCode(named_as(text, "gbt-34014"), level)


def _link(found: Mapping[str, Any], at: At, doubt: str) -> Link:
    amount = found.get("quantity")
    value, unit = None, ""
    if amount is not None:
        held = _need_object(amount, at, ".quantity")
        value, unit = _number(held, at), _text(held, "unit", at)
        if not unit and isinstance(held.get("measurementUnit"), str):
            unit = held["measurementUnit"]
    unsure = found.get(doubt, False)
    if not isinstance(unsure, bool):
        raise at.fault(f".{doubt} is neither true nor false", "Write true or false.")
    owner = _text(found, "businessPartner", at)
    if owner and not _BPN.fullmatch(owner):
        raise at.fault(f".businessPartner is {owner[:40]!r}", "Write BPNL and twelve characters.")
    return Link(
        _asset(found, at), owner, value, unit, unsure,
        _when(found, at, "createdOn"), _when(found, at, "lastModifiedOn"),
    )  # fmt: skip


def _number(found: Mapping[str, Any], at: At) -> Decimal:
    value = found.get("value", found.get("quantityNumber"))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise at.fault(".quantity.value is not a number", "Write it in digits, without quotes.")
    if value < 0:
        raise at.fault(".quantity.value is below zero", "Leave the link out.")
    return Decimal(value)


def _class(found: Mapping[str, Any], at: At) -> Named:
    standard = _text(found, "standard", at) or _text(found, "classificationStandard", at)
    return named_as(_text(found, "id", at) or _text(found, "classificationID", at), standard)


def _asset(found: Mapping[str, Any], at: At) -> Named:
    held = _text(found, "globalAssetId", at) or _text(found, "catenaXId", at) or at.asset
    if not held:
        raise at.fault(" lacks globalAssetId", "Name the asset; 3.x calls it catenaXId.")
    return named(held if held.startswith("urn:") else f"urn:uuid:{held}")


def _when(found: Mapping[str, Any], at: At, *names: str) -> str:
    """Return a day or a time as written; what is none is refused."""
    said = next((one for one in (_text(found, name, at) for name in names) if one), "")
    if said:
        moment(said, at)
    return said


def moment(said: str, at: At | None = None) -> datetime:
    """
    Return a day or time as a time; one without a zone is taken as UTC.

    Args:
        said: ISO 8601
        at: its place, for a refusal

    Returns:
        An aware time.

    Raises:
        MalformedError: neither day nor time.

    Source: ISO 8601-1:2019; our choice: ADR 0047.
    """
    try:
        found = datetime.fromisoformat(said)
    except ValueError as error:
        place = at.place if at is not None else "The file"
        raise MalformedError(
            f"{place} names {said[:40]!r}, which is no day or time.",
            hint="Write it like 2026-11-22.",
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def day_of(said: str) -> date:
    """
    Return the day of a text that was read as day or time.

    Args:
        said: ISO 8601

    Returns:
        The day as written.

    Source: our choice: ADR 0047.
    """
    return moment(said).date()


def _objects(found: Mapping[str, Any], name: str, at: At, *, needed: bool = False) -> list[Any]:
    held = found.get(name)
    if held is None and not needed:
        return []
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        raise at.fault(f".{name} is no list of objects", "Put objects in brackets.")
    return held


def _need_object(found: Any, at: At, name: str) -> Mapping[str, Any]:  # noqa: ANN401
    if not isinstance(found, dict):
        raise at.fault(f"{name} is not an object", "Give it in braces.")
    return found


def _text(found: Mapping[str, Any], name: str, at: At, *, needed: bool = False) -> str:
    held = found.get(name)
    if held is None and not needed:
        return ""
    if not isinstance(held, str) or (needed and not held.strip()):
        raise at.fault(f".{name} is not a text", "Write it in quotes.")
    return held.strip()

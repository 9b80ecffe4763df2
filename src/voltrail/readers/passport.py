"""
Battery passports: the shapes in which they travel, and one typed passport out of each.

Shapes: Battery Pass 1.2 submodels, Catena-X battery_pass 6.1.0, BatteryPass-Ready (GEFEG),
EN 18223 in expanded and plain JSON, and JSON-LD of GS1. Says what a passport says; whether that is
enough, `passport_check` says.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity
from voltrail.readers import measured
from voltrail.readers import passport_places as places
from voltrail.readers.foreign import Draft, Format, Named, Opened, Reading, Remark
from voltrail.readers.identities import named
from voltrail.readers.passport_layouts import places_in
from voltrail.readers.passport_steps import FIRST, LONG, walk

NAME = "passport"
_MODEL = "urn:io.catenax.battery.battery_pass:"
_CATENAX = ("6.0.0", "6.1.0")
_GEFEG = "Battery_Passport"
# one submodel → a field that every file of it has, or one of a few
_SUBMODELS = {
    "GeneralProductInformation": {"batteryPassportIdentifier", "operatorInformation"},
    "CarbonFootprint": {"batteryCarbonFootprint", "carbonFootprintPerLifecycleStage"},
    "Circularity": {"dismantlingAndRemovalInformation", "endOfLifeInformation"},
    "Labels": {"declarationOfConformity", "labels"},
    "MaterialComposition": {"batteryMaterials", "batteryChemistry"},
    "Performance": {"batteryTechicalProperties", "batteryCondition"},
    "SupplyChainDueDiligence": {"supplyChainDueDiligenceReport", "thirdPartyAussurances"},
}
_KINDS = {"model": "product", "batch": "lot", "item": "unit"}
_STATUSES = ("original", "repurposed", "re-used", "remanufactured", "waste")
_TEXT = LONG  # [characters] of one field that are looked at; our choice
_Ways = tuple[tuple[str, tuple[Any, ...]], ...]  # field of ours → places, or places and units
_PLACES = {name: tuple(paths.split()) for name, paths in places.PLACES.items()}


class Passport(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What a passport says; words that are known in ours, and beside them as they were written."""

    shape: str
    id: Named | None = None
    product: Named | None = None
    granularity: str = ""
    category: str = ""
    category_said: str = ""
    chemistry: str = ""
    chemistry_said: str = ""
    status: str = ""
    state: str = ""
    updated: str = ""
    operator: Named | None = None
    manufacturer: Named | None = None
    manufacturer_name: str = ""
    facility: Named | None = None
    made: str = ""
    in_service: str = ""
    model: str = ""
    serial: str = ""
    batch: str = ""
    capacity: Quantity | None = None
    mass: Quantity | None = None
    min_voltage: Quantity | None = None
    nominal_voltage: Quantity | None = None
    max_voltage: Quantity | None = None
    unread: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


def fits(opened: Opened) -> bool:
    """
    Return whether a file is a battery passport, or a submodel of one.

    Args:
        opened: the file

    Returns:
        True for the shapes that are read here.

    Source: our choice: ADR 0047.
    """
    return isinstance(opened.value, dict) and bool(shape(opened.value))


def read(opened: Opened) -> Reading:
    """
    Return the passport in a file as one draft.

    Args:
        opened: the file

    Returns:
        A draft of the product, lot or unit that it is about; else of a document.

    Raises:
        MalformedError: no passport, or a model version that is not read.

    Source: Battery Pass 1.2; Catena-X battery_pass 6.1.0; EN 18223:2026; our choice: ADR 0047.
    """
    if not fits(opened):
        raise MalformedError("The file is no battery passport.", hint="Name its format with --as.")
    remarks = list(opened.remarks)
    found = passport(opened.value, remarks)
    draft = Draft("passport", _KINDS.get(found.granularity, "document"), found, opened.digest)
    return Reading(NAME, opened.digest, [draft], remarks)


def shape(value: Mapping[str, Any]) -> str:
    """
    Return which shape a passport has.

    Args:
        value: the file's object

    Returns:
        A word; empty where it is none.

    Source: our choice: ADR 0047.
    """
    version = value.get("specVersion")
    if isinstance(version, str) and version.startswith(_MODEL):
        return "catena-x"
    if isinstance(value.get(_GEFEG), dict):
        return "gefeg"
    if "digitalProductPassportId" in value:
        return "en-18223" if isinstance(value.get("elements"), list) else "en-18223-plain"
    kinds = value.get("type")
    if isinstance(kinds, list) and any(str(one).endswith(":Battery") for one in kinds):
        return "json-ld"
    parts = [name for name, keys in _SUBMODELS.items() if keys & value.keys() or name in value]
    return f"battery-pass {parts[0]}" if parts else ""


def passport(value: Mapping[str, Any], remarks: list[Remark]) -> Passport:
    """
    Return the typed passport in an object.

    Args:
        value: the file's object
        remarks: where remarks go

    Returns:
        What it says.

    Raises:
        MalformedError: a version of the Catena-X model that is not read.

    Source: our choice: ADR 0047.
    """
    kind = shape(value)
    if kind == "catena-x" and value["specVersion"].removeprefix(_MODEL) not in _CATENAX:
        raise MalformedError(
            f"{value['specVersion'][:80]} is not read.", hint=f"Versions {', '.join(_CATENAX)} are."
        )
    found, filled = places_in(_whole(value))
    texts, held = _ways(tuple(found))
    told: dict[str, Any] = _texts(found, texts)
    amounts, unread = _amounts(found, held)
    told |= amounts
    remarks.extend(Remark("passport", f"{one} is in a unit that is not known.") for one in unread)
    for name in ("id", "product", "operator", "manufacturer", "facility"):
        told[name] = named(told[name]) if told[name] else None
    category, chemistry = told.pop("category"), told.pop("chemistry")
    told["status"] = _word(told["status"], _STATUSES)
    told["granularity"] = _granularity(told["granularity"])
    return Passport(
        kind, **told, category=_category(category), category_said=category,
        chemistry=_chemistry(chemistry), chemistry_said=chemistry, unread=tuple(unread),
        filled=filled,
    )  # fmt: skip


def leaves(value: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return each place of a passport that is filled, and the first value there.

    Args:
        value: the file's object

    Returns:
        Path in small letters, without prefixes and without `has` → value.

    Source: our choice: ADR 0047.
    """
    found: dict[str, Any] = {}
    walk(_whole(value), "", FIRST, found)
    return found


def _whole(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object of a file with groups and elements laid open."""
    inner: Any = value.get(_GEFEG)
    if isinstance(inner, dict):  # its groups say nothing of their own
        whole: dict[str, Any] = {name: one for group in inner.values() if isinstance(group, dict)
                                 for name, one in group.items()}  # fmt: skip
    else:
        whole = dict(value)
        for name in _SUBMODELS:
            if name in value and isinstance(value[name], dict):
                whole |= value[name]
    if isinstance(whole.get("elements"), list):
        whole |= _elements(whole["elements"])
    return whole


def _elements(elements: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON value
    """Return the elements of EN 18223 as a plain object."""
    found: dict[str, Any] = {}
    for one in elements:
        if not isinstance(one, dict) or not isinstance(one.get("elementId"), str):
            continue
        inner, held = one.get("elements"), one.get("value")
        if isinstance(inner, list):
            found[one["elementId"]] = _elements(inner)
        elif isinstance(held, list):
            found[one["elementId"]] = [_elements(x) if isinstance(x, list) else x for x in held]
        else:
            found[one["elementId"]] = held
    return found


@lru_cache(maxsize=64)
def _ways(filled: tuple[str, ...]) -> tuple[_Ways, _Ways]:
    """Return for each text and each amount of ours those places at which it is looked for."""
    texts = ((name, tuple(one for one in row if one in filled)) for name, row in _PLACES.items())
    amounts = (
        (name, tuple(one for one in row if one[0] in filled))
        for name, row in places.AMOUNTS.items()
    )
    return tuple(one for one in texts if one[1]), tuple(one for one in amounts if one[1])


def _texts(found: Mapping[str, Any], ways: _Ways) -> dict[str, str]:
    """Return for each text of ours the first that a passport holds for it."""
    told = dict.fromkeys(_PLACES, "")
    for name, paths in ways:
        for path in paths:
            one = found[path]
            if isinstance(one, str):
                told[name] = one[:_TEXT].strip()
                break
    return told


def _amounts(found: Mapping[str, Any], ways: _Ways) -> tuple[dict[str, Quantity | None], list[str]]:
    told: dict[str, Quantity | None] = {}
    unread: list[str] = []
    for name, paths in ways:
        for at, unit in paths:
            value = _number(found[at])
            if value is None:
                continue
            code = unit[1:] if unit[0] == "'" else str(found.get(unit, ""))
            amount = measured.quantity(value, code)
            if amount is not None and amount.unit in places.UNITS[name]:
                told[name] = amount
            else:
                unread.append(f"{name.replace('_', ' ')} {value} {code[:40]}".strip())
            break
    return told, unread


def _number(value: Any) -> Decimal | None:  # noqa: ANN401 — any JSON value
    if type(value) is Decimal:
        return value if value.is_finite() else None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@lru_cache(maxsize=1_024)
def _category(said: str) -> str:
    plain = re.sub(r"[^a-z]", "", said.rpartition(":")[2].rpartition("/")[2].lower())
    whole = re.sub(r"[^a-z]", "", said.lower())
    for word, names in places.CATEGORIES:
        if plain.removesuffix("battery") in names or any(len(n) > 3 and n in whole for n in names):  # noqa: PLR2004
            return word
    return ""


@lru_cache(maxsize=1_024)
def _chemistry(said: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", " ", said.lower())
    for word, names in places.CHEMISTRIES:
        if any(f" {name.replace('-', ' ')} " in f" {plain} " for name in names):
            return word
    return ""


@lru_cache(maxsize=1_024)
def _word(said: str, known: tuple[str, ...]) -> str:
    plain = re.sub(r"[^a-z]", "", said.rpartition(":")[2].rpartition("/")[2].lower())
    return next((one for one in known if one.replace("-", "") == plain), said)


def _granularity(said: str) -> str:
    plain = said.rpartition(":")[2].rpartition("/")[2].lower().removesuffix("level")
    return plain if plain in _KINDS else ""


FORMAT = Format(NAME, "Battery passports", fits, read)

"""
Catena-X aspects: parts, batches, what was built of what, and battery codes; 3.x and 4.0.0.

Reads one aspect alone, a list of assets to import, a container of test data, and the answer of an
item relationship service. What may be one of several is possible, not definite. Across the file,
known defects are remarked by name; nothing is mended.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.readers import catenax_checks, catenax_fields
from voltrail.readers.catenax_fields import BatteryCode, Links, Part
from voltrail.readers.foreign import Draft, Format, Opened, Reading, Remark

NAME = "catenax"
_CONTAINER = "https://catenax.io/schema/TestDataContainer/1.0.0"
_READ = {
    "SerialPart": "part",
    "Batch": "part",
    "JustInSequencePart": "part",
    "SingleLevelBomAsBuilt": "bom",
    "SingleLevelUsageAsBuilt": "usage",
    "TractionBatteryCode": "code",
}
_LONGEST = 80  # [characters] of a name; our choice
_SHOWN = 3  # [aspects] named in a refusal; our choice
_MAJORS = {
    "SerialPart": "34", "Batch": "34", "JustInSequencePart": "34", "SingleLevelBomAsBuilt": "34",
    "SingleLevelUsageAsBuilt": "34", "TractionBatteryCode": "12",
}  # fmt: skip


class Aspect(Struct, frozen=True):
    """One aspect in a file: its place, which it is, whose, of which asset, and its payload."""

    place: str
    name: str
    version: str
    owner: str
    asset: str
    payload: Any


def fits(opened: Opened) -> bool:
    """
    Return whether a file is one of the shapes in which aspects travel.

    Args:
        opened: the file

    Returns:
        True where it is.

    Source: Catena-X CX-0125, CX-0127; our choice: ADR 0047.
    """
    value = opened.value
    if not isinstance(value, dict):
        return False
    carried = isinstance(value.get("assets"), list) or "shells" in value or _CONTAINER in value
    return carried or bool(_alone(value))


def read(opened: Opened) -> Reading:
    """
    Return what the aspects in a file say.

    Args:
        opened: the file

    Returns:
        A draft for each aspect that is read; the others, and known defects, are remarked.

    Raises:
        MalformedError: no such file, or an aspect that is wrong.

    Source: Catena-X serial_part, batch, single_level_bom_as_built, single_level_usage_as_built
    3.0.0 and 4.0.0, traction_battery_code 2.0.0.
    """
    if not fits(opened):
        raise MalformedError("The file holds no aspect of Catena-X.", hint="Export the aspects.")
    remarks, drafts = list(opened.remarks), []
    others: dict[str, None] = {}
    for one in _aspects(opened.value):
        kind = _READ.get(one.name)
        if kind is None or one.version[:1] not in ("", *_MAJORS[one.name]):
            named = f"{one.name[:60]} {one.version[:20]}".strip()
            others[named] = None
            remarks.append(Remark(one.place, f"{named} is no aspect that is read here."))
            continue
        said = _said(kind, one, remarks)
        drafts.append(Draft(one.place, _kind(said), said, opened.digest))
    if not drafts:
        held = f" but {', '.join(list(others)[:_SHOWN])}" if others else ""
        raise MalformedError(
            f"The file holds no aspect that is read here{held}.",
            hint=f"Those are: {', '.join(_READ)}, in versions 3 and 4.",
        )
    if opened.value.get("relationships"):
        remarks.append(Remark("relationships", "Links beside the aspects are not read."))
    remarks.extend(catenax_checks.defects(drafts))
    return Reading(NAME, opened.digest, drafts, remarks)


def _said(kind: str, one: Aspect, remarks: list[Remark]) -> Part | Links | BatteryCode:
    at = catenax_fields.At(one.place, one.owner, one.asset, remarks)
    if kind == "part":
        return catenax_fields.part(one.payload, at, batch=one.name == "Batch")
    if kind == "code":
        return catenax_fields.code(one.payload, at)
    return catenax_fields.links(one.payload, at, upwards=kind == "usage")


def _kind(said: Part | Links | BatteryCode) -> str:
    if isinstance(said, Links):
        return "assembly"
    return "lot" if isinstance(said, Part) and said.batch and not said.serial else "unit"


def _alone(value: Mapping[str, Any]) -> str:
    """Return which aspect an object is by its fields; a batch looks like a serial part."""
    if "tractionBatteryCode" in value:
        return "TractionBatteryCode"
    if "childItems" in value:
        return "SingleLevelBomAsBuilt"
    if "parentItems" in value:
        return "SingleLevelUsageAsBuilt"
    parts = {"localIdentifiers", "manufacturingInformation", "partTypeInformation"}
    return "SerialPart" if parts <= value.keys() else ""


def _aspects(value: Mapping[str, Any]) -> Iterator[Aspect]:
    if isinstance(value.get("assets"), list):
        for nr, asset in enumerate(value["assets"]):
            at = f"assets[{nr}]"
            about = _dict(_dict(asset, at).get("assetMetaInfo", {}), f"{at}.assetMetaInfo")
            yield from _submodels(asset.get("submodels", []), f"{at}.submodels", _id(about))
    elif "shells" in value:
        yield from _submodels(value.get("submodels", []), "submodels", "")
    elif _CONTAINER in value:
        yield from _contained(value[_CONTAINER])
    else:
        yield Aspect(_alone(value), _alone(value), "", "", "", value)


def _submodels(found: Any, at: str, asset: str) -> Iterator[Aspect]:  # noqa: ANN401
    for nr, one in enumerate(_list(found, at)):
        place = f"{at}[{nr}]"
        kind = _dict(one, place).get("aspectType")
        if not isinstance(kind, str) or "payload" not in one:
            raise MalformedError(f"{place} lacks aspectType or payload.", hint="Give both.")
        yield Aspect(place, *_named(kind), "", asset, one["payload"])


def _contained(found: Any) -> Iterator[Aspect]:  # noqa: ANN401 — any JSON value
    for nr, one in enumerate(_list(found, "the container")):
        place = f"container[{nr}]"
        owner = _dict(one, place).get("bpnl", "")
        for kind, payloads in one.items():
            if not kind.startswith("urn:") or "#" not in kind:
                continue
            name, version = _named(kind)
            for at, payload in enumerate(_list(payloads, f"{place}.{name}")):
                where = f"{place}.{name}[{at}]"
                yield Aspect(where, name, version, str(owner)[:_LONGEST], _id(one), payload)


def _named(kind: str) -> tuple[str, str]:
    """Return name and version of an aspect."""
    head, _, name = kind.rpartition("#")
    return name[:_LONGEST], head.rpartition(":")[2][:_LONGEST]


def _id(found: Mapping[str, Any]) -> str:
    held = found.get("globalAssetId", found.get("catenaXId", ""))
    return held if isinstance(held, str) else ""


def _dict(found: Any, at: str) -> dict[str, Any]:  # noqa: ANN401 — any JSON value
    if not isinstance(found, dict):
        raise MalformedError(f"{at} is not an object.", hint="Give it in braces.")
    return found


def _list(found: Any, at: str) -> list[Any]:  # noqa: ANN401 — any JSON value
    if not isinstance(found, list):
        raise MalformedError(f"{at} is not a list.", hint="Put it in brackets.")
    return found


FORMAT = Format(NAME, "Catena-X aspects", fits, read)

"""
CycloneDX bills of materials in JSON, versions 1.2 to 1.7: components become lines of a parts list.

Hardware and software alike; what a component contains stands below it. Documents that only speak of
weaknesses hold no parts. Does not compare two lists; `bom_diff` does.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.readers import cyclonedx_links
from voltrail.readers.foreign import Draft, Format, Opened, Reading, Remark

NAME = "cyclonedx"
VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_KNOWN = frozenset(
    [
        "application",
        "framework",
        "library",
        "container",
        "platform",
        "operating-system",
        "device",
        "device-driver",
        "firmware",
        "file",
        "machine-learning-model",
        "data",
        "cryptographic-asset",
    ]
)  # CycloneDX 1.7, component.type
_DEVICE = "cdx:device:"
_NUMBERS = ("gs1:gtin-8", "gs1:gtin-12", "gs1:gtin-13", "gs1:gtin-14", "gs1:gmn")
_PLACE = "components"


class Component(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One line: what it is, by whom, how many, where, which version."""

    type: str
    name: str
    version: str = ""
    group: str = ""
    supplier: str = ""
    part_number: str = ""
    purl: str = ""
    cpe: str = ""
    quantity: str = ""
    function: str = ""
    location: str = ""
    device_type: str = ""
    hashes: tuple[str, ...] = ()
    within: str = ""
    ref: str = ""


class Bom(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A parts list: of what, in which edition, and its lines."""

    spec_version: str
    components: tuple[Component, ...]
    subject: Component | None = None
    serial_number: str = ""
    version: str = ""
    made: str = ""


def fits(opened: Opened) -> bool:
    """
    Return whether a file is CycloneDX.

    Args:
        opened: the file

    Returns:
        True where its format says so.

    Source: CycloneDX 1.7, bomFormat.
    """
    return isinstance(opened.value, dict) and opened.value.get("bomFormat") == "CycloneDX"


def read(opened: Opened) -> Reading:
    """
    Return the parts list of a CycloneDX file as one draft.

    Args:
        opened: the file

    Returns:
        A draft of an assembly's parts list.

    Raises:
        MalformedError: no such file, a version that is not read, or no parts in it.

    Source: CycloneDX 1.7, sections on components and metadata.
    """
    remarks = list(opened.remarks)
    found = bom(opened.value, remarks)
    if not found.components and found.subject is None:
        raise MalformedError(
            "The file lists no components.",
            hint="Give the list of parts itself, not what points at it.",
        )
    return Reading(NAME, opened.digest, [Draft("bom", "assembly", found, opened.digest)], remarks)


def bom(value: Any, remarks: list[Remark]) -> Bom:  # noqa: ANN401 — any JSON value
    """
    Return the parts list in an object.

    Args:
        value: the file's object
        remarks: where remarks go

    Returns:
        The list, inner parts after what contains them.

    Raises:
        MalformedError: no such object, a version that is not read, or a component that is wrong.

    Source: CycloneDX 1.7.
    """
    if not isinstance(value, dict) or value.get("bomFormat") != "CycloneDX":
        raise MalformedError("The file is no CycloneDX.", hint="Export it as CycloneDX JSON.")
    version = value.get("specVersion")
    if version not in VERSIONS:
        raise MalformedError(
            f"CycloneDX {version!r:.20} is not read.", hint=f"Export one of {', '.join(VERSIONS)}."
        )
    about = value.get("metadata", {})
    if not isinstance(about, dict):
        raise MalformedError("metadata is not an object.", hint="Give it in braces.")
    subject = about.get("component")
    whole = _component(subject, "metadata.component", "", remarks) if subject is not None else None
    if value.get("vulnerabilities"):
        remarks.append(Remark("vulnerabilities", "What is said of weaknesses is not read."))
    parts = tuple(_components(value.get(_PLACE, []), _PLACE, remarks))
    remarks.extend(cyclonedx_links.remarks(value))
    return Bom(
        str(version), parts, whole, _text(value, "serialNumber", "the file"),
        str(value.get("version", ""))[:20], _text(about, "timestamp", "metadata"),
    )  # fmt: skip


def _components(value: Any, at: str, remarks: list[Remark]) -> Iterator[Component]:  # noqa: ANN401
    """Yield the components of a list and those inside them, one level after the other."""
    waiting = deque([(value, at, "")])
    while waiting:
        held, place, within = waiting.popleft()
        if not isinstance(held, list):
            raise MalformedError(f"{place} is not a list.", hint="Put it in brackets.")
        for nr, one in enumerate(held):
            made = _component(one, f"{place}[{nr}]", within, remarks)
            yield made
            if _PLACE in one:
                waiting.append((one[_PLACE], f"{place}[{nr}].{_PLACE}", made.ref or made.name))


def _component(value: Any, place: str, within: str, remarks: list[Remark]) -> Component:  # noqa: ANN401
    if not isinstance(value, dict):
        raise MalformedError(f"{place} is not an object.", hint="Give it in braces.")
    name, kind = _text(value, "name", place), _text(value, "type", place)
    if not name:
        raise MalformedError(f"{place} lacks name.", hint="Name the component.")
    if kind not in _KNOWN:
        raise MalformedError(f"{place}.type is {kind[:40]!r}.", hint="Use a type of CycloneDX 1.7.")
    told = _properties(value.get("properties", []), place)
    number = next((told[_DEVICE + one] for one in _NUMBERS if _DEVICE + one in told), "")
    made = Component(
        kind,
        name,
        _text(value, "version", place),
        _text(value, "group", place),
        _maker(value, place),
        number or (name if kind == "device" else ""),
        _text(value, "purl", place),
        _text(value, "cpe", place),
        told.get(_DEVICE + "quantity", ""),
        told.get(_DEVICE + "function", ""),
        told.get(_DEVICE + "location", ""),
        told.get(_DEVICE + "deviceType", ""),
        _hashes(value.get("hashes", []), place),
        within,
        _text(value, "bom-ref", place),
    )
    if kind == "device" and not made.supplier:
        remarks.append(Remark(place, f"Nobody is named who supplies or makes {name[:60]}."))
    return made


def _maker(value: Mapping[str, Any], place: str) -> str:
    """Return who is named: supplier, manufacturer, or what older editions call so."""
    for key in ("supplier", "manufacturer"):
        held = value.get(key)
        if isinstance(held, dict) and _text(held, "name", f"{place}.{key}"):
            return _text(held, "name", f"{place}.{key}")
    return _text(value, "publisher", place) or _text(value, "author", place)


def _properties(value: Any, place: str) -> dict[str, str]:  # noqa: ANN401 — any JSON value
    if not isinstance(value, list):
        raise MalformedError(f"{place}.properties is not a list.", hint="Put it in brackets.")
    pairs = [(one.get("name"), one.get("value", "")) for one in value if isinstance(one, dict)]
    if len(pairs) != len(value):
        raise MalformedError(f"{place}.properties holds no objects.", hint="Give name and value.")
    return {name: str(held) for name, held in pairs if isinstance(name, str)}


def _hashes(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401 — any JSON value
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise MalformedError(f"{place}.hashes is no list of objects.", hint="Give alg and content.")
    return tuple(sorted(f"{one.get('alg')} {one.get('content')}" for one in value))


def _text(value: Mapping[str, Any], name: str, place: str) -> str:
    held = value.get(name, "")
    if not isinstance(held, str):
        raise MalformedError(f"{place}.{name} is not a text.", hint="Write it in quotes.")
    return held.strip()


FORMAT = Format(NAME, "CycloneDX parts lists", fits, read)

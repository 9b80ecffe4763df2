"""
EPCIS as XML, versions 1.2 and 2.0: elements become the objects that the JSON form has.

So that both forms of one event give equal drafts. Extension points of 1.2 are laid open. Does not
check the fields; `epcis_event` does.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from voltrail.errors import MalformedError
from voltrail.readers import epcis_fields
from voltrail.readers.markup import Element

_OPEN = {"extension", "baseExtension"}  # EPCIS 1.2, section 9.5: where later fields were put
_TYPED = "http://www.w3.org/2001/XMLSchema-instance"
_ITEMS = {"epcList", "childEPCs", "inputEPCList", "outputEPCList", "correctiveEventIDs"}
_AMOUNTS = {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
_SIDES = {
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
}
_OBJECTS = {"readPoint", "bizLocation", "errorDeclaration", "ilmd"}
_DIGITS = re.compile(r"[-+0-9.eE]{1,320}")
_NUMBERS = {"value", "minValue", "maxValue", "meanValue", "percRank", "percValue", "sDev"}
_FIRST = "eventTime"
_MOST_TENS = 30  # [powers of ten] of a number, as in JSON: ADR 0047


def events(root: Element) -> Iterator[tuple[Any, dict[str, str], str]]:
    """
    Yield each event of a document as an object, the prefixes that hold there, and its place.

    Args:
        root: EPCISDocument, EPCISQueryDocument, or one event

    Yields:
        Objects as the JSON form has them.

    Raises:
        MalformedError: no list of events, or an event whose fields are not in their order.

    Source: EPCIS 1.2, section 9.5; EPCIS 2.0, section 9.
    """
    if root.name.endswith("Event"):
        yield _event(root, "The event"), dict(root.prefixes), "event 1"
        return
    found = root.under("EPCISBody", "EventList")
    found = found or root.under("EPCISBody", "QueryResults", "resultsBody", "EventList")
    if found is None:
        raise MalformedError(
            f"The {root.name[:60]} holds no EventList.",
            hint="Give a document of events, not a question for some.",
        )
    for at, one in enumerate(_laid_open(found), 1):
        yield _event(one, f"Event {at}"), dict(one.prefixes), f"event {at}"


def _laid_open(parent: Element) -> Iterator[Element]:
    for one in parent.children:
        if not one.space and one.name in _OPEN:
            yield from _laid_open(one)
        else:
            yield one


def _event(element: Element, place: str) -> dict[str, Any]:
    fields = list(_laid_open(element))
    if fields and fields[0].name != _FIRST and any(one.name == _FIRST for one in fields):
        raise MalformedError(
            f"{place} (line {fields[0].line}) begins with {fields[0].name[:40]}, not eventTime.",
            hint="Put the fields in the order of the schema, eventTime first.",
        )
    found: dict[str, Any] = {"type": element.name}
    for one in fields:
        name, value = _field(one)
        if name in found and not one.space:
            raise MalformedError(
                f"{place} has {name[:40]} twice, again in line {one.line}.", hint="Keep one."
            )
        _put(found, name, value)
    return found


def _field(one: Element) -> tuple[str, Any]:
    name = _name(one.space, one.name)
    if one.space:
        return name, _anything(one)
    if name in _ITEMS:
        return name, [item.text for item in one.children]
    if name in _AMOUNTS:
        return name, [_with_number(_members(item), {"quantity"}) for item in one.children]
    if name in _SIDES:
        return name, [_side(item, _SIDES[name]) for item in one.children]
    if name == "sensorElementList":
        return name, [_sensor(item) for item in one.children]
    if name == "persistentDisposition":
        return name, {kind: [item.text for item in one.children if item.name == kind]
                      for kind in ("set", "unset")
                      if any(item.name == kind for item in one.children)}  # fmt: skip
    return name, _members(one) if name in _OBJECTS else one.text


def _members(one: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in _laid_open(one):
        name, value = _field(item)
        _put(found, name, value)
    return found


def _side(item: Element, name: str) -> dict[str, Any]:
    return {**item.attributes, name: item.text}


def _sensor(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"sensorReport": []}
    for one in element.children:
        if one.name == "sensorReport" and not one.space:
            found["sensorReport"].append(_with_number(_attributes(one), _NUMBERS))
        elif one.name == "sensorMetadata" and not one.space:
            found["sensorMetadata"] = _attributes(one)
        else:
            name, value = _field(one)
            _put(found, name, value)
    return found


def _attributes(one: Element) -> dict[str, Any]:
    split = (name.rpartition(" ") for name in one.attributes)
    names = [(space, short) for space, _, short in split]
    return {
        _name(space, short): value
        for (space, short), value in zip(names, one.attributes.values(), strict=True)
        if space != _TYPED
    }


def _with_number(found: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return an object whose numbers are numbers; what is none stays a text, to be refused."""
    for name in names & found.keys():
        try:
            number = Decimal(found[name])
        except (InvalidOperation, TypeError):
            continue
        if (
            _DIGITS.fullmatch(found[name])
            and number.is_finite()
            and abs(number.adjusted()) <= _MOST_TENS
        ):
            found[name] = number
    return found


def _anything(one: Element) -> Any:  # noqa: ANN401 — of another vocabulary
    found = _attributes(one)
    for item in one.children:
        name, value = _name(item.space, item.name), _anything(item)
        _put(found, name, value)
    return found or one.text


def _put(found: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401 — any value
    """Keep a value under a name; what stands there again becomes a list."""
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _name(space: str, name: str) -> str:
    return f"{space.rstrip('/#:')}#{name}" if space else name


def prefixes(declared: dict[str, str]) -> dict[str, str]:
    """
    Return the prefixes that hold in an XML event: those of EPCIS, then its own.

    Args:
        declared: prefix → namespace

    Returns:
        Prefix → address.

    Source: EPCIS 2.0, section 9.
    """
    return {**epcis_fields.NAMES, **{name: one for name, one in declared.items() if name}}

"""
One EPCIS event: an object with the fields of its kind becomes a typed event.

The same for JSON and for XML, which is turned into such an object first. Does not know what
statement an event could become.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from voltrail.readers import epcis_fields as fields
from voltrail.readers import epcis_words as words
from voltrail.readers.epcis_fields import Where
from voltrail.readers.epcis_model import Amount, Event, Measured, Paper, Sensed, Side, Withdrawal

ACTIONS = ("ADD", "OBSERVE", "DELETE")
_QUANTITY = frozenset({"epcClass", "quantity", "uom"})
_POINT = frozenset({"id"})
_WRONG = frozenset({"declarationTime", "reason", "correctiveEventIDs"})
_METADATA = frozenset(
    [
        "time",
        "deviceID",
        "deviceMetadata",
        "rawData",
        "startTime",
        "endTime",
        "dataProcessingMethod",
        "bizRules",
    ]
)
_REPORT = frozenset(
    [
        "type",
        "value",
        "component",
        "stringValue",
        "booleanValue",
        "hexBinaryValue",
        "uriValue",
        "minValue",
        "maxValue",
        "meanValue",
        "percRank",
        "percValue",
        "uom",
        "sDev",
        "exception",
        "deviceID",
        "deviceMetadata",
        "rawData",
        "time",
        "microorganism",
        "chemicalSubstance",
        "coordinateReferenceSystem",
        "dataProcessingMethod",
        "bizRules",
    ]
)
_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "percRank", "percValue", "sDev")
_TIMES = ("time", "startTime", "endTime")
_SHORT = {"exception": words.kind_of_measure}

Read = Callable[[Any, Where], Any]


def read(found: Any, where: Where) -> Event:  # noqa: ANN401 — any JSON value
    """
    Return the event in an object.

    Args:
        found: the object
        where: its place in the file

    Returns:
        The typed event.

    Raises:
        MalformedError: an unknown kind, a field missing, wrong or without namespace.

    Source: EPCIS 2.0, sections 7.4 and 9.
    """
    if not isinstance(found, dict):
        raise where.fault("is not an object", "Give each event in braces.")
    kind = found.get("type")
    own = _OWN.get(kind) if isinstance(kind, str) else None
    if own is None:
        raise where.at("type").fault(
            f"is {kind!r:.40}, which is no kind of event", f"Use one of: {', '.join(_OWN)}."
        )
    if kind == "TransformationEvent" and "action" in found:
        where.remark("A TransformationEvent has no action; it is not read.")
    known = {"type": ("type", fields.text), **_EVERY, **own}
    values = {name: reader(found[key], where.at(key)) for key, (name, reader) in known.items()
              if key in found}  # fmt: skip
    _need(found, values, where)
    two = values.pop("persistent", ((), ()))
    more = fields.extras(found, frozenset(known) | {"action"}, where)
    return Event(**values, set_dispositions=two[0], unset_dispositions=two[1], more=more)


def _need(found: Mapping[str, Any], values: Mapping[str, Any], where: Where) -> None:
    """Refuse an event without what its kind must have."""
    kind = values["type"]
    needed = ["eventTime", "eventTimeZoneOffset"]
    needed += [] if kind == "TransformationEvent" else ["action"]
    needed += ["bizTransactionList"] if kind == "TransactionEvent" else []
    linked = kind in {"AggregationEvent", "AssociationEvent"}
    if linked and found.get("action") in ("ADD", "OBSERVE"):
        needed += ["parentID"] if kind == "AssociationEvent" or found["action"] == "ADD" else []
    for name in needed:
        if name not in found:
            raise where.fault(f"lacks {name}", f"Add {name} to the event.")
    if not any(values.get(one) for one in _THINGS) and not found.get("sensorElementList"):
        raise where.fault("names nothing that it is about", "Name at least one item or quantity.")


def _action(value: Any, where: Where) -> str:  # noqa: ANN401 — any JSON value
    if value not in ACTIONS:
        raise where.fault(f"is {value!r:.40}", f"Use one of: {', '.join(ACTIONS)}.")
    return str(value)


def _object(value: Any, where: Where) -> dict[str, Any]:  # noqa: ANN401 — any JSON value
    if not isinstance(value, dict):
        raise where.fault("is not an object", "Give it in braces.")
    return value


def _amount(value: Any, where: Where) -> Amount:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    fields.extras(found, _QUANTITY, where)
    of = fields.identity(found.get("epcClass"), where.at("epcClass"))
    many, unit = None, ""
    if "quantity" in found:
        many = fields.number(found["quantity"], where.at("quantity"))
        if many < 0:
            raise where.at("quantity").fault("is below zero", "Say what left with DELETE.")
    if "uom" in found:
        unit = fields.text(found["uom"], where.at("uom"))
    return Amount(of, many, unit)


def _point(value: Any, where: Where) -> Any:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    fields.extras(found, _POINT, where)
    return fields.identity(found.get("id"), where.at("id"))


def _paper(value: Any, where: Where) -> Paper:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    fields.extras(found, frozenset({"type", "bizTransaction"}), where)
    kind = ""
    if "type" in found:
        kind = fields.word(found["type"], where.at("type"), words.PAPER)
    return Paper(fields.uri(found.get("bizTransaction"), where.at("bizTransaction")), kind)


def _side(name: str) -> Read:
    def read_side(value: Any, where: Where) -> Side:  # noqa: ANN401 — any JSON value
        found = _object(value, where)
        fields.extras(found, frozenset({"type", name}), where)
        kind = fields.word(found.get("type"), where.at("type"), words.SIDE)
        return Side(kind, fields.identity(found.get(name), where.at(name)))

    return read_side


def _step(value: Any, where: Where) -> str:  # noqa: ANN401 — any JSON value
    return fields.word(value, where, words.STEP)


def _disposition(value: Any, where: Where) -> str:  # noqa: ANN401 — any JSON value
    return fields.word(value, where, words.DISPOSITION)


def _persistent(value: Any, where: Where) -> tuple[Any, Any]:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    fields.extras(found, frozenset({"set", "unset"}), where)
    several = fields.listed(_disposition)
    first, second = (several(found.get(one, []), where.at(one)) for one in ("set", "unset"))
    return first, second


def _withdrawn(value: Any, where: Where) -> Withdrawal:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    reason = ""
    if "reason" in found:
        reason = fields.word(found["reason"], where.at("reason"), words.REASON)
    events = found.get("correctiveEventIDs", [])
    instead = fields.listed(fields.uri)(events, where.at("correctiveEventIDs"))
    at = fields.time(found.get("declarationTime"), where.at("declarationTime"))
    return Withdrawal(at, reason, instead, fields.extras(found, _WRONG, where))


def _certification(value: Any, where: Where) -> tuple[str, ...]:  # noqa: ANN401 — any JSON value
    if isinstance(value, list):
        return fields.listed(fields.uri)(value, where)
    return (fields.uri(value, where),)


def _ilmd(value: Any, where: Where) -> dict[str, Any]:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    for name in found:
        if ":" not in name and "#" not in name and not where.loose:
            raise where.at(name).fault("bears no namespace", "Name the vocabulary it is of.")
    return {
        fields.expanded(name, where.prefixes): fields.flat(one, where.prefixes)
        for name, one in found.items()
    }


def _sensor(value: Any, where: Where) -> Sensed:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    about = _object(found.get("sensorMetadata", {}), where.at("sensorMetadata"))
    inside = where.at("sensorMetadata")
    times = {key: fields.time(about[key], inside.at(key)) for key in _TIMES if key in about}
    reports = fields.listed(_report)(found.get("sensorReport"), where.at("sensorReport"))
    if not reports:
        raise where.at("sensorReport").fault("is empty", "Leave the sensor element out.")
    plain = sorted(_METADATA.intersection(about) - {*_TIMES, "deviceID"})
    more: dict[str, Any] = {key: fields.text(about[key], inside.at(key)) for key in plain}
    more |= fields.extras(about, _METADATA, inside)
    more |= fields.extras(found, frozenset({"sensorMetadata", "sensorReport"}), where)
    device = fields.uri(about["deviceID"], inside.at("deviceID")) if "deviceID" in about else ""
    at, begins, ends = (times.get(key) for key in _TIMES)
    return Sensed(reports, at, begins, ends, device, more)


def _report(value: Any, where: Where) -> Measured:  # noqa: ANN401 — any JSON value
    found = _object(value, where)
    told: dict[str, Decimal] = {
        key: fields.measured_number(found[key], where.at(key)) for key in _NUMBERS if key in found
    }
    more: dict[str, Any] = {}
    for key in sorted(_REPORT - {"type", "uom", "time", *_NUMBERS} & found.keys()):
        said = fields.flat(found[key], {})
        if not isinstance(said, str):
            raise where.at(key).fault("is not one value", "Report each value by itself.")
        more[key] = _SHORT.get(key, str)(said)
    more |= {key: told[key] for key in ("percRank", "percValue", "sDev") if key in told}
    kind = fields.text(found["type"], where.at("type")) if "type" in found else ""
    kind = words.kind_of_measure(kind)
    return Measured(
        fields.expanded(kind, where.prefixes),
        fields.text(found["uom"], where.at("uom")) if "uom" in found else "",
        told.get("value"),
        told.get("minValue"),
        told.get("maxValue"),
        told.get("meanValue"),
        fields.time(found["time"], where.at("time")) if "time" in found else None,
        more | fields.extras(found, _REPORT, where),
    )


_identities, _amounts = fields.listed(fields.identity), fields.listed(_amount)
_THINGS = ("items", "amounts", "parent", "inputs", "input_amounts", "outputs", "output_amounts")

# key in the file → our name, how it is read: EPCIS 2.0, sections 7.4.1 to 7.4.6
_EVERY: dict[str, tuple[str, Read]] = {
    "eventTime": ("at", fields.time),
    "eventTimeZoneOffset": ("offset", fields.offset),
    "recordTime": ("recorded", fields.time),
    "eventID": ("id", fields.uri),
    "errorDeclaration": ("withdrawn", _withdrawn),
    "certificationInfo": ("certification", _certification),
    "bizStep": ("step", _step),
    "disposition": ("disposition", _disposition),
    "persistentDisposition": ("persistent", _persistent),
    "readPoint": ("read_point", _point),
    "bizLocation": ("location", _point),
    "bizTransactionList": ("papers", fields.listed(_paper)),
    "sourceList": ("sources", fields.listed(_side("source"))),
    "destinationList": ("destinations", fields.listed(_side("destination"))),
    "sensorElementList": ("sensors", fields.listed(_sensor)),
}
_ACTED: dict[str, tuple[str, Read]] = {"action": ("action", _action)}
_LINKED: dict[str, tuple[str, Read]] = {
    **_ACTED,
    "parentID": ("parent", fields.identity),
    "childEPCs": ("items", _identities),
    "childQuantityList": ("amounts", _amounts),
}
_SEEN: dict[str, tuple[str, Read]] = {
    **_ACTED,
    "epcList": ("items", _identities),
    "quantityList": ("amounts", _amounts),
}
_OWN: dict[str, dict[str, tuple[str, Read]]] = {
    "ObjectEvent": {**_SEEN, "ilmd": ("ilmd", _ilmd)},
    "AggregationEvent": _LINKED,
    "AssociationEvent": _LINKED,
    "TransactionEvent": {**_SEEN, "parentID": ("parent", fields.identity)},
    "TransformationEvent": {
        "inputEPCList": ("inputs", _identities),
        "inputQuantityList": ("input_amounts", _amounts),
        "outputEPCList": ("outputs", _identities),
        "outputQuantityList": ("output_amounts", _amounts),
        "transformationID": ("transformation", fields.uri),
        "ilmd": ("ilmd", _ilmd),
    },
}

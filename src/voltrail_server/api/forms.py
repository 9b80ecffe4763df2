"""
The forms of what the API takes, as its description tells them to programs.

Only words for the description: the kernel's parsers judge what comes, and a test holds that they
take what is described here and refuse the rest. Knows no route's work.
"""

from typing import Any

from voltrail.ids.subject import Kind
from voltrail_server.notices.kinds import KINDS
from voltrail_server.people.may import MAY
from voltrail_server.reading.recalls import RELATIONS
from voltrail_server.saved.filters import LISTS

ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["payloadType", "payload", "signatures"],
    "properties": {
        "payloadType": {"const": "application/vnd.in-toto+json"},
        "payload": {"type": "string", "minLength": 1, "description": "The statement, in base64."},
        "signatures": {
            "type": "array",
            "minItems": 1,
            "maxItems": 8,
            "items": {
                "type": "object",
                "required": ["sig"],
                "properties": {
                    "keyid": {"type": "string"},
                    "sig": {"type": "string", "minLength": 1, "description": "In base64."},
                },
            },
        },
    },
}
ENVELOPES: dict[str, Any] = {
    "type": "array",
    "items": {"description": "An envelope; whatever else stands here gets a problem of its own."},
}
BYTES: dict[str, Any] = {"type": "string", "format": "binary"}
LINES: dict[str, Any] = {"description": "One envelope a line."}

_PART = "[A-Za-z0-9._~@/+-]{1,64}"
_KEY = f"{_PART}(:{_PART}){{0,3}}"
_DAY = (
    "[12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_TILE = (
    r"([0-5]|entries)/(x[0-9]{3}/){0,2}[0-9]{3}"
    r"(\.p/([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)


def describe(operation: dict[str, Any]) -> None:
    """Add to each parameter of an operation the form that its values have."""
    known = _PARAMETERS.get(operation["operationId"], {})
    for parameter in operation.get("parameters", ()):
        parameter["schema"].update(known.get(parameter["name"], {}))


def _urn(*kinds: str) -> str:
    return f"urn:voltrail:({'|'.join(kinds)}):{_KEY}"


def _whole(pattern: str) -> dict[str, Any]:
    return {"pattern": f"^({pattern})$"}


# route function → parameter → words of JSON Schema
_PARAMETERS: dict[str, dict[str, dict[str, Any]]] = {
    "envelope": {"index": {"minimum": 0}},
    "proof": {"index": {"minimum": 0}},
    "receipt": {"index": {"minimum": 0}},
    "consistency": {"old": {"minimum": 1}, "new": {"minimum": 1}},
    "tile": {"path": _whole(_TILE)},
    "remark_file": {"index": {"minimum": 0}, "number": {"minimum": 0, "maximum": 99}},
    "remarks": {"about": _whole(_urn(*Kind))},
    "withdraw_remark": {"index": {"minimum": 0}},
    "notices": {"kind": {"enum": ["", *KINDS]}},
    "saved_filters": {"path": {"enum": ["", *sorted(LISTS)]}},
    "remove_filter": {"number": {"minimum": 0}},
    "subject": {"urn": _whole(_urn(*Kind))},
    "decision": {"key": _whole(f"({_urn(Kind.ARRIVAL)})|({_KEY})")},
    "playbook": {"key": _whole(f"({_urn(Kind.ARRIVAL)})|({_KEY})")},
    "may_act": {"act": {"enum": sorted(MAY)}, "place": _whole(f"({_urn(Kind.PLACE)})?")},
    "may_install": {"urn": _whole(f"({_urn(Kind.UNIT)})|({_KEY})")},
    "read_label": {"place": _whole(f"({_urn(Kind.PLACE)})?")},
    "passports": {"about": _whole(_urn(Kind.UNIT, Kind.LOT, Kind.PRODUCT))},
    "trace": {"about": _whole(_urn(Kind.UNIT, Kind.LOT))},
    "contradictions": {
        "about": _whole(f"({_urn(*Kind)})?"),
        "severity": {"enum": ["", "H", "M", "L"]},
        "rule": _whole("(R([1-9]|1[0-9]|2[0-4]))?"),
    },
    "whereabouts_of": {"urn": _whole(f"({_urn(Kind.UNIT)})|({_KEY})")},
    "lot_units": {"key": _whole(f"({_urn(Kind.LOT)})|({_KEY})")},
    "permissions": {"key": _whole(f"({_urn(Kind.PLACE)})|({_KEY})")},
    "permit": {"key": _whole(f"({_urn(Kind.PLACE)})|({_KEY})")},
    "undo_move": {"index": {"minimum": 0}},
    "keep_foreign": {"digest": _whole("[0-9a-f]{64}")},
    "compare_serials": {"key": _whole(f"({_urn(Kind.ARRIVAL)})|({_KEY})")},
    "epc_events": {"epc": _whole(_urn(*Kind))},
    "provenance": {"urn": _whole(f"({_urn(Kind.UNIT)})|({_KEY})")},
    "recall_scope": {
        "about": _whole(r"[!-~]{1,64}"),
        "relation": {"enum": ["", *RELATIONS]},
        "since": _whole(f"({_DAY})?"),
        "until": _whole(f"({_DAY})?"),
    },
    "recall": {"index": {"minimum": 0}},
    "recall_answers": {"index": {"minimum": 0}},
    "unit_label": {"urn": _whole(f"({_urn(Kind.UNIT)})|({_KEY})")},
    "print_labels": {"key": _whole(f"({_urn(Kind.ARRIVAL)})|({_KEY})")},
    "arrival_labels": {"key": _whole(f"({_urn(Kind.ARRIVAL)})|({_KEY})")},
    "arrivals": {
        "place": _whole(f"({_urn(Kind.PLACE)})?"),
        "lot": _whole(f"({_urn(Kind.LOT)})?"),
        "tier": {"minimum": 0, "maximum": 9},
    },
}

"""JSON for people: indented lines with keys, values, and links where a value names a subject."""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

_URN = re.compile(r"urn:voltrail:(arrival|lot|party|place|order|unit|product|person|case):[^\s\"]+")
_STEP = "  "


def readable(value: Any) -> SafeString:  # noqa: ANN401 — any JSON value
    """Return escaped HTML of a JSON value for a `pre` element."""
    return mark_safe("".join(_parts(value, "")))  # noqa: S308 — every part below is escaped


def _parts(value: Any, indent: str) -> list[str]:  # noqa: ANN401 — any JSON value
    if isinstance(value, dict) and value:
        rows = [(format_html('<b>"{}"</b>: ', key), item) for key, item in value.items()]
        return _block(rows, indent, "{}")
    if isinstance(value, list) and value:
        return _block([("", item) for item in value], indent, "[]")
    return [_leaf(value)]


def _block(rows: Sequence[tuple[str, Any]], indent: str, ends: str) -> list[str]:
    deeper = indent + _STEP
    parts = [ends[0] + "\n"]
    for place, (key, item) in enumerate(rows, start=1):
        parts += [deeper, key, *_parts(item, deeper), ",\n" if place < len(rows) else "\n"]
    return [*parts, indent + ends[1]]


def _leaf(value: Any) -> str:  # noqa: ANN401 — any JSON value
    if isinstance(value, str) and _URN.fullmatch(value):
        return format_html('"<a href="/find/?q={}">{}</a>"', value, value)
    return conditional_escape(json.dumps(value, ensure_ascii=False))

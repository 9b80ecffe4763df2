"""JSON as a hostile or a careless writer would write it: odd values, odd spelling, odd order."""

import base64
import json
from typing import Any

from hypothesis import strategies as st

ODD_TEXTS = [
    "",
    " ",
    "\t",
    "\u00a0",
    "\u2003\u2028",
    "\u0085",
    "\x1c",
    "\x7f",
    "\ufeff",
    " x",
    "x ",
    "é",
    "\U0001f50b",
    "\ud800",
    'a/b\\c"d',
    "\x00",
    "x" * 4_000,
    "x" * 4_001,
    "true",
    "null",
    '"predicateType":"urn:voltrail:predicate:lot:v1"',
]
ODD_TIMES = [
    "2026-11-22T08:40:00Z",
    "2026-11-22t08:40:00z",
    "2026-11-22 08:40:00Z",
    "2026-11-22T08:40:00+00:00",
    "2026-11-22T08:40:00-00:00",
    "2026-11-22T08:40:00+01:00",
    "2026-11-22T08:40:00",
    "2026-11-22T08:40Z",
    "2026-11-22T08:40:60Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T08:40:00.0Z",
    "2026-11-22T08:40:00.100Z",
    "2026-11-22T08:40:00.000001Z",
    "2026-11-22T08:40:00.1234567Z",
    "2026-11-22T08:40:00.9999999Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59.9999999Z",
    "2026-02-30T00:00:00Z",
    "2026-11-22",
    "2026-1-2",
    "20261122T084000Z",
    "1700000000",
]
ODD_NAMES = [
    "urn:voltrail:lot:kestrel:A-1",
    "urn:voltrail:party:kestrel",
    "urn:voltrail:person:p-1",
    "urn:voltrail:place:kestrel:works",
    "urn:voltrail:document:kestrel:1",
    "URN:voltrail:party:kestrel",
    "urn:voltrail:party:kestrel ",
    "urn:voltrail:party:kestrel\n",
    "urn:voltrail:nobody:kestrel",
    "urn:voltrail:party:",
    "a" * 64,
    "A" * 64,
    "a" * 63,
    "a" * 65,
    "٣" * 64,
]
ODD_WORDS = ["Signed", "signed ", "required", "REQUIRED", "none", "given", "taken", "violated"]
NUMBERS = [
    *("0", "-0", "1", "-1", "01", "1.0", "-0.0", "1e2", "1E2", "1e-2", "10.5", "1e400", "+1", ".5"),
    *("9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992"),
    *("9223372036854775808", "18446744073709551615", "18446744073709551616", "9" * 400),
    *("NaN", "Infinity", "-Infinity", "0x1", "1_000"),
]
QUANTITIES = [
    {"value": "280.0", "unit": "A.h"},
    {"unit": "A.h", "value": "280.00", "uncertainty": "0.1"},
    {"value": "-0", "unit": "A.h"},
    {"value": "1e2", "unit": "A.h"},
    {"value": 280, "unit": "A.h"},
    {"value": "280", "unit": "Ah"},
    {"value": "280", "unit": "A.h", "more": 1},
]


class Raw(str):
    """Text that is written into the JSON as it stands."""

    __slots__ = ()


LEAVES = st.one_of(
    st.sampled_from([*ODD_TEXTS, *ODD_TIMES, *ODD_NAMES, *ODD_WORDS]),
    st.sampled_from(NUMBERS).map(Raw),
    st.sampled_from([None, True, False]),
    st.sampled_from(QUANTITIES).map(dict),
    st.builds(dict),
    st.builds(list),
    st.sampled_from([15, 16, 17, 40, 2_000]).map(lambda depth: Raw("[" * depth + "]" * depth)),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """The paths to every value inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, item in inside:
        found.append((*path, key))
        if isinstance(item, dict | list):
            found += places(item, (*path, key))
    return found


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "urn:voltrail:lot:x", "0001-01-01T00:00:00+23:59", "a" * 64, "\ud800"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The data cut, spliced, doubled, or with some bytes of another value."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(changed)))
        end = draw(st.integers(place, min(len(changed), place + 40)))
        changed[place:end] = draw(st.binary(max_size=12) | st.just(bytes(changed[place:end]) * 2))
    return bytes(changed)


@st.composite
def bent(draw: st.DrawFn, data: bytes) -> bytes:
    """The JSON with one to three values renamed, dropped, or put in another's place."""
    value = json.loads(data)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(value) or [()]))
        if not path:
            break
        inside = value
        for step in path[:-1]:
            inside = inside[step]
        what = draw(st.sampled_from(["drop", "replace", "repeat"]))
        if what == "drop":
            del inside[path[-1]]
        elif what == "replace":
            inside[path[-1]] = draw(VALUES)
        else:
            inside[path[-1]] = [inside[path[-1]]] * 2
    return json.dumps(value).encode("utf-8", "surrogatepass")


@st.composite
def twisted(draw: st.DrawFn, data: bytes) -> bytes:
    """The JSON object with up to three values twisted, written by somebody who writes oddly."""
    value = json.loads(data)
    for _ in range(draw(st.integers(0, 3))):
        twist(draw, value)
    odd = draw(st.booleans())
    text = write(draw, value) if odd else plain(value)
    around = draw(
        st.sampled_from([("", "")] * 8 + [(" ", ""), ("", "\n"), ("\ufeff", ""), ("", "\0")])
    )
    return (around[0] + text + around[1]).encode("utf-8", "surrogatepass")


def twist(draw: st.DrawFn, value: Any) -> None:  # noqa: ANN401 — a JSON object
    """Change one value in place."""
    found = places(value)
    if not found:
        return
    *front, last = draw(st.sampled_from(found))
    inside = value
    for step in front:
        inside = inside[step]
    what = draw(st.sampled_from(["replace", "drop", "wrap", "double", "add", "many"]))
    if what == "drop":
        del inside[last]
    elif what == "wrap":
        inside[last] = [inside[last]]
    elif what == "double" and isinstance(inside, list):
        inside.insert(last, inside[last])
    elif what == "add" and isinstance(inside, dict):
        inside[draw(st.sampled_from(["zz", "header", "é", "_type", "", "digest"]))] = draw(LEAVES)
    elif what == "many" and isinstance(inside[last], list):
        inside[last] = (inside[last] or ["x"]) * draw(st.sampled_from([9, 64, 65, 1_000, 1_001]))
    else:
        inside[last] = draw(LEAVES)


def plain(value: Any) -> str:  # noqa: ANN401 — a JSON value
    """The value as canonical bytes would have it, raw texts as they stand."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict):
        pairs = (f"{plain(key)}:{plain(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(plain, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def write(draw: st.DrawFn, value: Any) -> str:  # noqa: ANN401 — a JSON value
    """The value with one oddity of writing, somewhere or everywhere."""
    how = draw(st.sampled_from(["spaces", "order", "ascii", "escapes", "twice", "case"]))
    text = plain(value)
    if how == "order":
        return plain_unsorted(value)
    if how == "ascii":
        return (
            json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True)
            if sound(text)
            else text
        )
    at = draw(st.integers(0, max(0, len(text) - 1)))
    if how == "spaces":
        place = max(text.find(mark, at) for mark in ",:{}[]")
        return (
            text[: place + 1]
            + draw(st.sampled_from([" ", "\n", "\t", "\u00a0"]))
            + text[place + 1 :]
        )
    if how == "escapes":
        return text[:at] + f"\\u{ord(text[at]) & 0xFFFF:04x}" + text[at + 1 :] if text else text
    if how == "twice":
        return doubled(draw, text)
    return text[:at] + text[at : at + 1].swapcase() + text[at + 1 :]


def plain_unsorted(value: Any) -> str:  # noqa: ANN401 — a JSON value
    """The value with the keys of every object backwards."""
    if isinstance(value, dict):
        pairs = (
            f"{plain(key)}:{plain_unsorted(value[key])}" for key in sorted(value, reverse=True)
        )
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(plain_unsorted, value)) + "]"
    return plain(value)


def doubled(draw: st.DrawFn, text: str) -> str:
    """The text with one key of the object written twice, the first time with another value."""
    if not sound(text):
        return text
    value = json.loads(text)
    key = draw(st.sampled_from(sorted(value) or [""]))
    first = draw(st.sampled_from(["null", "1", '"x"', plain(value.get(key))]))
    return "{" + f"{json.dumps(key)}:{first}," + text[1:]


def sound(text: str) -> bool:
    """Whether a text is JSON at all."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def base64_variants(data: bytes) -> list[str]:
    """The ways to write bytes in base64, right and wrong ones."""
    plain_text = base64.b64encode(data).decode()
    safe = base64.urlsafe_b64encode(data).decode()
    loose = plain_text.rstrip("=")
    return [
        plain_text,
        safe,
        loose,
        safe.rstrip("="),
        plain_text + "=",
        plain_text + "\n",
        plain_text[:4] + "\n" + plain_text[4:],
        plain_text[:-1],
        loose[:-1] + chr(ord(loose[-1]) ^ 1) + "=" * (-len(loose) % 4),
        plain_text + "AA==",
        plain_text.replace("A", "А"),
        "",
        "=",
        "====",
    ]

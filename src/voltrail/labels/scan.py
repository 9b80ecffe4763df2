"""
What a scanner types: an identity of ours, a GS1 code, or bare words; control characters taken off.

Reads GS1 element strings, bracketed or with separators, and GS1 Digital Link addresses as far as
trade item, lot, serial and signature go. Proves nothing: a label is what somebody printed.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from voltrail.ids.subject import PREFIX
from voltrail.labels.link import UNITS

_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")  # symbology identifier: ISO/IEC 15424
_BRACKETED = re.compile(r"\((\d{2,4})\)(.*?)(?=\(\d{2,4}\)|$)")  # a serial may hold a bracket
_SEPARATOR = "\x1d"  # FNC1 as scanners type it: GS1 General Specifications, 7.8
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "17": 6, "20": 2}
_VARIABLE = frozenset(
    {"10", "21", "22", "37", "240", "241", "250", "251", "400", "8004", "8006", "8030"}
)
_SIGNATURE = "8030"  # of the address's query: GS1 Digital Link, data attributes
_KEYS = frozenset({"01", "8004", "8006"})  # primary keys a Digital Link path may begin with
LONGEST = 500  # [characters] of one scan


class Scan(Struct, frozen=True):
    """The words of a scan, and what of a GS1 code or a label of ours they hold; else empty."""

    text: str
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    unit: str = ""
    signature: str = ""

    @property
    def is_code(self) -> bool:
        """Whether the scan is a GS1 code."""
        return bool(self.gtin or self.lot or self.serial or self.unit)

    @property
    def words(self) -> tuple[str, ...]:
        """What to look for, the most telling first."""
        found = (self.unit, self.serial, self.lot) if self.is_code else (self.text,)
        return tuple(one for one in found if one)


def read(typed: str) -> Scan:
    """
    Return what a scanner, or a person, typed.

    Args:
        typed: as it came, control characters included

    Returns:
        The words, and what of a GS1 code they hold.

    Source: GS1 General Specifications, element strings; GS1 Digital Link, URI syntax.
    """
    text = _AIM.sub("", typed[:LONGEST].strip("\r\n\t \x00\x1d\x1e\x04"))
    found = dict(_elements(text))
    return Scan(
        "".join(one for one in text if one.isprintable()).strip(),
        gtin=found.get("01", ""),
        lot=found.get("10", ""),
        serial=found.get("21", "") or found.get("8004", ""),
        unit=found.get(UNITS, ""),
        signature=found.get(_SIGNATURE, ""),
    )


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Yield each element once; none of a code that contradicts itself or hides characters."""
    found = dict.fromkeys(_written(text))
    is_shown = all(value.isprintable() for _, value in found)
    if is_shown and len({key for key, _ in found}) == len(found):
        yield from found


def _written(text: str) -> Iterator[tuple[str, str]]:
    """Yield the elements as they stand in the code."""
    if text.lower().startswith(("http://", "https://")):
        yield from _link(text)
    elif text.startswith("("):
        yield from ((ai, value.strip()) for ai, value in _BRACKETED.findall(text))
    elif text[:2] == "01" and text[2:16].isdigit() and len(text) > 16:  # noqa: PLR2004 — a GTIN
        yield from _string(text)


def _link(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs in a Digital Link's path, from its primary key on, and its signature."""
    try:
        found = urlsplit(text)
        asked = parse_qsl(found.query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return
    parts = [unquote(one) for one in found.path.split("/") if one]
    yield from (pair for pair in asked if pair[0] == _SIGNATURE)
    if len(parts) >= 3 and parts[-3] == UNITS:  # noqa: PLR2004 — u, maker, serial
        yield UNITS, f"{PREFIX}unit:{parts[-2]}:{parts[-1]}"
        return
    starts = next((at for at, one in enumerate(parts) if one in _KEYS), None)
    if starts is not None:
        yield from zip(parts[starts::2], parts[starts + 1 :: 2], strict=False)


def _string(text: str) -> Iterator[tuple[str, str]]:
    """Yield the elements of a string: fixed ones by length, others up to the separator."""
    rest = text
    while rest:
        ai = next((rest[:n] for n in (2, 3, 4) if rest[:n] in _FIXED or rest[:n] in _VARIABLE), "")
        if not ai:
            return
        rest = rest[len(ai) :]
        ends = _FIXED.get(ai)
        value = rest[:ends] if ends else rest.partition(_SEPARATOR)[0]
        yield ai, value
        rest = rest[len(value) :].removeprefix(_SEPARATOR)

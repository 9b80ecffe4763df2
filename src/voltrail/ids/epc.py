"""
EPC URNs, as EPCIS events write GS1 keys: read into a key, and written of one.

    urn:epc:id:sgtin:9521234.000001.K0001  ↔  GTIN 09521234000013, serial K0001

A URN parts the company prefix from the rest and has no check digit; a key does the reverse. To
write one, the number of digits of the prefix is an argument, since only GS1's list knows it.
Prefix and reference have together the digits that the key asks for, else the URN is refused.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids import gs1
from voltrail.ids.elements import need_form
from voltrail.ids.gs1 import Key, check_digit
from voltrail.wording import worded

PREFIX = "urn:epc:"
_FORM = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_MUST_ESCAPE = frozenset('"%&/<>?#')  # EPC Tag Data Standard, 6.3.1
_DIGITS = re.compile("[0-9]+")
_PREFIX_DIGITS = range(6, 13)  # EPC Tag Data Standard, 6.3
_HINT = worded("Compare it with the event it came from.")


class Pattern(Struct, frozen=True):
    """Many things at once: a kind of key, its fixed parts, and `*` for the others."""

    kind: str
    parts: tuple[str, ...]

    @property
    def link(self) -> str:
        """The canonical form, the URN itself: no one key names it."""
        return f"{PREFIX}idpat:{self.kind}:{'.'.join(map(_escaped, self.parts))}"


def read(text: str) -> Key | Pattern:
    """
    Return the key, or the pattern, in an EPC URN.

    Args:
        text: begins with urn:epc:

    Returns:
        A key; of a pattern over all serials of one item, the item's.

    Raises:
        MalformedError: a scheme that is not known, too few parts, or a wrong number of digits.

    Source: EPC Tag Data Standard, 6.3 and 8.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise MalformedError("This is no EPC of a form that is known.", hint=_HINT)
    form, kind = match[1].lower(), match[2].lower()
    known = _KINDS.get(kind)
    if known is None or (form == "class") != (kind == "lgtin"):
        raise MalformedError("This is no EPC of a form that is known.", hint=_HINT)
    count, make = known
    parts = match[3].split(".", count - 1)
    if len(parts) != count:
        raise MalformedError("The EPC has too few parts.", hint=_HINT)
    if form == "idpat" and "*" in parts:
        return _pattern(kind, tuple(_unescaped(one) for one in parts))
    return make(tuple(_unescaped(one) for one in parts))


def write(key: Key, prefix_digits: int) -> str:
    """
    Return the EPC URN of a key.

    Args:
        key: of a scheme that EPC has
        prefix_digits: length of the company prefix in it, 6 to 12 [digits]

    Returns:
        The URN; of a GTIN the pattern over all its serials.

    Raises:
        MalformedError: another length, or a key that no EPC names: a GRAI without serial.

    Source: EPC Tag Data Standard, 6.3 and 7.
    """
    if prefix_digits not in _PREFIX_DIGITS:
        raise MalformedError("A company prefix has 6 to 12 digits.", hint=_HINT)
    match key:
        case gs1.Sgtin():
            return _named("id:sgtin", *_item(key.gtin, prefix_digits), key.serial)
        case gs1.Lgtin():
            return _named("class:lgtin", *_item(key.gtin, prefix_digits), key.lot)
        case gs1.Gtin():
            return f"{_named('idpat:sgtin', *_item(key.gtin, prefix_digits))}.*"
        case gs1.Itip() if key.serial:
            parts = (*_item(key.gtin, prefix_digits), key.piece, key.total)
            return _named("id:itip", *parts, key.serial)
        case _:
            return _of_other(key, prefix_digits)


def _of_other(key: Key, digits: int) -> str:
    """Write a key that is no trade item."""
    match key:
        case gs1.Sscc() | gs1.Gsrn():
            return _named(*_logistic(key, digits))
        case gs1.Giai() if len(key.giai) > digits:
            return _named("id:giai", *_cut(key.giai, digits))
        case gs1.Cpi() if key.serial and len(key.cpid) > digits:
            return _named("id:cpi", *_cut(key.cpid, digits), key.serial)
        case _:
            return _of_thirteen(key, digits)


def _of_thirteen(key: Key, digits: int) -> str:
    """Write a key of thirteen digits, the last of which is the check digit."""
    match key:
        case gs1.Sgln():
            return _named("id:sgln", *_cut(key.gln[:12], digits), key.extension or "0")
        case gs1.Pgln():
            return _named("id:pgln", *_cut(key.gln[:12], digits))
        case gs1.Grai() if key.serial:
            return _named("id:grai", *_cut(key.grai[:12], digits), key.serial)
        case gs1.Gdti() if key.serial:
            return _named("id:gdti", *_cut(key.gdti[:12], digits), key.serial)
        case _:
            raise MalformedError(
                "No EPC names this key; it has no serial, or only a prefix.", hint=_HINT
            )


def _item(gtin: str, digits: int) -> tuple[str, str]:
    """Return prefix and item reference; the indicator digit moves before the reference."""
    prefix, rest = _cut(gtin[1:13], digits)
    return prefix, f"{gtin[0]}{rest}"


def _logistic(key: gs1.Sscc | gs1.Gsrn, digits: int) -> tuple[str, str, str]:
    if isinstance(key, gs1.Gsrn):
        return (f"id:gsrn{'p' if key.is_provider else ''}", *_cut(key.gsrn[:17], digits))
    prefix, rest = _cut(key.sscc[1:17], digits)
    return "id:sscc", prefix, f"{key.sscc[0]}{rest}"


def _cut(text: str, at: int) -> tuple[str, str]:
    if not (_is_number(text[:at]) and len(text) >= at):
        raise MalformedError(
            "The key does not begin with a company prefix of that length.", hint=_HINT
        )
    return text[:at], text[at:]


def _named(kind: str, *parts: str) -> str:
    return f"{PREFIX}{kind}:{'.'.join(map(_escaped, parts))}"


def _escaped(text: str) -> str:
    return "".join(quote(one, safe="") if one in _MUST_ESCAPE else one for one in text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _digits(parts: tuple[str, ...], total: int) -> str:
    """Return prefix and reference together; the prefix is checked for its own length."""
    prefix, rest = parts[0], parts[1]
    whole = prefix + rest
    if len(prefix) not in _PREFIX_DIGITS or len(whole) != total or not _is_number(whole):
        raise MalformedError(
            "Company prefix and reference of the EPC do not have the digits its key asks for.",
            hint=_HINT,
        )
    return whole


def _is_number(text: str) -> bool:
    return _DIGITS.fullmatch(text) is not None


def _checked(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


def _gtin(parts: tuple[str, ...]) -> str:
    whole = _digits(parts, 13)
    at = len(parts[0])
    return _checked(f"{whole[at]}{whole[:at]}{whole[at + 1 :]}")


def _sgtin(parts: tuple[str, ...]) -> Key:
    return gs1.Sgtin(_gtin(parts), need_form("21", parts[2]))


def _sscc(parts: tuple[str, ...]) -> Key:
    whole, at = _digits(parts, 17), len(parts[0])
    return gs1.Sscc(_checked(f"{whole[at]}{whole[:at]}{whole[at + 1 :]}"))


def _sgln(parts: tuple[str, ...]) -> Key:
    extension = "" if parts[2] == "0" else need_form("254", parts[2])
    return gs1.Sgln(_checked(_digits(parts, 12)), extension)


def _giai(parts: tuple[str, ...]) -> Key:
    return gs1.Giai(need_form("8004", _prefixed(parts)))


def _prefixed(parts: tuple[str, ...]) -> str:
    if len(parts[0]) not in _PREFIX_DIGITS or not _is_number(parts[0]) or not parts[1]:
        raise MalformedError("A company prefix has 6 to 12 digits.", hint=_HINT)
    return parts[0] + parts[1]


def _itip(parts: tuple[str, ...]) -> Key:
    found = {"8006": need_form("8006", f"{_gtin(parts)}{parts[2]}{parts[3]}")}
    return gs1.piece_of(found | {"21": need_form("21", parts[4])})


def _cpi(parts: tuple[str, ...]) -> Key:
    return gs1.Cpi(need_form("8010", _prefixed(parts)), need_form("8011", parts[2]))


def _grai(parts: tuple[str, ...]) -> Key:
    whole = _checked(_digits(parts, 12))
    need_form("8003", f"0{whole}{parts[2]}")
    return gs1.Grai(whole, parts[2])


def _gdti(parts: tuple[str, ...]) -> Key:
    whole = _checked(_digits(parts, 12))
    need_form("253", f"{whole}{parts[2]}")
    return gs1.Gdti(whole, parts[2])


# Scheme → number of parts, and what they make; the last part may hold dots.
_KINDS: dict[str, tuple[int, Callable[[tuple[str, ...]], Key]]] = {
    "sgtin": (3, _sgtin),
    "lgtin": (3, lambda parts: gs1.Lgtin(_gtin(parts), need_form("10", parts[2]))),
    "sscc": (2, _sscc),
    "sgln": (3, _sgln),
    "pgln": (2, lambda parts: gs1.Pgln(_checked(_digits(parts, 12)))),
    "grai": (3, _grai),
    "giai": (2, _giai),
    "cpi": (3, _cpi),
    "itip": (5, _itip),
    "gdti": (3, _gdti),
    "gsrn": (2, lambda parts: gs1.Gsrn(_checked(_digits(parts, 17)))),
    "gsrnp": (2, lambda parts: gs1.Gsrn(_checked(_digits(parts, 17)), is_provider=True)),
}


def _pattern(kind: str, parts: tuple[str, ...]) -> Key | Pattern:
    """Return the item of a pattern over all its serials, else the pattern."""
    first = parts.index("*")
    if any(one != "*" for one in parts[first:]):
        raise MalformedError("In a pattern, nothing fixed follows a star.", hint=_HINT)
    if not _is_number(parts[0]) and parts[0] != "*":
        raise MalformedError("A company prefix has 6 to 12 digits.", hint=_HINT)
    if kind == "sgtin" and first == len(parts) - 1:
        return gs1.Gtin(_gtin(parts))
    return Pattern(kind, parts)

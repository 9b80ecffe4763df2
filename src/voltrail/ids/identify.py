"""
What any text is: one question for every scheme, one canonical form for every answer.

    voltrail.ids.identify.identify("]d2010952123400001321K0001") → one trade item

The order of the questions is fixed, and the first scheme that a text is written in decides: a text
that is written as a key and is wrong is refused, never taken for something else. What is written
in no scheme is a text; that is no error, and names nothing. Linear in the length, which is bounded.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from voltrail.errors import MalformedError
from voltrail.ids import (
    battery_code,
    bpn,
    digital_link,
    elements,
    epc,
    gs1,
    guid,
    lei,
    letters,
    subject,
    uri,
    uscc,
)
from voltrail.ids.identified import Identified, Part, Scheme
from voltrail.wording import Worded, worded

LONGEST = 500  # [characters] our choice: a signed link has under 250
OWN_PATH = "u"  # of addresses on labels of firms without GS1 keys: /u/<maker>/<serial>
_RIGHT = worded("check digit right")
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_SPACE = re.compile(r"\s+")
_LENGTHS = {8: "GTIN", 12: "GTIN", 13: "GTIN", 14: "GTIN", 18: "SSCC"}


def identify(text: str, on: date | None = None) -> Identified:
    """
    Return what a text is.

    Args:
        text: as scanned or typed
        on: today, for dates of two-digit years and dates to come; left out, those are not flagged

    Returns:
        Scheme, canonical form, parts, warnings; scheme `text` where it is written in none.

    Raises:
        MalformedError: nothing, too long, or written in a scheme and wrong.

    Source: our choice: ADR 0046.
    """
    code = letters.trimmed(text)
    if not code or len(code) > LONGEST:
        raise MalformedError(
            "There is no code, or one of more than 500 characters.", hint="Scan one code alone."
        )
    symbol = elements.AIM.match(code)
    bare = code[symbol.end() :] if symbol else code
    if symbol and symbol[0] in elements.GS1_SYMBOLS and bare[:2].isdigit():
        return _of_elements(bare, on)
    return _written(bare, on) or _bare(bare, on) or _text(bare)


def _written(code: str, on: date | None) -> Identified | None:
    """Return what a text is that begins as its scheme alone does."""
    low = code[:20].lower()
    if low.startswith(subject.PREFIX):
        return _own(code)
    if low.startswith(epc.PREFIX):
        letters.need_plain(code)
        return _of_epc(code)
    if guid.looks_like(code):
        made = guid.read(code)
        return Identified(Scheme.GUID, made.urn, (Part("uuid", made.text),), value=made)
    if uri.looks_like(code):
        letters.need_plain(code)
        return _of_address(code, on)
    if elements.looks_like(code) or letters.SEPARATOR in code:
        return _of_elements(code, on)
    return None


def _bare(code: str, on: date | None) -> Identified | None:
    """Return what a number, or a code of fixed length without any prefix, is."""
    tight = _SPACE.sub("", code)
    if not tight.isascii():
        return None
    upper = tight.upper()
    odd = () if upper == code else (worded("Read without blanks, in capital letters."),)
    for looks_like, read in _FIRMS:
        if looks_like(upper):
            return read(upper, odd)
    if battery_code.looks_like(upper):
        return _of_battery(upper, on, odd)
    return _of_digits(tight) if tight.isdigit() else None


def _of_digits(digits: str) -> Identified | None:
    """Return what a bare number is: a GTIN, GLN or SSCC by its length and check digit."""
    name = _LENGTHS.get(len(digits))
    if name is None or (len(digits) == 8 and gs1.check_digit(digits[:-1]) != int(digits[-1])):  # noqa: PLR2004 — a day, or a small number
        return None
    gs1.need_check(digits, name)
    if name == "SSCC":
        return _of_key(gs1.Sscc(digits), {"00": digits}, None)
    found = _of_key(gs1.Gtin(digits.zfill(14)), {"01": digits.zfill(14)}, None)
    if len(digits) != 13:  # noqa: PLR2004 — a GLN
        odd = worded("A bare number may be something else than a trade item.")
        return Identified(found.scheme, found.canonical, found.parts, (odd,), found.value)
    odd = worded("A number of 13 digits is a trade item or a party; the number does not say which.")
    others = (gs1.Pgln(digits).link, gs1.Sgln(digits).link)
    return Identified(found.scheme, found.canonical, found.parts, (odd,), found.value, others)


def _of_elements(code: str, on: date | None) -> Identified:
    letters.need_plain(code)
    read = elements.read(code)
    found = dict(read.pairs)
    return _of_key(gs1.key_of(found), found, on, read.warnings)


def _of_address(code: str, on: date | None) -> Identified:
    """Return the key in a link, the unit on a label of ours, or the address itself."""
    is_web = code[:4].lower() == "http"
    own = own_unit(code) if is_web else ""
    if own:
        return _own(own)
    read = digital_link.read(code) if is_web else None
    if read is None:
        made = uri.read(code)
        odd = (worded("The address holds no key of GS1."),) if is_web else ()
        return Identified(Scheme.URI, made.text, (Part("uri", made.text),), odd, made)
    pairs = dict(read.pairs)
    return _of_key(gs1.key_of(pairs), pairs, on, read.warnings)


def _own(code: str) -> Identified:
    letters.need_plain(code)
    found = subject.parse(code)
    parts = (Part("kind", str(found.kind)), Part("key", found.key))
    return Identified(Scheme.OWN, str(found), parts, value=found)


def own_unit(address: str) -> str:
    """
    Return the unit that an address of our own form names.

    Args:
        address: a web address

    Returns:
        Its identity where the path ends with /u/<maker>/<serial>; else nothing.

    Source: docs/spec/label.md.
    """
    path = re.split("[?#]", address, maxsplit=1)[0]
    parts = [digital_link.plain(one) for one in path.split("/") if one][-3:]
    if len(parts) != 3 or parts[0] != OWN_PATH:  # noqa: PLR2004 — u, maker, serial
        return ""
    found = f"{subject.PREFIX}unit:{parts[1]}:{parts[2]}"
    return found if subject.is_identity(found) else ""


def _of_epc(code: str) -> Identified:
    key = epc.read(code)
    if isinstance(key, epc.Pattern):
        parts = tuple(Part("part", one) for one in key.parts)
        return Identified(Scheme.PATTERN, key.link, parts, value=key)
    is_many = isinstance(key, gs1.Gtin)
    odd = (worded("The EPC stands for every serial of the item."),) if is_many else ()
    return _of_key(key, dict(key.pairs), None, odd)


def _of_key(
    key: gs1.Key | None, found: dict[str, str], on: date | None, odd: tuple[Worded, ...] = ()
) -> Identified:
    """Return a GS1 key with every element of its code in words."""
    parts = tuple(_part(ai, value, on) for ai, value in found.items())
    said = (*odd, *_elements_odd(key, found, on))
    if key is None:
        shown = "".join(f"({ai}){value}" for ai, value in found.items())
        return Identified(Scheme.ELEMENTS, "", parts, said, shown)
    return Identified(Scheme(key.scheme), key.link, parts, said, key)


def _part(ai: str, value: str, on: date | None) -> Part:
    form = elements.known(ai)
    made = elements.day(value, on) if ai in _DATES else None
    said = made.isoformat() if made else _RIGHT if ai in gs1.CHECKED else ""
    return Part(form.name, value, said)


def _elements_odd(key: gs1.Key | None, found: dict[str, str], on: date | None) -> Iterator[Worded]:
    """Yield what the elements of one code say against each other."""
    if key is None:
        yield worded("No element here names a thing; lot and serial need their trade item.")
    for ai in sorted(_DATES & found.keys()):
        made = elements.day(found[ai], on)
        if made is None:
            yield worded("%(text)s in element %(ai)s is no day.", text=found[ai], ai=ai)
        elif on and ai in ("11", "13") and made > on:
            yield worded("The date %(day)s lies ahead.", day=made)


def _of_battery(text: str, on: date | None, odd: tuple[Worded, ...]) -> Identified:
    code = battery_code.read(text)
    made = code.made
    parts = (
        Part("maker", code.maker),
        Part("level", code.level, battery_code.LEVELS[code.level]),
        Part("batteryType", code.type_, code.chemistry or ""),
        Part("model", code.model),
        *((Part("trace", code.trace),) if code.trace else ()),
        Part("produced", code.dated, made.isoformat() if made else ""),
        Part("number", code.number),
    )
    warnings = (*odd, *battery_code.flagged(code, on))
    return Identified(Scheme.BATTERY, code.text, parts, warnings, code)


def _of_lei(text: str, odd: tuple[Worded, ...]) -> Identified:
    made = lei.read(text)
    parts = (Part("lei", text), Part("checkDigits", text[18:], _RIGHT))
    return Identified(Scheme.LEI, text, parts, odd, made)


def _of_uscc(text: str, odd: tuple[Worded, ...]) -> Identified:
    if text.isdigit() and gs1.check_digit(text[:-1]) == int(text[-1]):
        found = _of_key(gs1.Sscc(text), {"00": text}, None, odd)
        is_both = uscc.check_character(text[:17]) == text[17]
        return Identified(
            found.scheme, found.canonical, found.parts, odd, found.value, (text,) if is_both else ()
        )
    if text.isdigit() and uscc.check_character(text[:17]) != text[17]:
        gs1.need_check(text, "SSCC")
    made = uscc.read(text)
    parts = (Part("uscc", text, _RIGHT), Part("district", made.district))
    return Identified(Scheme.USCC, text, parts, odd, made)


def _of_bpn(text: str, odd: tuple[Worded, ...]) -> Identified:
    made = bpn.read(text)
    parts = (Part("level", made.level, bpn.LEVELS[made.level]), Part("number", made.number))
    return Identified(Scheme.BPN, text, parts, odd, made)


_Reader = Callable[[str, tuple[Worded, ...]], Identified]
_FIRMS: Iterable[tuple[Callable[[str], bool], _Reader]] = (
    (bpn.looks_like, _of_bpn),
    (lei.looks_like, _of_lei),
    (uscc.looks_like, _of_uscc),
)


def _text(code: str) -> Identified:
    """Return a text of no scheme, with what is odd about its letters."""
    warnings = [one.sentence for one in letters.strange(code)]
    right = battery_code.reordered(_SPACE.sub("", code).upper())
    if right:
        warnings.append(
            worded(
                "As a battery code its two lines were joined in the wrong order: %(right)s.",
                right=right,
            )
        )
    return Identified(Scheme.TEXT, "", (Part("text", code),), tuple(warnings))

"""
GS1 Digital Link: an address whose path holds a key, read by its parts and never by its host.

    https://any.example/shop/01/09521234000013/10/L26-7/21/K0001?11=260301

Read: any host and path before the key, identifiers by number or by their old short names, percent
coding, attributes behind the question mark. Key qualifiers stand in the standard's order; a link in
which they do not is refused, since a reader that skips one takes a lot for a unit. Compressed links
are not read.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit

from voltrail.errors import MalformedError
from voltrail.ids.application import form_of
from voltrail.ids.elements import Elements, need_form
from voltrail.wording import worded

# Primary key → its qualifiers, in order: GS1 Digital Link: URI syntax, 4.
ORDER: dict[str, tuple[str, ...]] = {
    "00": (),
    "01": ("22", "10", "21", "235"),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "414": ("254", "7040"),
    "417": ("7040",),
    "8003": (),
    "8004": ("7040",),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "8013": (),
    "8017": ("8019",),
    "8018": ("8019",),
}
_SHORT = {
    "sscc": "00",
    "gtin": "01",
    "gdti": "253",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "gln": "414",
    "party": "417",
    "grai": "8003",
    "giai": "8004",
    "itip": "8006",
    "cpid": "8010",
    "gmn": "8013",
    "gsrnp": "8017",
    "gsrn": "8018",
    "cpv": "22",
    "lot": "10",
    "ser": "21",
    "glnx": "254",
    "cpsn": "8011",
    "srin": "8019",
}  # GS1 Digital Link: URI syntax 1.1, 3.5
_QUALIFIERS = frozenset(ai for row in ORDER.values() for ai in row)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MOST = 40  # [attributes] behind the question mark
_LIKE = 4  # [digits] that make a wrong value a key that was meant
_ORDERED = worded("Write the key first, then variant, lot and serial: /01/…/10/…/21/….")


def read(text: str) -> Elements | None:
    """
    Return the elements of a link.

    Args:
        text: an address that begins with http:// or https://, in any case

    Returns:
        Key, qualifiers and attributes; None where the path holds no key.

    Raises:
        MalformedError: a key of another form, qualifiers out of order or behind the question mark,
            bad percent coding, or one identifier with two values.

    Source: GS1 Digital Link: URI syntax, 4.
    """
    split = _split(text)
    parts = [plain(one) for one in split.path.split("/")]
    at = _key_at(parts)
    if at is None:
        return None
    _need_nothing_before(parts[:at])
    pairs = tuple(_ordered(_numbered(parts[at:])))
    odd = worded("What follows # in the address is no part of the identity.")
    return Elements((*pairs, *_attributes(split.query)), (odd,) if split.fragment else ())


def claims(text: str) -> bool:
    """
    Return whether an address claims to be a link of GS1, right or wrong.

    Args:
        text: a web address

    Returns:
        True where a number of a key stands before a value with digits, or a key's short name before
        a value of its form; false where `read` finds no key.

    Source: our choice: ADR 0046.
    """
    try:
        path = _split(text).path
    except MalformedError:
        return False
    parts = [unquote(one) for one in path.split("/")]
    at = _key_at(parts)
    if at is None:
        return False
    name, value = parts[at], parts[at + 1]
    ai = _number(name)
    form = form_of(ai)
    written = form is not None and form.pattern.fullmatch(value) is not None
    return name == ai or _is_key(ai, value) or written


def attributes(text: str) -> Elements:
    """
    Return the elements behind the question mark of an address that is no link of GS1.

    Args:
        text: a web address

    Returns:
        The attributes; names that are no application identifier are left out.

    Raises:
        MalformedError: one of another form, or one that says two things.

    Source: docs/spec/label.md.
    """
    return Elements(tuple(_attributes(_split(text).query)))


def write(pairs: Sequence[tuple[str, str]], host: str) -> str:
    """
    Return a link with these elements.

    Args:
        pairs: primary key first, qualifiers in order
        host: with its scheme, for example https://id.gs1.org

    Returns:
        The address.

    Raises:
        MalformedError: a value of another form, or another order.

    Source: GS1 Digital Link: URI syntax, 4.
    """
    told = list(_ordered([(ai, need_form(ai, value)) for ai, value in pairs]))
    return host + "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in told)


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise MalformedError("This is no address.", hint="Scan the code again, whole.") from error


def plain(part: str) -> str:
    """
    Return a part of an address without its percent coding.

    Args:
        part: between two slashes

    Returns:
        Its text.

    Raises:
        MalformedError: the coding is broken, or is not UTF-8.

    Source: RFC 3986, 2.1.
    """
    try:
        if not _PERCENT.search(part):
            return unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        pass
    raise MalformedError(
        worded("The percent coding of %(text)s is broken.", text=repr(part[:40])),
        hint="Scan the code again, whole.",
    )


def _number(name: str) -> str:
    return _SHORT.get(name.lower(), name)


def _key_at(parts: Sequence[str]) -> int | None:
    """Return where the primary key stands: the first whose value has its form."""
    meant = None
    for at, (name, value) in enumerate(pairwise(parts)):
        ai = _number(name)
        form = form_of(ai) if ai in ORDER else None
        if form is None:
            continue
        if _is_key(ai, value) or form.pattern.fullmatch(value):
            return at
        if meant is None and sum(one.isdigit() for one in value) >= _LIKE:
            meant = at
    return meant


def _is_key(ai: str, value: str) -> bool:
    return ai == "01" and value.isascii() and value.isdigit() and len(value) in (8, 12, 13, 14)


def _need_nothing_before(parts: Sequence[str]) -> None:
    """Refuse qualifiers that stand before the key: whoever skips them reads another thing."""
    early = next((one for one in parts if _number(one) in _QUALIFIERS), None)
    if early is not None:
        said = worded("Qualifier %(ai)s stands before the key.", ai=early)
        raise MalformedError(said, hint=_ORDERED)


def _numbered(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield identifier and value of each pair in the path, from the key on."""
    parts = parts[:-1] if not parts[-1] else parts
    if len(parts) % 2:
        said = worded("The path ends with %(text)s alone.", text=repr(parts[-1][:40]))
        raise MalformedError(said, hint=_ORDERED)
    for name, value in zip(parts[::2], parts[1::2], strict=True):
        ai = _number(name)
        yield ai, need_form(ai, value.zfill(14) if _is_key(ai, value) else value)


def _ordered(
    pairs: Sequence[tuple[str, str]] | Iterator[tuple[str, str]],
) -> Iterator[tuple[str, str]]:
    """Yield the key and its qualifiers, each once and in the standard's order."""
    allowed: tuple[str, ...] | None = None
    for ai, value in pairs:
        if allowed is None:
            allowed = ORDER[ai]
        elif ai in allowed:
            allowed = allowed[allowed.index(ai) + 1 :]
        else:
            said = worded("Qualifier %(ai)s stands in the wrong place, or twice.", ai=ai)
            raise MalformedError(said, hint=_ORDERED)
        yield ai, value


def _attributes(query: str) -> list[tuple[str, str]]:
    """Return the elements behind the question mark; names that are no identifier are the site's."""
    found: dict[str, str] = {}
    for one in re.split("[&;]", query, maxsplit=_MOST)[:_MOST]:
        name, _, value = one.partition("=")
        if not (name.isascii() and name.isdigit()):
            continue
        if name in _QUALIFIERS or name in ORDER:
            said = worded("Element %(ai)s stands behind the question mark.", ai=name)
            raise MalformedError(said, hint=_ORDERED)
        text = need_form(name, plain(value))
        if found.setdefault(name, text) != text:
            said = worded("Element %(ai)s stands twice and says two things.", ai=name)
            raise MalformedError(said, hint="Scan one code alone.")
    return list(found.items())

"""The lists that can be read, in the order in which they are brought, and the foreign formats."""

import csv
import io

from voltrail.errors import MalformedError
from voltrail.readers import catenax, cyclonedx, epcis, json_file, logger, markup, passport, un383
from voltrail.readers.contract import Reader
from voltrail.readers.foreign import Format, Opened, Reading
from voltrail.readers.lists import ORDERS, PLACES, PRODUCTS, SUPPLIERS
from voltrail.readers.stock import PEOPLE, STOCK

READERS: dict[str, Reader] = {
    one.name: one for one in (SUPPLIERS, PLACES, PRODUCTS, PEOPLE, ORDERS, STOCK)
}
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        epcis.FORMAT,
        passport.FORMAT,
        cyclonedx.FORMAT,
        catenax.FORMAT,
        un383.FORMAT,
        logger.FORMAT,
    )
}
_MOST = 2_000  # [characters] of a sentence that may hold a stranger's text; our choice
_BEFORE = b" \t\r\n\xef\xbb\xbf\xff\xfe\0"  # white space and marks before the first character


def read(data: bytes, name: str = "") -> Reading:
    """
    Return the drafts of a foreign file.

    Args:
        data: the whole file
        name: of its format; told from the file where empty

    Returns:
        Drafts and remarks.

    Raises:
        MalformedError: no such format, none that fits, or the file is not what it should be.

    Source: design, section 5.2; ADR 0047.
    """
    if name and name not in FORMATS:
        raise MalformedError(
            f"There is no format {name[:40]!r}.", hint=f"Choose: {', '.join(FORMATS)}."
        )
    try:
        found = opened(data)
        fitting = FORMATS.get(name) or next((o for o in FORMATS.values() if o.fits(found)), None)
        if fitting is not None:
            return fitting.read(found)
    except MalformedError as error:
        raise MalformedError(_shown(str(error)), hint=_shown(error.hint)) from error
    raise MalformedError(
        "The file is of no format that is read here.",
        hint=f"Name it with --as where you know it: {', '.join(FORMATS)}.",
    )


def _shown(text: str) -> str:
    """Return a sentence that may hold a stranger's text, without what would steer a terminal."""
    return "".join(one if one.isprintable() else "?" for one in text[:_MOST])


def opened(data: bytes) -> Opened:
    """
    Return a foreign file as data: XML where it begins with <, JSON with { or [, else text.

    Args:
        data: the whole file

    Returns:
        Its value and digest.

    Raises:
        MalformedError: none of them.

    Source: our choice: ADR 0047.
    """
    first = data.lstrip(_BEFORE)[:1]
    if first == b"<":
        return markup.read(data)
    return json_file.read(data) if first in (b"{", b"[") else json_file.read_text(data)


def reader(name: str) -> Reader:
    """
    Return the reader of a kind of list.

    Args:
        name: for example suppliers

    Returns:
        The reader.

    Raises:
        MalformedError: no such kind.

    Source: our choice: ADR 0021.
    """
    found = READERS.get(name)
    if found is None:
        raise MalformedError(
            f"There is no list of {name[:40]!r}.", hint=f"Choose: {', '.join(READERS)}."
        )
    return found


def example(found: Reader) -> bytes:
    """
    Return a list of a kind with a header and two rows, to begin from.

    Args:
        found: the reader

    Returns:
        CSV in UTF-8.

    Source: RFC 4180.
    """
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([field.title for field in found.fields])
    for turn in range(2):
        writer.writerow([field.example[turn] for field in found.fields])
    return made.getvalue().encode()

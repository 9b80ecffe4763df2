"""The lists that can be read: name → reader, in the order in which an operator brings them."""

import csv
import io

from voltrail.errors import MalformedError
from voltrail.readers.contract import Reader
from voltrail.readers.lists import ORDERS, PLACES, PRODUCTS, SUPPLIERS
from voltrail.readers.stock import PEOPLE, STOCK

READERS: dict[str, Reader] = {
    one.name: one for one in (SUPPLIERS, PLACES, PRODUCTS, PEOPLE, ORDERS, STOCK)
}


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

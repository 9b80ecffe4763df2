"""
What a reader of a foreign file is: a document is opened once, and each thing it says is a draft.

A draft is what one place of a file says, in our words, with identities as the file writes them.
Nobody has signed it. Each draft names the digest of the file's original bytes. Knows no format.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from voltrail.quantities import Quantity


class Named(Struct, frozen=True):
    """An identity as a file writes it, and the scheme it seems to be of."""

    text: str
    scheme: str


class Remark(Struct, frozen=True):
    """What a reader of the drafts should know: where, one sentence, the name of a known defect."""

    place: str
    sentence: str
    name: str = ""


class Opened(Struct, frozen=True):
    """A file as data: json, xml or text; its value, the digest of its bytes, remarks so far."""

    kind: str
    value: Any
    digest: str
    remarks: tuple[Remark, ...] = ()


class Draft(Struct, frozen=True):
    """
    What one place of a file says.

    `kind` is the statement it could become, or `event` where none of ours has that meaning.
    """

    place: str
    kind: str
    said: Any
    digest: str


class Reading(Struct, frozen=True):
    """All drafts of a file and what was remarked; `form` names the format, `digest` the file."""

    form: str
    digest: str
    drafts: Sequence[Draft]
    remarks: Sequence[Remark] = ()


class Format(Struct, frozen=True):
    """A format: its name and title, how a document of it is told, and how it is read."""

    name: str
    title: str
    fits: Callable[[Opened], bool]
    read: Callable[[Opened], Reading]


def values(said: Struct) -> Iterator[tuple[str, Any]]:
    """
    Yield what a draft says at its first level, field by field, for people to read.

    Args:
        said: what it says

    Yields:
        Name and value; of several values each by itself, of an identity its text as written.

    Source: our choice: ADR 0047.
    """
    for name in said.__struct_fields__:
        value = getattr(said, name)
        for one in value if isinstance(value, tuple) else (value,):
            yield name, one.text if isinstance(one, Named) else one


def plain(value: Any) -> Any:  # noqa: ANN401 — what msgspec does not know
    """
    Return a value of a draft as JSON holds it.

    Args:
        value: a quantity, a decimal, or an identity

    Returns:
        An object or a text.

    Raises:
        TypeError: a value that no draft holds.

    Source: our choice: ADR 0047.
    """
    if isinstance(value, Quantity):
        return value.to_json()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return str(value)
    message = f"{type(value).__name__} stands in a draft"
    raise TypeError(message)

"""
XML as elements: names with their namespace, attributes, text and children.

No document type, no entity of its own, nothing fetched. Does not know what the elements mean.
"""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from msgspec import Struct

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.readers import json_file
from voltrail.readers.foreign import Opened

MAX_DEPTH = json_file.MAX_DEPTH
MAX_ELEMENTS = 1_000_000  # our choice: ADR 0047
MAX_PREFIXES = 200  # [namespaces] each is carried by every event: our choice: ADR 0047
MAX_ADDRESS = 2_000  # [characters] it stands before every name: our choice: ADR 0047
_BETWEEN = " "
_PLAIN = "urn:epcglobal:epcis"  # of EPCIS itself, whose inner elements may bear it or not


class Element(Struct):
    """One element: namespace and name, attributes by `namespace name`, text, children, line."""

    space: str
    name: str
    attributes: dict[str, str]
    line: int
    prefixes: dict[str, str]
    text: str = ""
    children: list["Element"] = []

    def child(self, name: str) -> "Element | None":
        """Return the first child of a name without namespace."""
        return next((one for one in self.children if one.name == name), None)

    def under(self, *names: str) -> "Element | None":
        """Return what a path of names leads to."""
        found: Element | None = self
        for name in names:
            found = found.child(name) if found is not None else None
        return found


def read(data: bytes) -> Opened:
    """
    Return the root element of an XML file.

    Args:
        data: the whole file

    Returns:
        The root.

    Raises:
        MalformedError: too large or deep, no XML, or a document type.

    Source: XML 1.0, fifth edition; our choice: ADR 0047.
    """
    json_file.need_size(data)
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)  # noqa: FBT003 — expat's own signature
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise MalformedError(
            f"The file is not XML: {said} in line {error.lineno}.",
            hint="Check the file with any XML tool.",
        ) from error
    except (LookupError, ValueError) as error:
        raise MalformedError("The file is no text that can be read.", hint="Use UTF-8.") from error
    if builder.root is None:
        raise MalformedError("The file holds no element.", hint="Check the file.")
    return Opened("xml", builder.root, canonical.digest(data))


def walk(root: Element) -> Iterator[Element]:
    """
    Yield an element and all below it.

    Args:
        root: where to begin

    Yields:
        Elements, parents first.

    Source: our choice: ADR 0047.
    """
    waiting = [root]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.children))


class _Builder:
    """Builds elements as expat meets them, and refuses what only an attacker needs."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        self.count = 0
        self.prefixes: dict[str, str] = {}
        self.parser: Any = expat.ParserCreate(namespace_separator=_BETWEEN)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.say
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartNamespaceDeclHandler = self.prefix

    def prefix(self, prefix: str | None, space: str | None) -> None:
        if len(self.prefixes) >= MAX_PREFIXES or len(space or "") > MAX_ADDRESS:
            raise MalformedError(
                f"The file has more than {MAX_PREFIXES} namespaces, or one of a far too long name.",
                hint="Declare namespaces once, at the root.",
            )
        self.prefixes = {**self.prefixes, prefix or "": space or ""}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise MalformedError(
                f"The file has more than {MAX_ELEMENTS:,} elements, or is nested too deeply.",
                hint="Part the file into several and read each.",
            )
        space, _, short = name.rpartition(_BETWEEN)
        if space.startswith(_PLAIN):
            space = ""
        line = self.parser.CurrentLineNumber
        one = Element(space, short, attributes, line, self.prefixes)
        if self.open:
            self.open[-1].children.append(one)
        else:
            self.root = one
        self.open.append(one)
        self.texts.append([])

    def end(self, _: str) -> None:
        self.open.pop().text = "".join(self.texts.pop()).strip()

    def say(self, text: str) -> None:
        self.texts[-1].append(text)

    def refuse(self, *_: object) -> None:
        raise MalformedError(
            "The file declares a document type.", hint="Take the DOCTYPE line out."
        )

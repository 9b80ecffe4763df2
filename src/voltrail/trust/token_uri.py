"""
Where a key stands in a token, as RFC 7512 writes it: pkcs11:token=NAME;object=NAME?module-path=….

What names a token, a key, the library and a file with the PIN is read; a PIN itself is refused,
since addresses are logged. Does not know whether the token is there.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from voltrail.errors import MalformedError, RefusedError

_SCHEME = "pkcs11:"
_PLACE = ("token", "serial", "manufacturer", "model", "slot-id", "object", "id", "type")
_HOW = ("module-path", "pin-source")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LONGEST = 2_048  # [characters] our choice


class Place(Struct, frozen=True):
    """A key in a token; an empty field names nothing."""

    token: str = ""
    serial: str = ""
    manufacturer: str = ""
    model: str = ""
    slot: int | None = None
    object: str = ""
    id: bytes = b""
    module: str = ""
    pin_file: str = ""

    @property
    def named(self) -> str:
        """The token in words, without what opens it."""
        return self.token or self.serial or self.model or self.manufacturer or "without a name"

    @property
    def key_named(self) -> str:
        """The key in words."""
        return self.object or self.id.hex() or "without a name"


def parse(uri: str) -> Place:
    """
    Return where a key stands.

    Args:
        uri: as somebody wrote it

    Returns:
        The place.

    Raises:
        MalformedError: not of this form, an attribute twice, or one that is not known here.
        RefusedError: it holds a PIN.

    Source: RFC 7512, 2.3; our choice: ADR 0042.
    """
    path, _, query = uri[len(_SCHEME) :].partition("?")
    if not uri.lower().startswith(_SCHEME) or len(uri) > _LONGEST or not uri.isascii():
        raise _wrong("It begins with pkcs11: and is plain ASCII.")
    if "pin-value" in query or "pin-value" in path:
        raise RefusedError(
            "A PIN does not belong into an address.", hint="Give a file: ?pin-source=file:/path."
        )
    place, how = _read(path, ";", _PLACE), _read(query, "&", _HOW)
    if _text(place, "type") not in ("", "private"):
        raise _wrong("Name the private key, or leave type out.")
    return Place(
        token=_text(place, "token"),
        serial=_text(place, "serial"),
        manufacturer=_text(place, "manufacturer"),
        model=_text(place, "model"),
        slot=_number(_text(place, "slot-id")),
        object=_text(place, "object"),
        id=place.get("id", b""),
        module=_file(_text(how, "module-path"), "module-path"),
        pin_file=_file(_text(how, "pin-source").removeprefix("file:"), "pin-source"),
    )


def _read(text: str, between: str, known: tuple[str, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for one in filter(None, text.split(between)):
        name, equals, value = one.partition("=")
        if name not in known or not equals:
            raise _wrong(f"Use these alone: {', '.join(known)}.")
        if name in found or not value or _PERCENT.search(value):
            raise _wrong(f"Write {name} once, with a value, encoded with %.")
        found[name] = unquote_to_bytes(value)
    return found


def _text(found: Mapping[str, bytes], name: str) -> str:
    try:
        text = found.get(name, b"").decode()
    except UnicodeDecodeError as error:
        raise _wrong(f"Write {name} in UTF-8.") from error
    if not text.isprintable():
        raise _wrong(f"Write {name} without signs that nobody sees.")
    return text


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise _wrong("slot-id is a number.")
    return int(text)


def _file(text: str, name: str) -> str:
    if text and not text.startswith("/"):
        raise _wrong(f"Name the whole path in {name}, from / on.")
    return text


def _wrong(hint: str) -> MalformedError:
    return MalformedError("This is no address of a key in a token.", hint=hint)

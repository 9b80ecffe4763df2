"""Request bodies, bounded before anything reads them; and many envelopes in one body."""

import json
from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from django.http import HttpRequest
from pydantic import ValidationError

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail_server.api.problems import RequestError
from voltrail_server.api.shapes import Body

MEBIBYTE = 1_048_576  # [bytes]
MAX_FIELDS = 65_536  # [bytes] of a body with a few fields
Shaped = TypeVar("Shaped", bound=Body)
_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder()


def read(request: HttpRequest, limit: int, types: Collection[str]) -> bytes:
    """Return the body, refusing other media types and more than a limit."""
    if request.content_type not in types:
        raise RequestError(415, f"This route reads {' or '.join(sorted(types))} only.")
    need_small(request, limit)
    data = request.read(limit + 1)
    if len(data) > limit:
        raise _too_large(limit)
    return data


def fields(request: HttpRequest, shape: type[Shaped]) -> Shaped:
    """Return a small JSON body in its shape, refusing what the shape does not name."""
    found = canonical.parse(read(request, MAX_FIELDS, ("application/json",)), what="body")
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]
        )
        raise MalformedError(
            f"The body does not fit. {said}"[:1_000], hint="Compare it with /api/v1/openapi.json."
        ) from error


def described(shape: type[Body]) -> dict[str, Any]:
    """Return the words by which the description tells programs of a body's shape."""
    content = {"application/json": {"schema": shape.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def need_small(request: HttpRequest, limit: int) -> None:
    """Refuse a request that announces more than a limit, or an unknown size."""
    told = request.META.get("CONTENT_LENGTH") or ""
    if not told and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise RequestError(411, "The request does not say how long it is.", "Send Content-Length.")
    if told.isdigit() and int(told[:20]) > limit:
        raise _too_large(limit)


def split(data: bytes, *, lines: bool) -> list[bytes]:
    """Return the items of NDJSON or of a JSON array, each with its bytes as received."""
    if lines:
        return [line for line in (part.strip() for part in data.split(b"\n")) if line]
    try:
        return [item.encode() for item in _items(data.decode())]
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _no_array() from error
    except (RecursionError, ValueError) as error:
        raise MalformedError("The array is nested too deeply.", hint="Send NDJSON.") from error


def _items(text: str) -> Iterator[str]:
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise _no_array()
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]" or text[:at].rstrip(_SPACE).endswith(","):
        _, end = _DECODER.raw_decode(text, at)
        yield text[at:end]
        at = _skip(text, end)
        if text[at : at + 1] == "]":
            break
        if text[at : at + 1] != ",":
            raise _no_array()
        at = _skip(text, at + 1)
    if _skip(text, at + 1) != len(text):
        raise _no_array()


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _no_array() -> MalformedError:
    return MalformedError("The body is no JSON array.", hint="Send [envelope, …] or NDJSON.")


def _too_large(limit: int) -> RequestError:
    return RequestError(413, f"The request is larger than {limit:,} bytes.")

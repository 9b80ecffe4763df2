"""What a server answers, as the command line reads it: JSON, or one of our errors again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from voltrail import errors
from voltrail.errors import MalformedError, ProductError, UnverifiableError

_SERVER_FAULT = 500  # HTTP's first status of a server's own fault


def value(body: bytes) -> Any:  # noqa: ANN401 — whatever the server answered
    """
    Return the JSON of an answer.

    Args:
        body: the answer

    Returns:
        What it holds.

    Raises:
        MalformedError: it is no JSON.

    Source: docs/reference/api.md.
    """
    try:
        return json.loads(body)
    except ValueError as error:
        raise MalformedError("The server's answer is no JSON.", hint="Check --server.") from error


def read(body: bytes) -> dict[str, Any]:
    """
    Return the JSON object of an answer.

    Args:
        body: the answer

    Returns:
        The object.

    Raises:
        MalformedError: it is no JSON object.

    Source: docs/reference/api.md.
    """
    found = value(body)
    if not isinstance(found, dict):
        raise MalformedError("The server's answer is no object.", hint="Check --server.")
    return found


def problem(status: int, body: bytes) -> ProductError:
    """
    Return the error that an answer of the API carries, of the class that the server raised.

    Args:
        status: HTTP status
        body: the answer; an RFC 9457 problem where the server is ours

    Returns:
        The error, with sentence and hint.

    Source: RFC 9457; docs/reference/api.md.
    """
    try:
        found = read(body)
    except MalformedError:
        found = {}
    anchor = str(found.get("type", "")).rpartition("#")[2]
    kind = dict(_kinds(ProductError)).get(anchor) or _of_status(status)
    sentence = str(found.get("detail") or f"The server answered with HTTP status {status}.")
    if kind is errors.UnmetError:
        return _unmet(sentence, found)
    return kind(sentence, hint=str(found.get("hint", "")))


def _unmet(sentence: str, found: Mapping[str, Any]) -> errors.UnmetError:
    listed = found.get("unmet")
    unmet = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    attempt = found.get("attempt")
    return errors.UnmetError(
        sentence,
        hint=str(found.get("hint", "")),
        unmet=unmet,
        attempt=attempt if type(attempt) is int else None,
    )


def _kinds(kind: type[ProductError]) -> Iterator[tuple[str, type[ProductError]]]:
    yield kind.__name__.lower(), kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


def _of_status(status: int) -> type[ProductError]:
    known: Mapping[int, type[ProductError]] = {
        401: errors.NotPermittedError,
        403: errors.NotPermittedError,
        404: errors.UnknownSubjectError,
        429: UnverifiableError,
    }
    if status >= _SERVER_FAULT:
        return UnverifiableError  # nothing was judged; asking again may help
    return known.get(status, MalformedError)

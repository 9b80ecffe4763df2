"""NAME=VALUE pairs as they are typed, and what a typed value means."""

import json
from collections.abc import Mapping, Sequence

from voltrail.canonical import Json
from voltrail.errors import MalformedError

_PLAIN: Mapping[str, Json] = {}


def pairs(typed: Sequence[str]) -> dict[str, str]:
    """
    Return the texts in NAME=VALUE pairs by their names.

    Args:
        typed: as typed; of a name that stands twice the last one counts

    Returns:
        Each value as a text.

    Raises:
        MalformedError: one is no pair.

    Source: our choice: docs/reference/commands.md.
    """
    found: dict[str, str] = {}
    for one in typed:
        name, sign, text = one.partition("=")
        if not sign:
            raise MalformedError(
                f"{one!r} is no NAME=VALUE.", hint="Write for example quantity=40."
            )
        found[name] = text
    return found


def value(text: str, words: Mapping[str, Json] = _PLAIN) -> Json:
    """
    Return what a typed value means.

    Args:
        text: as typed
        words: what some whole texts mean, for example `true`

    Returns:
        JSON where the text begins with a bracket or brace, a number where it is one, else the text.

    Raises:
        MalformedError: the JSON does not close.

    Source: our choice: docs/reference/commands.md.
    """
    if text in words:
        return words[text]
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)  # type: ignore[no-any-return]
        except ValueError as error:
            raise MalformedError(f"{text[:40]!r} is not JSON.", hint="Close it.") from error
    return int(text) if text.isascii() and text.isdigit() else text

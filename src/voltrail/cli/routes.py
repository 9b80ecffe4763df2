"""
`voltrail call ROUTE --server URL`: every route of a server's API, by the name it is described with.

The description says which values go into the address and which into the body, and which are texts.
Knows no route itself, so a newer server needs no newer command line.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

from voltrail.canonical import Json
from voltrail.cli import given as typed
from voltrail.cli.answers import read
from voltrail.cli.remote import API, Server
from voltrail.errors import MalformedError, UnknownSubjectError

_LIST = "List them: voltrail call list --server URL --token-file FILE."
_JSON = "application/json"
_WORDS: Mapping[str, Json] = {"true": True, "false": False, "null": None}


class Route(Struct, frozen=True):
    """A route: where it stands, what it does, and where each value goes."""

    name: str
    method: str
    path: str
    summary: str
    places: dict[str, str]
    texts: frozenset[str]
    media: tuple[str, ...]


def routes(server: Server) -> dict[str, Route]:
    """
    Return the routes that a server describes, by name.

    Args:
        server: whose

    Returns:
        Every route.

    Raises:
        MalformedError: the answer is no description.
        ProductError: the server does not tell.

    Source: docs/reference/api.md.
    """
    found = read(server.send("GET", "/openapi.json"))
    try:
        listed = [
            _route(method.upper(), path.removeprefix(API), one)
            for path, methods in found["paths"].items()
            for method, one in methods.items()
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise MalformedError(
            "The server's description is none that is known here.", hint="Check --server."
        ) from error
    return {one.name: one for one in listed}


def call(server: Server, name: str, given: Mapping[str, str], body: str | None) -> bytes:
    """
    Return what a route answers.

    Args:
        server: whose
        name: of the route, as its description has it
        given: values by name, as texts; JSON where the route takes no text
        body: a file to send as it is, if any

    Returns:
        The answer's bytes; nothing where there is nothing to say.

    Raises:
        UnknownSubjectError: no such route, or it takes no such value.
        MalformedError: a value is missing, or is no JSON.
        ProductError: what the server refused it with.

    Source: docs/reference/api.md.
    """
    route = routes(server).get(name)
    if route is None:
        raise UnknownSubjectError(f"The server has no route {name!r}.", hint=_LIST)
    rest = {key: text for key, text in given.items() if key not in route.places}
    if rest and (body is not None or _JSON not in route.media):
        raise UnknownSubjectError(f"The route takes no {next(iter(rest))!r} here.", hint=_LIST)
    address = _address(route, given)
    if body is not None:
        return server.send(route.method, address, Path(body).read_bytes(), _media(route))
    if _JSON not in route.media:
        return server.send(route.method, address)
    values = {
        key: text if key in route.texts else typed.value(text, _WORDS) for key, text in rest.items()
    }
    return server.send(route.method, address, json.dumps(values).encode(), _JSON)


def _route(method: str, path: str, one: Mapping[str, Any]) -> Route:
    media = one.get("requestBody", {}).get("content", {})
    schema = media.get(_JSON, {}).get("schema", {})
    shape = next((each for each in schema.get("oneOf", ()) if "properties" in each), schema)
    texts = {
        name for name, field in shape.get("properties", {}).items() if field.get("type") == "string"
    }
    return Route(
        name=one["operationId"],
        method=method,
        path=path,
        summary=one.get("summary", ""),
        places={each["name"]: each["in"] for each in one.get("parameters", ())},
        texts=frozenset(texts),
        media=tuple(media),
    )


def _address(route: Route, given: Mapping[str, str]) -> str:
    path = route.path
    for name, place in route.places.items():
        if place == "path":
            if not given.get(name):
                raise MalformedError(f"The route needs {name!r}.", hint=f"Add {name}=VALUE.")
            path = path.replace("{" + name + "}", quote(given[name], safe="/:@+~"))
    asked = [(key, text) for key, text in given.items() if route.places.get(key) == "query"]
    return f"{path}?{urlencode(asked)}" if asked else path


def _media(route: Route) -> str:
    if not route.media:
        raise UnknownSubjectError("The route takes no body.", hint="Leave --body out.")
    return route.media[0]

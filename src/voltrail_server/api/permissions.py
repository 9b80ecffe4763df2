"""Who may enter a place, for a program: read the permissions, allow, end."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router, Status

from voltrail.actions import permission as actions
from voltrail.ids.subject import PlaceId
from voltrail_server import wiring
from voltrail_server.api import access, bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import permissions as reading
from voltrail_server.reading import whereabouts

_OURS = N_("Permissions are the operator's.")
_TEXT: dict[str, Any] = {"type": "string"}
_MANY: dict[str, Any] = {"type": "array", "items": _TEXT, "maxItems": 1_000}
_NAMES = ("number", "allowedBy", "validFrom", "validUntil", "reason")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["allowedBy"],
                    "properties": {
                        **dict.fromkeys(_NAMES, _TEXT),
                        **dict.fromkeys(("people", "parties"), _MANY),
                        "verb": {"enum": ["allow", "end"]},
                    },
                }
            }
        },
    }
}

router = Router(tags=["Places"])


class PermitOut(Shape):
    """One permission: who may enter, from when until when, whether now, by whose word."""

    number: str
    people: list[str]
    parties: list[str]
    valid_from: str
    valid_until: str | None
    ended: int | None
    stands: bool
    allowed_by: str
    reason: str | None
    entry: int


class PermitsOut(Shape):
    """The permissions of a place, newest first; a place with none is open."""

    place: str
    controlled: bool
    permissions: list[PermitOut]


class PermittedOut(Shape):
    """Where a permission, or its end, stands in the register."""

    index: int
    digest: str
    number: str


@router.get(
    "/places/{path:key}/permissions",
    auth=tokens.READER,
    by_alias=True,
    response={200: PermitsOut, FAILURES: problems.Problem},
    summary="Ask who may enter a place",
)
def permissions(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return every permission of a place; `key` is the whole URN or its key."""
    access.need_operator(request, _OURS)
    place = PlaceId.written(key)
    found = whereabouts.permits(place)
    told = [reading.shown(one, wiring.now()) for one in found]
    return {"place": place, "controlled": bool(found), "permissions": told}


@router.post(
    "/places/{path:key}/permissions",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: PermittedOut, FAILURES: problems.Problem},
    summary="Allow somebody into a place, or end that",
    openapi_extra=_BODY,
)
def permit(request: HttpRequest, key: str) -> Any:  # noqa: ANN401 — ninja's answers
    """State a permission for the person in `allowedBy`; with `verb` end and `number`, end one."""
    access.need_operator(request, _OURS)
    place, at = PlaceId.written(key), wiring.now()
    raw = bodies.read(request, bodies.MAX_FIELDS, ("application/json",))
    wanted = actions.read(raw, place, at)
    act = "place-permission" if wanted.verb == "allow" else "place-permission-end"
    oneself.speaking(request, wanted.allowed_by, act, place)
    done = actions.give(wiring.desk(), wanted, at)
    told = {"index": done.index, "digest": done.digest, "number": wanted.number}
    return Status(201, told)

"""Firms' keys: list them, ask for one, confirm, restrict and end them; what an end would change."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status
from pydantic import Field

from voltrail import canonical
from voltrail.actions import doubt as doubting
from voltrail.actions import firm_keys, worth
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.api import access, bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.keyring import ceremony
from voltrail_server.people.models import Account

router = Router(tags=["Keys"])
_OURS = N_("Keys are the operator's.")


class FirmKeyOut(Shape):
    """A firm's key, how its life stands, and what it may state; none named means any."""

    key: str
    algorithm: str
    party: str
    state: str
    valid_from: datetime
    valid_until: datetime | None
    compromised_since: datetime | None
    kinds: list[str]
    places: list[str]
    pinned: bool


class WaitingOut(Shape):
    """A firm's key that waits for a second person."""

    request: int
    key: str
    party: str
    asked_by: str
    until: datetime


class KeysOut(Shape):
    """What is on record, and what waits."""

    keys: list[FirmKeyOut]
    waiting: list[WaitingOut]


class DoubtedOut(Shape):
    """A statement that would be worth less."""

    index: int
    predicate_type: str
    subjects: list[str]
    logged_at: datetime
    standing: str
    why: str


class ChangeOut(Shape):
    """An arrival that would be decided otherwise."""

    arrival: str
    before: str
    after: str
    sentence: str


class DoubtOut(Shape):
    """What the end of a key would change; `beyond` and `left` were not looked at any more."""

    statements: list[DoubtedOut]
    beyond: int
    arrivals: int
    left: int
    changes: list[ChangeOut]


class WorthOut(Shape):
    """What a statement is worth by its keys, as known at a time and register size."""

    index: int
    standing: str
    why: str
    proven_at: datetime
    known_at: datetime
    size: int
    keys: list[str]


class Stated(Shape):
    """The entry of a statement about a key."""

    index: int
    digest: str


class AskedFor(Shape):
    """The request that a second person confirms."""

    request: int
    key: str


class Whose(Shape):
    """Which firm's."""

    party: Annotated[str, Field(pattern=r"^(urn:voltrail:party:[A-Za-z0-9._~@/+-]{1,64})?$")] = ""


class Ends(Shape):
    """How a key would end, since when it is stolen, until when it would go on."""

    how: Literal["cease", "supersede", "compromise"] = "compromise"
    since: datetime | None = None
    until: datetime | None = None


class KnownAt(Shape):
    """Up to when the register is looked at."""

    known_at: datetime | None = None


class KeyIn(Body):
    """A firm's public half as `voltrail key new` writes it, and what it should be bound to."""

    by: str
    public: dict[str, str]
    reason: str
    kinds: list[str] = []
    places: list[str] = []
    until: datetime | None = None


class By(Body):
    """For whom the token acts."""

    by: str


class RestrictionIn(Body):
    """What a key keeps, for whom, and why."""

    by: str
    reason: str
    kinds: list[str] = []
    places: list[str] = []
    until: datetime | None = None


class EndingIn(Body):
    """How a key ends: cease, supersede or compromise; for whom, and why."""

    by: str
    how: str
    reason: str
    since: datetime | None = None
    until: datetime | None = None


@router.get(
    "/keys",
    auth=tokens.READER,
    by_alias=True,
    response={200: KeysOut, FAILURES: problems.Problem},
    summary="List the keys of firms",
)
def keys(request: HttpRequest, asked: Query[Whose]) -> dict[str, Any]:
    """Return the keys of one firm or of all, and those that wait for a second person."""
    access.need_operator(request, _OURS)
    whose = PartyId.read(asked.party) if asked.party else None
    found = firm_keys.firm_keys(wiring.desk(), whose, wiring.now())
    waits = [one for one in ceremony.waiting() if whose in (None, one.party)]
    return {"keys": [_shown(one) for one in found], "waiting": [_waiting(one) for one in waits]}


@router.post(
    "/keys",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: AskedFor, FAILURES: problems.Problem},
    summary="Ask that a firm's key be enrolled",
    openapi_extra=bodies.described(KeyIn),
)
def ask_key(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Keep a public half until somebody else confirms whose it is."""
    access.need_operator(request, _OURS)
    given = bodies.fields(request, KeyIn)
    account = oneself.speaking(request, given.by, "firm-key-ask")
    party, material = ceremony.read_public_half(canonical.canonical_bytes(dict(given.public)))
    bound = ceremony.read_bound(given.kinds, given.places, given.until)
    made = ceremony.ask(account, ceremony.Asked(party, material, bound, given.reason))
    return Status(201, {"request": made.pk, "key": made.key})


@router.post(
    "/keys/requests/{int:number}/confirmation",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: Stated, FAILURES: problems.Problem},
    summary="Confirm whose a firm's key is, and enrol it",
    openapi_extra=bodies.described(By),
)
def confirm_key(request: HttpRequest, number: int) -> Any:  # noqa: ANN401 — ninja's answers
    """Enrol a key that waits, for somebody other than who asked for it."""
    account = _acting(request, bodies.fields(request, By).by, "firm-key-confirm")
    found = ceremony.confirm(account, number)
    (entry,) = wiring.desk().entries.at([found.entry or 0])
    return Status(201, {"index": entry.index, "digest": entry.parsed.envelope})


@router.get(
    "/keys/{key}/doubt",
    auth=tokens.READER,
    by_alias=True,
    response={200: DoubtOut, FAILURES: problems.Problem},
    summary="See what the end of a key would put in doubt",
)
def key_doubt(request: HttpRequest, key: str, asked: Query[Ends]) -> Any:  # noqa: ANN401 — same
    """Return the statements worth less and the decisions that would change; record nothing."""
    access.need_operator(request, _OURS)
    ending = ceremony.ending_of(asked.model_dump())
    return doubting.doubt(wiring.desk(), key, ending, wiring.now())


@router.post(
    "/keys/{key}/restriction",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: Stated, FAILURES: problems.Problem},
    summary="Restrict a firm's key",
    openapi_extra=bodies.described(RestrictionIn),
)
def restrict_key(request: HttpRequest, key: str) -> Any:  # noqa: ANN401 — ninja's answers
    """Leave a key only what is named of what it has, from now on."""
    given = bodies.fields(request, RestrictionIn)
    account = _acting(request, given.by, "firm-key-restrict")
    bound = ceremony.read_bound(given.kinds, given.places, given.until)
    made = ceremony.restrict(account, key, bound, given.reason)
    return Status(201, {"index": made.index, "digest": made.digest})


@router.post(
    "/keys/{key}/ending",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: Stated, FAILURES: problems.Problem},
    summary="End a firm's key, or declare it stolen",
    openapi_extra=bodies.described(EndingIn),
)
def end_key(request: HttpRequest, key: str) -> Any:  # noqa: ANN401 — ninja's answers
    """End a key; every arrival that rests on it is judged again."""
    given = bodies.fields(request, EndingIn)
    account = _acting(request, given.by, "firm-key-end")
    made = ceremony.end(account, key, ceremony.ending_of(given.model_dump()), given.reason)
    return Status(201, {"index": made.index, "digest": made.digest})


@router.get(
    "/statements/{int:index}/worth",
    auth=tokens.READER,
    by_alias=True,
    response={200: WorthOut, FAILURES: problems.Problem},
    summary="Ask what a statement is worth, today or as known at a past time",
)
def statement_worth(request: HttpRequest, index: int, asked: Query[KnownAt]) -> Any:  # noqa: ANN401
    """Return the standing that its keys give it; later key statements are not looked at."""
    access.need_operator(request, _OURS)
    return worth.worth_of(wiring.desk(), index, asked.known_at or wiring.now())


def _acting(request: HttpRequest, by: str, act: str) -> Account:
    access.need_operator(request, _OURS)
    return oneself.speaking(request, by, act)


def _shown(one: firm_keys.FirmKey) -> dict[str, Any]:
    names = ("key", "algorithm", "party", "state", "valid_from", "valid_until")
    told = {name: getattr(one, name) for name in (*names, "compromised_since")}
    bound = {"kinds": list(one.bound.kinds), "places": list(one.bound.places)}
    return {**told, **bound, "pinned": one.is_pinned}


def _waiting(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a key request
    told = {"request": one.pk, "until": one.expires_at}
    return {**told, **{name: getattr(one, name) for name in ("key", "party", "asked_by")}}

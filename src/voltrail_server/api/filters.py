"""Saved filters by program: a person's own, keeping one under a name, forgetting one."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from voltrail_server.api import bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.saved import filters
from voltrail_server.saved.models import SavedFilter

router = Router(tags=["Saved filters"])


class FilterOut(Shape):
    """A list as somebody narrowed it, under a name of their own."""

    number: int
    name: str
    path: str
    query: str
    address: str


class FiltersAsked(Shape):
    """Whose filters, and of which list."""

    person: str = ""
    path: str = ""


class Forgetting(Shape):
    """Whose filter is forgotten."""

    person: str


class FilterIn(Body):
    """Whose filter, of which list, what it narrows to, and its name."""

    person: str
    path: str
    query: str
    name: str


@router.get(
    "/filters",
    auth=tokens.READER,
    by_alias=True,
    response={200: list[FilterOut], FAILURES: problems.Problem},
    summary="List a person's saved filters",
)
def saved_filters(request: HttpRequest, asked: Query[FiltersAsked]) -> list[dict[str, Any]]:
    """Return a person's filters, of one list or of all, by list and name."""
    account = oneself.reading(request, asked.person)
    return [_out(one) for one in filters.own(account, asked.path)]


@router.post(
    "/filters",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: FilterOut, 201: FilterOut, FAILURES: problems.Problem},
    summary="Save a filter under a name",
    openapi_extra=bodies.described(FilterIn),
)
def save_filter(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Keep a filter; one of the same list and name gives way to it and keeps its number."""
    given = bodies.fields(request, FilterIn)
    account = oneself.acting(request, given.person, "filter-save")
    kept, is_new = filters.save(account, given.path, given.query, given.name)
    return Status(201 if is_new else 200, _out(kept))


@router.delete(
    "/filters/{int:number}",
    auth=tokens.WRITER,
    response={204: None, FAILURES: problems.Problem},
    summary="Forget a saved filter",
)
def remove_filter(request: HttpRequest, number: int, whose: Query[Forgetting]) -> Any:  # noqa: ANN401
    """Forget a filter of the person named."""
    filters.remove(oneself.acting(request, whose.person, "filter-remove"), number)
    return Status(204, None)


def _out(one: SavedFilter) -> dict[str, Any]:
    plain = ("name", "path", "query", "address")
    return {"number": one.pk, **{name: getattr(one, name) for name in plain}}

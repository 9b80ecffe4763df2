"""The API keeps its own description: for calls that fit it, calls that do not, and strangers."""

import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django")

import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from msgspec import structs
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

import server.site_world  # noqa: F401 — sets Django up
from server.api_samples import GROWS, SAMPLES, prepare
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.api.routes import api
from voltrail_server.importing.models import Import
from voltrail_server.keyring.models import KeyRequest
from voltrail_server.people.models import Account
from voltrail_server.records import models
from voltrail_server.signing.models import Draft
from voltrail_server.work.models import Work
from voltrail_server.wsgi import application
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

pytestmark = pytest.mark.corpus
DRILL = os.environ.get("VOLTRAIL_DRILL") == "1"
EXAMPLES = settings(
    max_examples=400 if DRILL else 15,
    derandomize=not DRILL,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
DESCRIPTION = "/api/v1/openapi.json"
UNDRAWN = {
    ("/tile/{path}", "positive"),  # the drawer puts no stroke into a path
    ("/blobs", "negative"),  # all bytes are a file
    ("/epcis/capture", "negative"),  # the same
    ("/checkpoint", "negative"),  # takes nothing that could be wrong
    ("/witnesses", "negative"),  # same
    ("/timestamp-services", "negative"),  # the same
    ("/drafts", "negative"),  # the same
    ("/people", "negative"),  # the same
    ("/epcis/epcs/{epc}/events", "positive"),  # no pattern says which days there are
    ("/trace", "positive"),  # no description says which texts are identities
    ("/keys/{key}/doubt", "positive"),  # no description says that a theft lies in the past
}
FIRM, OPERATOR = PartyId.of("kestrel"), PartyId.of("nordlicht")


@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def lines(_: Any, value: Any) -> bytes:  # noqa: ANN401
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def described() -> list[tuple[str, str]]:
    """Method and path of every operation the API describes."""
    paths = api.get_openapi_schema()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


@dataclass
class Site:
    """A world behind the API, the API's description, and a token per firm."""

    world: PlayedWorld
    schema: Any
    tokens: dict[PartyId, str]

    def operation(self, method: str, path: str) -> Any:  # noqa: ANN401
        return self.schema[path][method]

    def auth(self, party: PartyId) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[party]}"}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    world = fresh_world()
    world.deliver(clean_shipment())
    call_command("migrate", verbosity=0, interactive=False)
    rows = [models.ArrivalRow(**structs.asdict(row)) for row in world.desk.views.rows()]
    models.ArrivalRow.objects.bulk_create(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "now", lambda: NOW)
        patch.setattr(tokens, "MOST_WRONG", 10**9)  # strangers knock all the time here
        patch.setattr(wiring, "desk", lambda: world.desk)
        prepare(world)
        schema = schemathesis.openapi.from_wsgi(DESCRIPTION, application)
        schema.config.generation.with_security_parameters = False  # each test brings its token
        passes = {party: tokens.issue(party, "test") for party in (FIRM, OPERATOR)}
        logging.disable(logging.CRITICAL)  # refusals are what is asked for here
        yield Site(world, schema, passes)
        logging.disable(logging.NOTSET)
    for table in (models.ArrivalRow, ApiToken, Draft, Import, Work, KeyRequest, Account):
        table.objects.all().delete()


def sensible(case: Any) -> Any:  # noqa: ANN401
    """The call without what no description says: two sizes in order, an opaque mark, a NUL."""
    if case.meta.generation.mode is GenerationMode.POSITIVE and case.query:
        query = {name: value for name, value in case.query.items() if name != "cursor"}
        query = {name: _without_nul(value) for name, value in query.items()}
        if {"old", "new"} <= set(query):
            query["old"], query["new"] = sorted((query["old"], query["new"]))
        case.query = query
    return case


def _without_nul(value: Any) -> Any:  # noqa: ANN401
    return value.replace("\0", "") if isinstance(value, str) else value


def keeps_its_word(site: Site, party: PartyId, case: Any) -> None:  # noqa: ANN401
    # That a call which fits is also taken can be asked of reads only: no draw signs a statement.
    skipped = [] if case.operation.method == "get" else [positive_data_acceptance]
    sensible(case).call_and_validate(headers=site.auth(party), excluded_checks=skipped)


@pytest.mark.parametrize(("method", "path"), described())
def test_a_call_that_succeeds_is_answered_as_described(site: Site, method: str, path: str) -> None:
    operation = site.operation(method, path)
    name = operation.definition.raw["operationId"]
    sample = SAMPLES[name]
    call = sample(site.world)
    for _ in range(2):
        found = operation.Case(**call).call_and_validate(headers=site.auth(OPERATOR))
        assert 200 <= found.status_code < 300, found.content
        if name in GROWS:  # what is done there is done once
            call = sample(site.world)


@pytest.mark.parametrize("party", [FIRM, OPERATOR])
@pytest.mark.parametrize(("method", "path"), described())
def test_calls_at_the_edges_are_answered_as_described(
    site: Site, method: str, path: str, party: PartyId
) -> None:
    cases = site.schema.iter_coverage_cases(
        site.operation(method, path),
        generation_modes=list(GenerationMode),
        generation_config=site.schema.config.generation,
    )
    asked = [keeps_its_word(site, party, case) for case in cases]
    assert asked


def drawable() -> list[tuple[str, str, str]]:
    """Method, path and mode of every kind of call that can be drawn."""
    every = [(*one, mode.value) for one in described() for mode in GenerationMode]
    return [one for one in every if (one[1].removeprefix("/api/v1"), one[2]) not in UNDRAWN]


@pytest.mark.parametrize(("method", "path", "mode"), drawable())
def test_drawn_calls_are_answered_as_described(
    site: Site, method: str, path: str, mode: str
) -> None:
    @EXAMPLES
    @given(site.operation(method, path).as_strategy(generation_mode=GenerationMode(mode)))
    def judge(case: Any) -> None:  # noqa: ANN401
        keeps_its_word(site, OPERATOR, case)

    judge()


def test_no_two_shapes_of_the_api_share_a_name() -> None:
    """The description names shapes without their modules: of two, only one would stand in it."""
    folder = Path(__file__).parents[2] / "src/voltrail_server/api"
    names = [
        name
        for file in folder.glob("*.py")
        for name in re.findall(
            r"^class (\w+)\((?:Shape|\w+\.Problem)\)", file.read_text(), re.MULTILINE
        )
    ]
    shared = {name for name in names if names.count(name) > 1}
    assert not shared, f"Give these shapes names of their own: {shared}"

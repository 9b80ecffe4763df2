"""Worlds, registers and databases to measure on; whatever is made here is taken away again."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from msgspec.structs import replace

from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered, hand_in_many
from voltrail.errors import ProductError
from voltrail.ids.subject import LotId, PartyId
from voltrail.register import log
from voltrail.register.admission import admit
from voltrail.register.entry import Entry, Leaf
from voltrail.register.memory import MemoryBlobs
from voltrail.statements import envelope, statement
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header
from voltrail.trust.anchors import Anchors
from voltrail.trust.entitlement import entitle
from voltrail.trust.signer import Signer, sealed
from voltrail.trust.verify import verify_all
from voltrail_world import story
from voltrail_world.arrivals import Shipment, acts_of
from voltrail_world.cast import World
from voltrail_world.play import desk_of

LOTS = 100  # [lots] in a batch
PER_LOT = 10  # [statements] of each lot in a batch
NOW = story.FIRST_DAY + timedelta(days=21)
DEFAULT_URL = "postgresql://postgres@127.0.0.1:5432/test"
URL = os.environ.get("VOLTRAIL_TEST_DATABASE_URL", DEFAULT_URL)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="voltrail-bench-") as made:
        yield Path(made)


def groundwork(world: World) -> list[bytes]:
    return [act.raw for act in story.groundwork(world)]


def shipment(number: int) -> Shipment:
    """A rack straight from its maker about which nobody lies: ten statements."""
    return replace(story.stories()[0].shipment, number=f"{number}")


def deliveries(world: World, batch: int) -> list[bytes]:
    """One batch of 100 new lots: order, record, four halves, arrival, firmware, two inspections."""
    first = 1_000 + batch * LOTS
    found = [
        act for number in range(first, first + LOTS) for act in acts_of(world, shipment(number))
    ]
    return [act.raw for act in sorted(found, key=lambda act: act.at)]


def further(world: World, batch: int, turn: int) -> list[bytes]:
    """One batch of ten further hand-over halves for each of 100 lots that have arrived."""
    first = 1_000 + batch * LOTS
    return [
        half(world, shipment(number), turn * PER_LOT + place)
        for place in range(PER_LOT)
        for number in range(first, first + LOTS)
    ]


def half(world: World, going: Shipment, place: int) -> bytes:
    giver, taker = going.hands[-2:]
    half, speaker = ((Half.GIVEN, giver), (Half.TAKEN, taker))[place % 2]
    fact = HandOver(
        lot=going.lot,
        number=f"X{place // 2}",
        half=half,
        giver=giver,
        taker=taker,
        at=going.day,
        quantity=going.quantity,
        seals=(f"SEAL-{going.number}",),
    )
    return world.say(fact, Header(speaker, going.day), going.lot)


def verdicts(raws: list[bytes], operator: PartyId, anchors: Anchors) -> None:
    """Give the full verdict on a batch as a hand-in does, each step for all."""
    for found in verify_all([envelope.parse(raw) for raw in raws], anchors, NOW):
        if isinstance(found, ProductError):
            raise found
        entitle(found, operator, anchors)
        admit(found, None, NOW, NOW)


class BackError(Exception):
    """Undoes what was appended to be measured."""


def appended(desk: Desk, raws: list[bytes], at: datetime = NOW) -> None:
    """Verify a batch and append it, with no view and no decision; then take it back."""
    anchors = desk.anchors()
    with suppress(BackError), desk.entries.transaction():
        verified = list(verify_all([envelope.parse(raw) for raw in raws], anchors, at))
        for found in verified:
            if isinstance(found, ProductError):
                raise found
            entitle(found, desk.operator, anchors)
        log.append(desk.entries, verified, desk.log_time(at))
        raise BackError


def hand_in(desk: Desk, raws: list[bytes], at: datetime = NOW) -> None:
    """Record a batch, or stop where one of it is refused."""
    for answer in hand_in_many(desk, raws, at):
        if not isinstance(answer, Registered):
            raise answer


def django_up(home: Path) -> None:
    """Start Django on a SQLite file in a folder, with its tables."""
    os.environ["VOLTRAIL_DATA"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "voltrail_server.settings"
    os.environ.pop("VOLTRAIL_DATABASE_URL", None)
    import django  # noqa: PLC0415 — only after the folder is known

    django.setup()
    migrate("default")


def migrate(alias: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415 — after set-up

    call_command("migrate", verbosity=0, interactive=False, database=alias)


def desk_in(world: World, alias: str = "default") -> Desk:
    """Return an empty desk whose stores are the tables of a database."""
    from voltrail_server.records.store import DjangoEntries  # noqa: PLC0415 — after set-up
    from voltrail_server.records.views import DjangoViews  # noqa: PLC0415 — after set-up

    made = desk_of(world)
    return replace(
        made, entries=DjangoEntries(alias), views=DjangoViews(alias), blobs=MemoryBlobs(), _kept={}
    )


def somebody(function: str) -> Any:  # noqa: ANN401 — an account, imported late
    """Return an account of somebody appointed to a function everywhere."""
    from voltrail_server.people import bindings  # noqa: PLC0415 — after set-up
    from voltrail_server.people.models import Account  # noqa: PLC0415 — same

    made = Account.objects.create_user("bench", person="urn:voltrail:person:bench")
    bindings.by_hand(made, function)
    return made


@contextmanager
def own_database() -> Iterator[str]:
    """Yield the URL of an own PostgreSQL database; raises OSError where there is no server."""
    import psycopg  # noqa: PLC0415 — only where it is asked for

    name = f"voltrail_bench_{secrets.token_hex(4)}"
    try:
        server = psycopg.connect(URL, autocommit=True, connect_timeout=3)
    except psycopg.Error as error:
        raise OSError(str(error)) from error
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the alias of an own PostgreSQL database; raises OSError where there is no server."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    from voltrail_server.database import from_url  # noqa: PLC0415 — same

    with own_database() as own:
        found = {"default": connections.settings["default"], "own": from_url(own)}
        connections.settings["own"] = connections.configure_settings(found)["own"]
        migrate("own")
        try:
            yield "own"
        finally:
            connections["own"].close()
            connections["own"].close_pool()  # type: ignore[attr-defined]


def short_statements(desk: Desk, count: int, signer: Signer, party: PartyId) -> None:
    """Put short statements on record, one signature each, ten to a lot, with their links."""
    begun, batch_size = NOW, 2_000
    for start in range(0, count, batch_size):
        batch = []
        for index in range(start, min(start + batch_size, count)):
            fact = Signal(SignalKind.PACKAGING, f"Pallet {index} was wrapped twice.")
            lot = LotId.of(party.key, f"L{index // 10}")
            said = sealed(statement.compose(fact, Header(party, begun), lot), signer)
            at = begun + timedelta(microseconds=index)
            leaf = Leaf(said.digest, "urn:voltrail:predicate:signal:v1", party, at, len(said.raw))
            batch.append(Entry.of(index, leaf, said.raw))
        with desk.entries.transaction():
            frontier = desk.entries.frontier().extend(one.leaf_hash for one in batch)
            desk.entries.append(batch, {}, frontier)
            desk.views.link(
                (f"urn:voltrail:lot:{party.key}:L{e.index // 10}", e.index) for e in batch
            )
            desk.views.set_projected(start + len(batch))


def digest_of(raw: bytes) -> str:
    """Return the digest that the register gives an envelope."""
    return envelope.parse(raw).digest

"""
The socket for views: links, sightings, rows of arrivals and findings, where each lot is.

Everything here is derived and NOT trusted: `rebuild` makes it again from the register. A store
owes that writes join the register's transaction, and that reading back gives what was written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct


class ArrivalRow(Struct, frozen=True):
    """What lists of arrivals filter, join and sort on; the newest decision, or none yet."""

    arrival: str
    order: str
    lot: str
    place: str
    product: str
    seller: str
    maker: str
    tier: int
    quantity: int
    received_at: str
    disposition: str
    sentence: str
    layers: str
    assurance: str
    decided: int


class ReachRow(Struct, frozen=True):
    """A lot is in an asset: in so many ways for sure, and in so many more that can be."""

    lot: str
    asset: str
    definite: int
    possible: int


class StayRow(Struct, frozen=True, order=True):
    """An asset is at a place, or with a firm, since a time that the entry claims."""

    asset: str
    since: str
    place: str
    entry: int


class FoundRow(Struct, frozen=True):
    """A finding about an arrival's goods, the gravest with the highest number."""

    arrival: str
    number: int
    received_at: str
    place: str
    rule: str
    severity: str
    subject: str
    sentence: str
    entries: str


class Reached(Struct, frozen=True, order=True, gc=False):
    """An asset that a lot is in, with its counts, and one of its stays or nothing."""

    asset: str
    definite: int
    possible: int
    since: str | None = None
    place: str | None = None
    entry: int | None = None


class ViewStore(Protocol):
    """Links, sightings, rows, reach and stays."""

    def link(self, links: Iterable[tuple[str, int]]) -> None:
        """Remember that the entry at an index speaks of a key; a repeated link changes nothing."""

    def indices(self, key: str, below: int | None = None) -> Sequence[int]:
        """Return, ascending, the entries that speak of a key, with an index below a bound."""

    def indices_many(
        self, keys: Collection[str], below: int | None = None
    ) -> Mapping[str, Sequence[int]]:
        """Return what `indices` returns for each of many keys; keys nobody speaks of left out."""

    def keys(self, prefix: str, after: str = "", limit: int = 1_000) -> Sequence[str]:
        """Return, in order, keys that begin with a prefix and follow another key."""

    def sight(self, sightings: Iterable[tuple[str, str, int]]) -> None:
        """Remember unit, arrival, entry index."""

    def sightings(
        self, units: Collection[str], below: int | None = None
    ) -> Mapping[str, frozenset[str]]:
        """Return the arrivals that each of these units was seen in, if any."""

    def put_rows(self, rows: Iterable[ArrivalRow]) -> None:
        """Store rows by arrival, replacing older ones."""

    def row(self, arrival: str) -> ArrivalRow | None:
        """Return an arrival's row."""

    def rows_of(self, arrivals: Collection[str]) -> Mapping[str, ArrivalRow]:
        """Return the rows of these arrivals that have one."""

    def rows(self, after: str = "", limit: int = 1_000) -> Sequence[ArrivalRow]:
        """Return rows in order of arrival id, following another id."""

    def put_found(self, found: Mapping[str, Sequence[FoundRow]]) -> None:
        """Store the findings about these arrivals, in place of those they had."""

    def found_about(self, subject: str) -> Sequence[FoundRow]:
        """Return, by arrival and number, the findings about a subject."""

    def add_reach(self, changes: Iterable[ReachRow]) -> None:
        """Add counts to the rows of lot and asset; a row of nothing is none. Up to 2^53 - 1."""

    def reach_of(self, lots: Collection[str]) -> Mapping[str, Sequence[ReachRow]]:
        """Return, by asset, the rows of each of these lots; lots in nothing left out."""

    def reached(self, lot: str) -> Sequence[Reached]:
        """Return what a lot is in and where that is: a row for each stay, one where none is."""

    def reached_by(self, assets: Collection[str]) -> Mapping[str, Sequence[ReachRow]]:
        """Return, by lot, the rows of each of these assets; assets of nothing left out."""

    def put_stays(self, stays: Mapping[str, Sequence[StayRow]]) -> None:
        """Store the stays of these assets, in place of those they had."""

    def stays(self, assets: Collection[str]) -> Mapping[str, Sequence[StayRow]]:
        """Return, oldest first, the stays of each of these assets; assets without left out."""

    def events(self, events: Iterable[tuple[int, str, str]]) -> None:
        """Put index, topic and subject into the outbox, in the same transaction."""

    def projected(self) -> int:
        """Return how many entries the views hold."""

    def set_projected(self, size: int) -> None:
        """Remember how many entries the views hold."""

    def clear(self) -> None:
        """Forget everything but the outbox."""

    def digest(self) -> str:
        """Return the SHA-256 over everything but outbox and findings, in order."""

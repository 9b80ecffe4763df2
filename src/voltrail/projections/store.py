"""
The socket for views: who speaks of what, where units were seen, one row per arrival.

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


class ViewStore(Protocol):
    """Links, sightings and rows."""

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

    def events(self, events: Iterable[tuple[int, str, str]]) -> None:
        """Put index, topic and subject into the outbox, in the same transaction."""

    def projected(self) -> int:
        """Return how many entries the views hold."""

    def set_projected(self, size: int) -> None:
        """Remember how many entries the views hold."""

    def clear(self) -> None:
        """Forget every link, sighting and row; the outbox stays."""

    def digest(self) -> str:
        """Return the SHA-256 over all links, sightings and rows in order."""

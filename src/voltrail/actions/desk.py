"""
What every verb works at: the stores, the pinned trust, and the operator's keys.

A frozen bundle of sockets. The server builds one in `wiring`, the command line one for folders,
tests one in memory; nothing else constructs stores.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

from msgspec import field

from voltrail.controls.policy import Policy, of_record
from voltrail.projections import anchors as key_fold
from voltrail.projections.dossier import Archive
from voltrail.projections.fold import of_type
from voltrail.projections.view import EntryRef, Recorded
from voltrail.register import admission
from voltrail.register.log import LogKey
from voltrail.register.witness import Cosignatures, NoCosignatures
from voltrail.statements.policy import PolicyRecord
from voltrail.trust.anchors import Anchors
from voltrail.trust.signer import Signer

T = TypeVar("T")
POLICY_TYPE = "urn:voltrail:predicate:policy:v1"


class Desk(Archive, frozen=True):
    """The archive, plus the keys that speak for the operator and for the log."""

    signer: Signer
    log: LogKey
    cosignatures: Cosignatures = NoCosignatures()
    _kept: dict[str, tuple[object, object]] = field(default_factory=dict)

    def anchors(self) -> Anchors:
        """Return the bindings in force, folded again only when a key statement came."""
        indices = tuple(self.views.indices(key_fold.KEY_TYPE))
        return self._cached("anchors", indices, self._anchors)

    def log_time(self, at: datetime) -> datetime:
        """Return the log time of a transaction that may have waited for another one to end."""
        return admission.log_time(self.entries.last_time(), at)

    def policies(self) -> tuple[Recorded[PolicyRecord], ...]:
        """Return every approved policy, folded again only when one came."""
        indices = tuple(self.views.indices(POLICY_TYPE))
        return self._cached("policies", indices, self._policies)

    def rulebook(self) -> tuple[tuple[EntryRef, Policy], ...]:
        """Return every approved policy with its place, digested once."""
        indices = tuple(self.views.indices(POLICY_TYPE))
        return self._cached("rulebook", indices, self._rulebook)

    def _rulebook(self) -> tuple[tuple[EntryRef, Policy], ...]:
        return tuple((one.entry, of_record(one.fact)) for one in self.policies())

    def _anchors(self) -> Anchors:
        return key_fold.anchors(self.entries, self.views, self.pinned)

    def _policies(self) -> tuple[Recorded[PolicyRecord], ...]:
        return of_type(self.entries, self.views, POLICY_TYPE)

    def _cached(self, name: str, version: tuple[int, ...], make: Callable[[], T]) -> T:
        kept = self._kept.get(name)
        if kept is None or kept[0] != version:
            kept = self._kept[name] = (version, make())
        return cast("T", kept[1])

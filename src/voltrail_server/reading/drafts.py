"""Drafts as lists ask for them: what waits for an account, what it began, one draft to show."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voltrail.actions import policy as rules
from voltrail.actions import show, signing
from voltrail.ids.subject import is_identity
from voltrail.statements.policy import PolicyRecord
from voltrail_server import wiring
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account
from voltrail_server.reading.names import look_up
from voltrail_server.signing import drafts
from voltrail_server.signing.models import Draft

_MOST = 50  # [drafts] in one list
_MOST_LINKS = 100  # [digests] of one statement that are looked up
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft with all that its page tells: statement, entries it names, differences, names."""

    draft: Draft
    statement: Any
    fingerprint: str
    entries: dict[str, tuple[int, str]]
    differences: tuple[Any, ...] | None
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """Whether a draft waits for this account's person, and the passkeys that may sign it."""

    asked: bool = False
    credentials: tuple[str, ...] = ()


def ways(account: Account, draft: Draft) -> Ways:
    """Return how an account may sign a draft."""
    asked = Draft.objects.filter(drafts.waits_for(account, wiring.now()), pk=draft.pk).exists()
    if not asked:
        return Ways()
    return Ways(asked=True, credentials=tuple(passkeys.usable(account, drafts.kind_of(draft))))


def count_waiting(account: Account, at: datetime) -> int:
    """Return how many drafts wait for an account's person."""
    return Draft.objects.filter(drafts.waits_for(account, at)).distinct().count()


def waiting(account: Account, at: datetime) -> tuple[Draft, ...]:
    """Return the drafts that wait for an account's person, soonest to expire first."""
    found = Draft.objects.filter(drafts.waits_for(account, at)).distinct()
    return _listed(found.order_by("expires_at"))


def started(account: Account) -> tuple[Draft, ...]:
    """Return the drafts that an account began, newest first."""
    return _listed(Draft.objects.filter(created_by=account))


def every_open(at: datetime) -> tuple[Draft, ...]:
    """Return the drafts that take signatures, newest first."""
    return _listed(Draft.objects.filter(state="open", expires_at__gt=at))


def shown(number: int) -> Shown:
    """Return one draft with what its page tells."""
    draft = drafts.get(number)
    payload = bytes(draft.payload)
    said = signing.read(payload)
    return Shown(
        draft,
        said,
        signing.fingerprint(payload),
        _entries(said.predicate),
        _differences(said.fact),
        look_up(sorted(_urns(said.predicate) | {one.person for one in draft.signatures.all()})),
    )


def _listed(found: Any) -> tuple[Draft, ...]:  # noqa: ANN401 — Django's own question
    return tuple(found.select_related("created_by").prefetch_related("signatures")[:_MOST])


def _entries(predicate: Any) -> dict[str, tuple[int, str]]:  # noqa: ANN401 — any JSON value
    """Return number and sentence of each registered statement that a predicate names."""
    desk = wiring.desk()
    wanted = sorted(_digests(predicate))[:_MOST_LINKS]
    found = desk.entries.find(wanted)
    return {
        digest: (index, show.sentence_of(show.entry(desk, index)))
        for digest, index in found.items()
    }


def _digests(value: Any) -> set[str]:  # noqa: ANN401 — any JSON value
    if isinstance(value, dict):
        return set().union(*map(_digests, value.values()))
    if isinstance(value, list):
        return set().union(*map(_digests, value))
    return {value} if isinstance(value, str) and _DIGEST.fullmatch(value) else set()


def _urns(value: Any) -> set[str]:  # noqa: ANN401 — any JSON value
    if isinstance(value, dict):
        return set().union(*map(_urns, value.values()))
    if isinstance(value, list):
        return set().union(*map(_urns, value))
    return {value} if isinstance(value, str) and is_identity(value) else set()


def _differences(fact: Any) -> tuple[Any, ...] | None:  # noqa: ANN401 — any fact
    """Return what a policy would change against the one in force; None for anything else."""
    if not isinstance(fact, PolicyRecord):
        return None
    current = rules.in_force(wiring.desk(), wiring.now())
    return rules.differences(current.record, fact)

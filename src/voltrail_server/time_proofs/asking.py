"""
Have time proven by others, as often as the plan says, wherever something came since.

    a quorum of witnesses cosigned     the checkpoint with their lines is put on record
    a service is due                   it stamps the newest checkpoint; its token is put on record
    a service is silent                it is asked again after a pause that doubles, up to an hour

A proof that came covers every entry before it, so nothing is lost by a look that fails.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import requests
from django.db import close_old_connections, connections
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.actions import time_proof
from voltrail.actions.desk import Desk
from voltrail.errors import ProductError, RefusedError
from voltrail.register.witness_policy import WitnessPolicy
from voltrail.statements.time_proof import VouchedBy
from voltrail.trust.foreign.timestamp import LONGEST
from voltrail_server import wiring
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.records.lease import CLOCK, DjangoLease
from voltrail_server.time_proofs import services
from voltrail_server.time_proofs.services import Asked
from voltrail_server.witnesses import known
from voltrail_server.witnesses.asking import failed, in_words, send

EVERY_S = 30.0  # [s] between two looks
HELD = timedelta(seconds=120)  # how long the lease stands: that of the clock
PAUSES = timedelta(minutes=1), timedelta(hours=1)  # after silence, the first and the longest
_OK = 200
_LOG = logging.getLogger(__name__)


def run(stop: threading.Event, holder: str) -> None:
    """Look until told to stop; a look that fails is logged, and the next one tries again."""
    lease = DjangoLease(number=CLOCK)
    while not stop.is_set():
        close_old_connections()
        try:
            if _has(lease, holder):
                turn(wiring.desk(), lambda: _has(lease, holder))
        except Exception:  # noqa: BLE001 — a thread that dies would stop all proofs
            _LOG.exception("Time could not be proven; the next look tries again.")
        finally:
            close_old_connections()
        stop.wait(EVERY_S)
    connections.close_all()


def _has(lease: DjangoLease, holder: str) -> bool:
    """Return whether the clock is this process's, for as long again."""
    at = wiring.now()
    return lease.take(holder, at, at + HELD)


def turn(desk: Desk, still_ours: Callable[[], bool] = lambda: True) -> None:
    """
    Look once: record what witnesses prove, and ask each service that is due.

    The clock is taken anew before each service: seven slow ones last longer than one lease.
    """
    plan, kept = _plan(), DjangoCosignatures()
    policy, at = known.policy(), wiring.now()
    if policy is not None and _witnesses_are_due(desk, at - plan.every):
        _of_witnesses(desk, policy, at)
    stands = kept.standings()
    for one in plan.services:
        row = stands.get(one.url, Standing(one.url))
        if row.next_at <= at and _service_is_due(desk, row, at - plan.every):
            if not still_ours():
                return
            kept.set(_asked(desk, one, row))


def _plan() -> services.Plan:
    """Return the plan; a file that is wrong names no service, and stops no witness."""
    try:
        return services.plan()
    except ProductError as error:
        _LOG.error("No time-stamp service is asked: %s", error)
        return services.Plan()


def _of_witnesses(desk: Desk, policy: WitnessPolicy, at: datetime) -> None:
    """Record what witnesses prove; what is wrong with it keeps no service from being asked."""
    try:
        time_proof.from_witnesses(desk, policy, at)
    except ProductError as error:
        _LOG.warning("What witnesses prove of the time cannot be recorded: %s", error)


def _witnesses_are_due(desk: Desk, before: datetime) -> bool:
    last = time_proof.newest(desk, VouchedBy.WITNESSES)
    if last is None:
        return True
    return last.entry.log_time <= before and time_proof.uncovered(desk, last.fact.size) > 0


def _service_is_due(desk: Desk, row: Standing, before: datetime) -> bool:
    return row.cosigned_at <= before and time_proof.uncovered(desk, row.cosigned) > 0


def _asked(desk: Desk, one: Asked, row: Standing) -> Standing:
    """Ask one service, record its answer, and say how it stands."""
    try:
        asked = time_proof.request(desk)
        token = post(one.url, asked.query)
        time_proof.from_service(desk, asked, token, one.trusted, wiring.now())
    except (ProductError, requests.RequestException) as error:
        said = in_words(error)
        _LOG.warning("Time-stamp service %s: %s", one.name, said)
        return failed(row, wiring.now(), said, PAUSES)
    return Standing(one.url, asked.size, wiring.now())


def post(url: str, query: bytes) -> bytes:
    """Return what a service answers to a query."""
    status, found = send(url, query, "application/timestamp-query", LONGEST)
    if status != _OK:
        raise RefusedError(N_("It did not answer with a stamp."), hint=_ASK_OWNER)
    return found


_ASK_OWNER = "Ask whoever runs the service."

"""
Numbers for a monitoring system, in the text format that Prometheus reads.

Whoever reads them shows a secret, on this machine too: a proxy on it would make everybody look
like this machine.
"""

import hmac
from typing import Any

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from voltrail_server import wiring

MEDIA_TYPE = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REGISTRY = CollectorRegistry()
ProcessCollector(registry=_REGISTRY)
_REQUESTS = Counter(
    "voltrail_requests", "Requests answered", ("route", "method", "status"), registry=_REGISTRY
)
_SECONDS = Histogram(
    "voltrail_request_seconds", "Time to answer", ("route", "method"), registry=_REGISTRY
)
_ENTRIES = Gauge("voltrail_register_entries", "Entries of the register", registry=_REGISTRY)
_UNCOVERED = Gauge(
    "voltrail_register_uncovered", "Entries that no checkpoint covers yet", registry=_REGISTRY
)
_HELD = Gauge("voltrail_arrivals", "Arrivals by disposition", ("disposition",), registry=_REGISTRY)
_HOLDS = Gauge("voltrail_holds", "Holds ever placed", registry=_REGISTRY)
_HOLD_TYPE = "urn:voltrail:predicate:hold:v1"


def count(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; a method nobody knows is called other."""
    method = method if method in _METHODS else "other"
    _REQUESTS.labels(route, method, str(status)).inc()
    _SECONDS.labels(route, method).observe(seconds)


def text() -> bytes:
    """Return all numbers as they stand."""
    from voltrail_server.reading import tallies  # noqa: PLC0415 — after set-up

    desk = wiring.desk()
    newest = desk.entries.checkpoints()
    size = desk.entries.size()
    _ENTRIES.set(size)
    _UNCOVERED.set(max(0, size - (newest[0][0] if newest else 0)))
    _HOLDS.set(len(desk.views.indices(_HOLD_TYPE)))
    _HELD.clear()
    for disposition, number in tallies.dispositions().items():
        _HELD.labels(disposition).set(number)
    return generate_latest(_REGISTRY)


def may_read(meta: dict[str, Any]) -> bool:
    """Whether a request shows the token; where none is kept nobody reads the numbers."""
    word, _, given = str(meta.get("HTTP_AUTHORIZATION", "")).partition(" ")
    kept = str(settings.VOLTRAIL_METRICS_TOKEN).strip().encode()
    same = hmac.compare_digest(given.strip().encode(errors="replace"), kept)
    return bool(kept) and word.lower() == "bearer" and same

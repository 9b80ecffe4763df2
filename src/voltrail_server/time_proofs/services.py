"""
Which time-stamp services this register asks: the file `timestamp-services.toml` in the data folder.

Who may write into the data folder administers the server; nobody else names an address that the
server calls. Without the file nobody is asked, and witnesses alone prove time.
"""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from voltrail.errors import MalformedError, ProductError
from voltrail.trust.foreign import timestamp
from voltrail.trust.foreign.timestamp import Service
from voltrail_server.witnesses.known import callable_at

FILE = "timestamp-services.toml"
EVERY_HOURS = 1  # [h] our choice: ADR 0044; where the file says nothing
_LONGEST_HOURS = 8_784  # [h] a leap year: evidence is renewed before a scheme falls
_MOST = 7  # [services] so that witnesses and all services stand among the next 8 proofs
_HINT = f"Write {FILE} as docs/how-to/prove-time.md says."


@dataclass(frozen=True, slots=True)
class Asked:
    """One service: its name, where it answers, and the certificates it is judged by."""

    name: str
    url: str
    trusted: Service


@dataclass(frozen=True, slots=True)
class Plan:
    """How often time is proven, and which services are asked."""

    every: timedelta = timedelta(hours=EVERY_HOURS)
    services: tuple[Asked, ...] = ()


def path() -> Path:
    """Return where the file stands."""
    return Path(settings.VOLTRAIL_DATA) / FILE


def plan() -> Plan:
    """Return how often time is proven, and by whom; the default where there is no file."""
    try:
        return _parsed(path().read_bytes())
    except FileNotFoundError:
        return Plan()


@lru_cache(maxsize=4)
def _parsed(data: bytes) -> Plan:
    try:
        found = tomllib.loads(data.decode())
    except ValueError as error:
        raise _odd(f"it is no TOML: {error}") from error
    strange = found.keys() - {"every_hours", "service"}
    hours, listed = found.get("every_hours", EVERY_HOURS), found.get("service", [])
    if strange:
        raise _odd(f"nobody knows {min(strange)!r}")
    if type(hours) is not int or not 1 <= hours <= _LONGEST_HOURS:
        raise _odd(f"every_hours is no number from 1 to {_LONGEST_HOURS:,}")
    if not isinstance(listed, list) or len(listed) > _MOST:
        raise _odd(f"it names more than {_MOST} services")
    asked = tuple(_asked(one) for one in listed)
    if len({one.url for one in asked} | {one.name for one in asked}) < 2 * len(asked):
        raise _odd("a name or an address stands twice")
    return Plan(timedelta(hours=hours), asked)


def _asked(one: Any) -> Asked:  # noqa: ANN401 — a TOML value
    if not isinstance(one, dict) or one.keys() != {"name", "url", "certificates"}:
        raise _odd("each service has name, url and certificates, and nothing else")
    name, url, pem = (one[key] for key in ("name", "url", "certificates"))
    if not all(isinstance(text, str) and text.strip() for text in (name, url, pem)):
        raise _odd("name, url and certificates are texts")
    if not callable_at(url):
        raise _odd(f"{url} is no address of a service")
    try:
        return Asked(name, url, timestamp.service(pem.encode()))
    except ProductError as error:
        raise _odd(f"the certificates of {name} cannot be used: {error}") from error


def _odd(why: str) -> MalformedError:
    return MalformedError(f"{FILE} cannot be used: {why[:300]}.", hint=_HINT)

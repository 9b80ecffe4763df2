"""
How often something may be tried: counted in the database, so that all processes count together.

Keys are digests: no address and no name is kept. A count that is over is forgotten. Knows no pages.
"""

import ipaddress
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import connection
from django.utils.translation import gettext as _

from voltrail import canonical
from voltrail.errors import TooOftenError
from voltrail_server.people.models import Tally

WINDOW = timedelta(minutes=15)
_KEPT = timedelta(hours=1)
_ONES_OWN = 64  # [bits] of an IPv6 address: whoever has one has all of its /64, RFC 6177
_CHANCE = SystemRandom()
_ONE_IN = 50  # [counts] every so often old windows are swept out
_ADD = """INSERT INTO people_tally (key, "window", count) VALUES (%s, %s, 1)
ON CONFLICT (key, "window") DO UPDATE SET count = people_tally.count + 1 RETURNING count"""


def count(what: str, who: str, at: datetime, length: timedelta = WINDOW) -> int:
    """Return how often this happened in the present window, this time included."""
    window = _window(at, length)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [_key(what, who), window])
        (found,) = cursor.fetchone()
    if _CHANCE.randrange(_ONE_IN) == 0:
        Tally.objects.filter(window__lt=int(at.timestamp() - _KEPT.total_seconds())).delete()
    return int(found)


def need_room(what: str, who: str, most: int, at: datetime) -> None:
    """Refuse what happened too often in the present window; the count is not raised."""
    found = Tally.objects.filter(key=_key(what, who), window=_window(at, WINDOW)).first()
    if found is not None and found.count >= most:
        raise TooOftenError(
            "That was tried too often.",
            hint=_("Wait %(seconds)s minutes, then try again.") % {"seconds": WINDOW.seconds // 60},
        )


def forget(what: str, who: str) -> None:
    """Forget what was counted, for example when the right answer came."""
    Tally.objects.filter(key=_key(what, who)).delete()


def network(address: str) -> str:
    """Return what an address counts as: IPv4 as it is, IPv6 by the /64 that one site has alone."""
    text = address.strip()
    try:
        found = ipaddress.ip_address(text.partition("%")[0])  # without the name of an interface
    except ValueError:
        return text
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:  # how a socket for both calls an IPv4 address
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _ONES_OWN), strict=False).network_address)


def _key(what: str, who: str) -> str:
    return canonical.digest(f"{what}\n{who}".encode(errors="replace"))


def _window(at: datetime, length: timedelta) -> int:
    """Return when the window of a time began, in seconds."""
    seconds = int(length.total_seconds())
    return int(at.timestamp()) // seconds * seconds

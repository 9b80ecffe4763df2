"""
The address under which this site is itself, and the check that a passkey answered there.

A passkey is bound to the host of that address. The kernel checks the host; the whole origin, port
and scheme included, is known here only, and fixed at start: a request never says who we are. Does
not know whose passkey it is.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from voltrail.errors import MalformedError, SignatureInvalidError

LOCAL = "localhost"  # the one host that browsers let have passkeys without TLS
_PARTS = ("authenticatorData", "clientDataJSON", "signature")
_MAX_ASSERTION = 16_384  # [characters] far more than an authenticator answers


@dataclass(frozen=True, slots=True)
class Site:
    """The site's own origin, the host that passkeys are bound to, and whether we are there."""

    origin: str
    host: str
    here: bool


def site_of(request: HttpRequest) -> Site:
    """Return the site as it is set up, and whether this request came to it under its own name."""
    origin, host = _read(settings.VOLTRAIL_ORIGIN)
    return Site(origin, host, here=f"{request.scheme}://{request.get_host()}" == origin)


def assertion(text: str) -> bytes:
    """Return the three parts of an authenticator's answer as the bytes of a signature."""
    try:
        found = json.loads(text[:_MAX_ASSERTION])
        kept = {name: found[name] for name in _PARTS}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _broken() from error
    if not all(isinstance(value, str) for value in kept.values()):
        raise _broken()
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


def need_own_origin(signature: bytes, site: Site) -> None:
    """Refuse an assertion that the browser made on another page than one of this site."""
    said = _client_data(signature)
    if said.get("origin") != site.origin or said.get("crossOrigin") or "topOrigin" in said:
        raise SignatureInvalidError(
            _("The passkey answered on %(origin)s, not on %(origin2)s.")
            % {"origin": said.get("origin"), "origin2": site.origin},
            hint=_("Open %(origin)s in the browser and sign there.") % {"origin": site.origin},
        )


def _client_data(signature: bytes) -> dict[str, Any]:
    try:
        text = json.loads(signature)["clientDataJSON"]
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise _broken() from error
    if not isinstance(found, dict):
        raise _broken()
    return found


def _read(text: str) -> tuple[str, str]:
    """Return the origin and its host, refusing what no browser gives passkeys."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    fit = parts.scheme == "https" or (parts.scheme == "http" and host == LOCAL)
    if not fit or not host or _is_number(host) or parts.path.strip("/"):
        raise MalformedError(
            f"VOLTRAIL_ORIGIN is {text!r}, which no browser gives passkeys.",
            hint="Write https://name, or http://localhost:8000.",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}", host


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _broken() -> MalformedError:
    return MalformedError(
        "The passkey's answer came in broken.", hint="Press the button on the page again."
    )

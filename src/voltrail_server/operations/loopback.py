"""
Whether somebody is on this machine itself, as far as that can be told.

A proxy on this machine that adds no head of its own cannot be told from a person on it. So nothing
is opened by this answer alone: what is behind it asks for a secret too.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

# Heads by which proxies say for whom they ask; META's names.
_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def is_loopback(host: str) -> bool:
    """Return whether an address or the name localhost stands for this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(address: str) -> bool:
    """Return whether the host of an address people open, or of a Host head, is this machine."""
    try:
        return is_loopback(urlsplit(address if "//" in address else f"//{address}").hostname or "")
    except ValueError:
        return False


def from_here(meta: Mapping[str, Any]) -> bool:
    """Return whether a request came from this machine, to its own name, and through nobody."""
    if any(meta.get(name) for name in _FORWARDED):
        return False
    near = is_loopback(str(meta.get("REMOTE_ADDR", "")))
    return near and is_local(str(meta.get("HTTP_HOST", "")))

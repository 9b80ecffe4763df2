"""
Whom this register asks to witness it: the file `witnesses.policy` in the data folder.

It is a C2SP tlog-policy with an address behind each witness. Who may write into the data folder
administers the server; nobody else names an address that the server calls.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from voltrail.errors import MalformedError
from voltrail.register import witness_policy
from voltrail.register.note import Verifier
from voltrail.register.witness_policy import WitnessPolicy

FILE = "witnesses.policy"


@dataclass(frozen=True, slots=True)
class Asked:
    """One address, with the names and keys of the witness that answers there."""

    url: str
    names: tuple[str, ...]
    keys: tuple[Verifier, ...]


def path() -> Path:
    """Return where the file stands."""
    return Path(settings.VOLTRAIL_DATA) / FILE


def policy(file: Path | None = None) -> WitnessPolicy | None:
    """Return the policy in the data folder or in a given file, or None where there is none."""
    try:
        return _parsed((file or path()).read_bytes())
    except FileNotFoundError:
        return None


def asked(file: Path | None = None) -> tuple[Asked, ...]:
    """Return every witness that is asked, one for each address."""
    found = policy(file)
    if found is None:
        return ()
    names: dict[str, list[str]] = {}
    for name, url in found.urls.items():
        names.setdefault(_address(url), []).append(name)
    return tuple(
        Asked(url, tuple(each), tuple(found.witnesses[name] for name in each))
        for url, each in names.items()
    )


@lru_cache(maxsize=4)
def _parsed(data: bytes) -> WitnessPolicy:
    return witness_policy.parse(data)


def callable_at(url: str) -> bool:
    """Return whether an address is one of the web that names a host and nobody's name."""
    try:
        parts = urlsplit(url)
    except ValueError:  # half an IPv6 address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username


def _address(url: str) -> str:
    if not callable_at(url):
        raise MalformedError(
            f"{url} is no address of a witness.", hint=f"Write https://… in {FILE}, without a name."
        )
    return url.rstrip("/")

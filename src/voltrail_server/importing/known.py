"""What is on record, by name and number in small letters: how a list's words find identities."""

from collections.abc import Iterator

from voltrail.readers.contract import Setting
from voltrail_server import wiring
from voltrail_server.importing.models import Import
from voltrail_server.reading.names import look_up

_KINDS = ("party", "place", "product")
_PAGE = 1_000  # [subjects] read at once


def setting_of(found: Import) -> Setting:
    """Return what a file cannot say of itself."""
    desk = wiring.desk()
    known = {kind: _known(kind) for kind in _KINDS}
    return Setting(desk.operator, found.day_first, found.comma, known)


def _known(kind: str) -> dict[str, str]:
    """Return the identity for each whole identity, key, short key and name of a kind."""
    own = f"{wiring.desk().operator.key}:"
    certain: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for subject, name in _named(f"urn:voltrail:{kind}:"):
        key = subject.split(":", 3)[3]
        certain[subject.casefold()] = certain[key.casefold()] = subject
        short = key.removeprefix(own) if kind == "place" else key.rpartition(":")[2]
        for word in {short.casefold(), name.casefold()}:
            loose.setdefault(word, set()).add(subject)
    single = {word: next(iter(found)) for word, found in loose.items() if len(found) == 1}
    return {**single, **certain}


def _named(prefix: str) -> Iterator[tuple[str, str]]:
    """Yield what has a name on record; what was only mentioned is left out."""
    after = ""
    while keys := wiring.desk().views.keys(prefix, after, _PAGE):
        yield from look_up(keys).items()
        after = keys[-1]

"""Keys in words: whose, made how, in force or not, and what they may sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

STATES = {
    "waiting": Word("waiting", "Waits to be confirmed", "dot", "quiet"),
    "active": Word("active", "In force", "release", "quiet"),
    "lapsed": Word("lapsed", "Out of date", "unknown", "quiet"),
    "superseded": Word("superseded", "Replaced", "refuse", "quiet"),
    "ceased": Word("ceased", "Ended", "refuse", "quiet"),
    "compromised": Word("compromised", "Stolen", "refuse", "quiet"),
}
_SCHEMES = {
    "webauthn-es256": N_("passkey"),
    "webauthn-ed25519": N_("passkey"),
    "ed25519": "Ed25519",
    "ecdsa-p256-sha256": "ECDSA P-256",
    "ml-dsa-44": "ML-DSA-44",
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as lists show it; `number` is of a passkey that waits, `entry` of its enrolment."""

    key: str
    label: str
    person: str
    name: str
    word: Word
    how: str
    since: str
    may: tuple[str, ...]
    number: int | None = None
    entry: int | None = None
    own: bool = False

    @property
    def in_force(self) -> bool:
        """Whether the key may still be ended."""
        return self.word is STATES["active"]


def held(one: Any, names: Mapping[str, str], rows: Mapping[str, Any]) -> KeyLine:  # noqa: ANN401 — a held key
    """Return a key on record, with what its owner calls it where this site knows."""
    row = rows.get(one.key)
    return KeyLine(
        one.key,
        row.label if row is not None else _("Key held outside this site"),
        one.person,
        names.get(one.person, one.person.key),
        STATES.get(one.state, STATES["lapsed"]),
        scheme(one.algorithm),
        words.stamp(one.valid_from),
        tuple(words.kind_of(kind) for kind in one.kinds) or (_("every person's act"),),
        entry=None if row is None else row.entry,
    )


def waiting(row: Any, *, own: bool) -> KeyLine:  # noqa: ANN401 — a passkey's row
    """Return a passkey that waits to be confirmed."""
    return KeyLine(
        row.key,
        row.label,
        row.account.person,
        str(row.account),
        STATES["waiting"],
        scheme(row.algorithm),
        words.stamp(row.added_at),
        (),
        number=row.pk,
        own=own,
    )


def scheme(algorithm: str) -> str:
    """Return what people call a signature scheme."""
    return words.said(_SCHEMES.get(algorithm, algorithm))

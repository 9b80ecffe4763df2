"""
Append: the one door of the register.

Order of writes: entries, claims and frontier commit together (the caller's transaction); a
checkpoint is signed afterwards. Dying before the commit leaves nothing; dying after it leaves
entries that the next checkpoint covers. Does not judge what statements mean.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from voltrail.register.admission import admit
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.cosigned import MLDSA_COSIGNATURE, PUBLIC_BYTES
from voltrail.register.entry import Entry, Leaf
from voltrail.register.note import Verifier, cosign, parse_vkey, sign, vkey
from voltrail.register.store import EntryStore
from voltrail.trust.signer import Signer
from voltrail.trust.verify import VerifiedStatement


class Appended(Struct, frozen=True):
    """Where a statement stands; `fresh` is False where it already stood there."""

    verified: VerifiedStatement
    entry: Entry
    fresh: bool


class LogKey(Struct, frozen=True):
    """The log's name, the key that signs its checkpoints, and an ML-DSA-44 key that cosigns."""

    origin: str
    signer: Signer
    second: Signer | None = None

    @property
    def raw(self) -> bytes:
        """The Ed25519 public key: the last 32 bytes of its SubjectPublicKeyInfo (RFC 8410)."""
        return self.signer.public.spki[-32:]

    @property
    def verifier_key(self) -> str:
        """The signed-note verifier key that outsiders pin."""
        return vkey(self.origin, self.raw)

    @property
    def second_key(self) -> Verifier | None:
        """The ML-DSA-44 key under the log's name, where there is one."""
        if self.second is None:
            return None
        raw = self.second.public.spki[-PUBLIC_BYTES[MLDSA_COSIGNATURE] :]
        return parse_vkey(vkey(self.origin, raw, MLDSA_COSIGNATURE))

    @property
    def verifier_keys(self) -> tuple[str, ...]:
        """Every verifier key that outsiders pin."""
        second = self.second_key
        if second is None:
            return (self.verifier_key,)
        return self.verifier_key, vkey(second.name, second.public_raw, second.key_type)


def append(
    store: EntryStore, batch: Sequence[VerifiedStatement], at: datetime
) -> tuple[Appended, ...]:
    """
    Register verified statements, in order, all or none.

    Args:
        store: inside its transaction
        batch: verified statements
        at: log time

    Returns:
        The place of each statement, those already registered included.

    Raises:
        NotAdmittedError: admission refuses one of them; none is registered.

    Source: C2SP tlog-tiles; our choice: ADR 0004, ADR 0005.
    """
    known = dict(store.find({one.digest for one in batch}))
    held = dict(store.claimants(_claims(batch)))
    size, frontier, last = store.size(), store.frontier(), store.last_time()
    fresh: list[Entry] = []
    claims: dict[int, str] = {}
    for one in batch:
        if one.digest in known:
            continue
        claim = one.statement.claimed_identity
        admit(one, held.get(claim) if claim else None, last, at)
        entry = _entry(size + len(fresh), one, at)
        fresh.append(entry)
        known[one.digest] = entry.index
        if claim:
            held[claim], claims[entry.index] = one.digest, claim
    if fresh:
        store.append(fresh, claims, frontier.extend(entry.leaf_hash for entry in fresh))
    told: set[str] = set()
    answers = []
    for one in batch:
        index = known[one.digest]
        if index >= size:
            answers.append(Appended(one, fresh[index - size], fresh=one.digest not in told))
            told.add(one.digest)
        else:
            (entry,) = store.entries(index, index + 1)
            answers.append(Appended(one, entry, fresh=False))
    return tuple(answers)


def checkpoint(store: EntryStore, key: LogKey) -> bytes:
    """
    Return a signed checkpoint over all entries, storing it where it is new.

    Args:
        store: the register
        key: the log's origin and signer

    Returns:
        The signed note.

    Source: C2SP tlog-checkpoint; signed-note.
    """
    newest = store.checkpoints()
    frontier = store.frontier()
    if newest and newest[0][0] == frontier.size:
        return newest[0][1]
    text = Checkpoint(key.origin, frontier.size, frontier.root()).text()
    note = sign(text, key.origin, key.signer.sign, key.raw) + _second(text, key)
    store.put_checkpoint(frontier.size, note)
    return note


def _second(text: str, key: LogKey) -> bytes:
    """Return the log's own cosignature; it says no time (0), for the log is no witness."""
    second = key.second_key
    return cosign(text, second, 0, key.second.sign) if second and key.second else b""


def _claims(batch: Sequence[VerifiedStatement]) -> set[str]:
    found = {one.statement.claimed_identity for one in batch}
    return {claim for claim in found if claim}


def _entry(index: int, one: VerifiedStatement, at: datetime) -> Entry:
    said, raw = one.statement, one.envelope.raw
    leaf = Leaf(one.digest, said.predicate_type, said.header.issuer, at, len(raw))
    return Entry.of(index, leaf, raw)

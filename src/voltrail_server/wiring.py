"""
Where the sockets are plugged in, and nowhere else.

Builds the desk that pages, API, jobs and commands work at: Django stores, a blob folder, the keys
in VOLTRAIL_DATA/keys or where the operator's lives, the pinned trust in VOLTRAIL_DATA/anchors.json.
"""

import json
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from voltrail.actions.desk import Desk
from voltrail.errors import RefusedError, UnverifiableError
from voltrail.ids.subject import PartyId
from voltrail.register.blobs import BlobStore
from voltrail.register.folder import FolderBlobs, place
from voltrail.register.log import LogKey
from voltrail.trust import anchors as pins
from voltrail.trust import signer as signers
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner, Signer
from voltrail_server import own_keys
from voltrail_server.jobs.due import Tick
from voltrail_server.jobs.sequencer import Bell, Sequencer
from voltrail_server.records import lease
from voltrail_server.records.cosignatures import DjangoCosignatures
from voltrail_server.records.lease import CLOCK, DjangoCursor, DjangoLease
from voltrail_server.records.store import DjangoEntries
from voltrail_server.records.views import DjangoViews

_SECOND = "log-mldsa.pem"  # absent where the installation is older than ADR 0038
_BELL = Bell()  # rung by every append of this process


@dataclass(frozen=True)
class Identity:
    """Who runs this installation, and the name of its register."""

    operator: PartyId
    origin: str


def now() -> datetime:
    """Return the time, in UTC: the one clock of the server."""
    return datetime.now(UTC)


@cache
def desk() -> Desk:
    """Return the desk of this process; refuses before `voltrail init` was run."""
    home = Path(settings.VOLTRAIL_DATA)
    try:
        identity = _identity(home)
        pinned, _ = pins.parse((home / "anchors.json").read_bytes())
        operator = own_keys.operator(home / "keys")
        log = _log_key(home / "keys", identity.origin)
    except FileNotFoundError as error:
        raise UnverifiableError(
            "This installation has no operator and no keys yet.",
            hint="Run: voltrail init --operator urn:voltrail:party:<you> --origin <name>.",
        ) from error
    return Desk(
        entries=DjangoEntries(before_write=_need_open, after_write=_BELL),
        views=DjangoViews(),
        blobs=FolderBlobs(home / "blobs"),
        pinned=pinned,
        operator=identity.operator,
        signer=operator,
        log=log,
        cosignatures=DjangoCosignatures(),
    )


def folding_desk(using: str, blobs: BlobStore, pinned: Anchors, operator: PartyId) -> Desk:
    """Return a desk over any database that folds and reads; its keys were made now, for nothing."""
    nobody = signers.generate()
    return Desk(
        entries=DjangoEntries(using),
        views=DjangoViews(using),
        blobs=blobs,
        pinned=pinned,
        operator=operator,
        signer=nobody,
        log=LogKey("nobody", nobody),
    )


@cache
def sequencer(holder: str = "") -> Sequencer:
    """Return what publishes checkpoints in this process, not started."""
    return Sequencer(desk(), DjangoLease(), holder or _holder(), _BELL, now)


@cache
def tick(holder: str = "") -> Tick:
    """Return what looks at the clock in this process, not started."""
    return Tick(desk(), DjangoLease(number=CLOCK), DjangoCursor(), holder or _holder(), now)


def _need_open(write: str) -> None:
    """Refuse an append while the register is moved, restored or upgraded, and after it left."""
    if write == "entries":
        lease.need_open(now())


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def initialise(home: Path, identity: Identity, operator_pem: bytes | None, at: datetime) -> bool:
    """
    Create keys and pinned trust in a data folder; return False where they already stand.

    Each file is placed whole and never replaced, the pinned trust last: a second run goes on.
    """
    if (home / "anchors.json").exists():
        return False
    keys = home / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = {"operator": identity.operator, "origin": identity.origin}
    _once(home / "identity.json", json.dumps(found).encode())
    operator = _first_operator(keys, operator_pem)
    log = _made(keys / "log.pem", signers.generate())
    pinned = Anchors((Anchor(operator.public, identity.operator, at),))
    second = _made(keys / _SECOND, signers.generate(Algorithm.MLDSA44))
    key = LogKey(identity.origin, log, second)
    place(home / "anchors.json", pins.write(pinned, key.verifier_keys))
    return True


def _log_key(keys: Path, origin: str) -> LogKey:
    second = keys / _SECOND
    return LogKey(
        origin,
        own_keys.load(keys / "log.pem"),
        own_keys.load(second) if second.exists() else None,
    )


def _first_operator(keys: Path, given: bytes | None) -> Signer:
    """Return the operator's first key: where the setting says, what was given, or a new one."""
    if own_keys.elsewhere():
        if given:
            raise RefusedError(
                "VOLTRAIL_OPERATOR_KEY names the operator's key already.",
                hint="Leave out --operator-key.",
            )
        return own_keys.operator(keys)
    made = signers.load(given) if given else signers.generate()
    return _made(keys / own_keys.OPERATOR, made)


def _made(path: Path, made: LocalSigner) -> LocalSigner:
    """Keep a new key where none stands, encrypted where a passphrase is set; return what stands."""
    _once(path, made.pem(own_keys.passphrase()))
    return own_keys.load(path)


def _identity(home: Path) -> Identity:
    found = json.loads((home / "identity.json").read_text())
    return Identity(PartyId.read(found["operator"]), found["origin"])


def _once(path: Path, data: bytes) -> bytes:
    """Put a file in its place where none stands; return what stands there."""
    if not path.exists():
        place(path, data)  # readable by this user only
    return path.read_bytes()

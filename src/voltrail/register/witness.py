"""
The tlog-witness protocol: what a log asks, what a witness answers, and how it judges.

Knows the body of `add-checkpoint`, the judgement, and the lines that come back. Does not know HTTP,
files or clocks: state, keys and time are arguments. A witness signs only what grew out of what it
signed before; so its state is part of its key, and whoever loses one must replace both.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from voltrail.errors import MalformedError, ProductError, RefusedError
from voltrail.merkle import EMPTY_ROOT, HASH_BYTES, verify_subtree_consistency
from voltrail.register import note
from voltrail.register.checkpoint import MAX_SIZE, Checkpoint, parse
from voltrail.register.cosigned import COSIGNATURE, MLDSA_COSIGNATURE, PUBLIC_BYTES
from voltrail.register.note import Verifier
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import Signer

MAX_BODY = 65_536  # [bytes] our choice: a checkpoint with sixteen ML-DSA-44 lines, and a proof
MAX_HASHES = 63  # [hashes] C2SP tlog-witness
SIZE_MEDIA = "text/x.tlog.size"  # C2SP tlog-witness
TEXT_MEDIA = "text/plain; charset=utf-8"

_REQUEST = re.compile(
    r"old (?P<old>0|[1-9][0-9]{0,18})\n(?P<proof>(?:[A-Za-z0-9+/=]{44}\n)*)\n(?P<note>.+)",
    re.DOTALL,
)
_HINT = "Send old size, proof, an empty line and the checkpoint."
_KINDS = {Algorithm.ED25519: COSIGNATURE, Algorithm.MLDSA44: MLDSA_COSIGNATURE}


class Outcome(IntEnum):
    """What a witness answers, by the protocol's status."""

    COSIGNED = 200
    MALFORMED = 400
    UNSIGNED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    NOT_CONSISTENT = 422


class Answer(Struct, frozen=True):
    """Outcome, body and media type, and one sentence for the witness's own log."""

    outcome: Outcome
    body: bytes
    media: str
    sentence: str


class Request(Struct, frozen=True):
    """The size that the log believes was cosigned last, the proof from there, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def body(self) -> bytes:
        """
        Return the request as it is sent.

        Returns:
            Old size, proof lines, an empty line, the checkpoint.

        Source: C2SP tlog-witness, add-checkpoint.
        """
        lines = [f"old {self.old}", *(note.to_base64(one) for one in self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note


class Head(Struct, frozen=True):
    """Size and root of the newest checkpoint of a log that was cosigned."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class WitnessState(Protocol):
    """
    The newest head of each log that was cosigned.

    It owes: `advance` is durable before it returns, and compares and sets as one step. It is
    trusted: a state that goes back cosigns two histories. Restored from a backup it must refuse,
    with RefusedError, until somebody says what was cosigned since.
    """

    def newest(self, origin: str) -> Head:
        """Return the head of a log; size 0 where nothing was cosigned."""

    def advance(self, origin: str, before: Head, after: Head) -> bool:
        """Set the head of a log where it is still the one before; return whether it was."""


class Cosignatures(Protocol):
    """
    What witnesses answered to checkpoints of this register.

    It owes nothing: a cosignature that is lost can be asked for again. It is not trusted: readers
    verify the lines.
    """

    def of(self, size: int) -> bytes:
        """Return the lines to put after the checkpoint of a size; none is no bytes."""


class NoCosignatures(Struct, frozen=True):
    """A register that nobody witnesses."""

    def of(self, size: int) -> bytes:  # noqa: ARG002 — the socket's signature
        """Return no bytes."""
        return b""


class WitnessKey(Struct, frozen=True):
    """A name, and a private key that cosigns under it."""

    name: str
    signer: Signer

    @property
    def verifier(self) -> Verifier:
        """The public half, as others pin it."""
        return note.parse_vkey(self.vkey)

    @property
    def vkey(self) -> str:
        """The verifier key of this name, type 4 or 6."""
        kind = _KINDS[self.signer.public.algorithm]
        return note.vkey(self.name, self.signer.public.spki[-PUBLIC_BYTES[kind] :], kind)


class Witness(Struct, frozen=True):
    """The logs that a witness knows, and the keys that it cosigns with."""

    logs: tuple[Verifier, ...]
    keys: tuple[WitnessKey, ...]

    def logs_of(self, origin: str) -> list[Verifier]:
        """Return the keys of the log with this origin."""
        return [one for one in self.logs if one.name == origin]


def parse_request(body: bytes) -> Request:
    """
    Return the request in the body of `add-checkpoint`.

    Args:
        body: as it was received

    Returns:
        The request; its checkpoint is not yet judged.

    Raises:
        MalformedError: too large, not of the form, or a proof of too many or odd hashes.

    Source: C2SP tlog-witness, add-checkpoint.
    """
    try:
        match = _REQUEST.fullmatch(body.decode()) if len(body) <= MAX_BODY else None
    except UnicodeDecodeError as error:
        raise MalformedError("The request is not UTF-8.", hint=_HINT) from error
    if match is None:
        raise MalformedError("The request is none of a witness.", hint=_HINT)
    proof = tuple(note.from_base64(line, "proof") for line in match["proof"].split())
    if len(proof) > MAX_HASHES or any(len(one) != HASH_BYTES for one in proof):
        raise MalformedError("The proof has too many hashes, or odd ones.", hint=_HINT)
    if int(match["old"]) > MAX_SIZE:
        raise MalformedError("The old size is beyond any log.", hint=_HINT)
    return Request(int(match["old"]), proof, match["note"].encode())


def cosign(state: WitnessState, body: bytes, witness: Witness, at: datetime) -> Answer:
    """
    Judge a request, and cosign where the log only grew.

    The steps are those of the protocol, in its order. The state is durable before a cosignature
    exists: dying in between leaves a size that the log hears of at its next request.

    Args:
        state: the newest heads
        body: of `add-checkpoint`
        witness: the logs and keys
        at: the time to say in the cosignatures

    Returns:
        The answer; only COSIGNED carries signatures.

    Raises:
        RefusedError: the state went back, and nobody has said what was cosigned since.

    Source: C2SP tlog-witness, add-checkpoint.
    """
    try:
        request = parse_request(body)
        point = parse(note.split(request.note)[0])
    except MalformedError as error:
        return _no(Outcome.MALFORMED, str(error))
    keys = witness.logs_of(point.origin)
    if not keys:
        return _no(Outcome.UNKNOWN_LOG, "No log of this origin is known here.")
    try:
        note.open_note(request.note, keys)
    except ProductError as error:
        return _no(Outcome.UNSIGNED, str(error))
    if request.old > point.size:
        return _no(Outcome.MALFORMED, "The old size exceeds the checkpoint's.")
    return _grown(state, request, point) or _signed(point, witness, at)


def verified_lines(signed: bytes, answer: bytes, witness: Iterable[Verifier]) -> tuple[bytes, ...]:
    """
    Return the lines of a witness's answer that are its own and hold; others are left out.

    Args:
        signed: the checkpoint that was sent
        answer: signature lines
        witness: the keys of the witness that was asked

    Returns:
        Lines to put after the checkpoint's last byte.

    Raises:
        MalformedError: the answer holds no signature lines.
        SignatureInvalidError: a line of a known key does not match.
        UnverifiableError: no line is by a known key.

    Source: C2SP tlog-witness, add-checkpoint.
    """
    text, _ = note.split(signed)
    head = text.encode() + b"\n"
    _, own = note.open_signed(head + answer, witness)
    known = {(one.name, one.key_id) for one in own}
    return tuple(
        note.signature_line(name, raw[: note.KEY_ID_BYTES], raw[note.KEY_ID_BYTES :])
        for name, raw in note.split(head + answer)[1]
        if (name, raw[: note.KEY_ID_BYTES]) in known
    )


def _grown(state: WitnessState, request: Request, point: Checkpoint) -> Answer | None:
    """Return why the checkpoint is not cosigned; None once the state says that it is."""
    known, now = state.newest(point.origin), Head(point.size, point.root)
    if request.old != known.size:
        return _other(known, f"The log says {request.old}, cosigned was {known.size}.")
    if point.size == known.size and known.size and point.root != known.root:
        return _other(known, f"Two roots at {known.size} entries: the log has two histories.")
    try:
        _need_consistent(request, known, now)
    except ProductError as error:
        return _no(Outcome.NOT_CONSISTENT, str(error))
    if now != known and not state.advance(point.origin, known, now):
        return _other(state.newest(point.origin), "Another request came first.")
    return None


def _need_consistent(request: Request, known: Head, now: Head) -> None:
    if now.size == 0 and now.root != EMPTY_ROOT:
        raise RefusedError("An empty log has another root.", hint="Send its true root.")
    verify_subtree_consistency(0, known.size, now.size, known.root, now.root, request.proof)


def _signed(point: Checkpoint, witness: Witness, at: datetime) -> Answer:
    seconds, text = int(at.timestamp()), point.text()
    lines = [note.cosign(text, one.verifier, seconds, one.signer.sign) for one in witness.keys]
    sentence = f"Cosigned {point.origin} at {point.size} entries."
    return Answer(Outcome.COSIGNED, b"".join(lines), TEXT_MEDIA, sentence)


def _other(known: Head, sentence: str) -> Answer:
    return Answer(Outcome.OTHER_SIZE, f"{known.size}\n".encode(), SIZE_MEDIA, sentence)


def _no(outcome: Outcome, sentence: str) -> Answer:
    return Answer(outcome, f"{sentence}\n".encode(), TEXT_MEDIA, sentence)

"""How the witnesses of this register stand, and whether their quorum cosigned."""

from datetime import datetime
from typing import Any

from voltrail.register import witness_policy
from voltrail.register.note import parse_vkey
from voltrail.register.witness_policy import Quorum
from voltrail_server import wiring
from voltrail_server.panels import words
from voltrail_server.panels.witnesses import QUORUM, WORDS, WitnessBoard, WitnessLine
from voltrail_server.panels.words import Word
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.witnesses import known
from voltrail_server.witnesses.known import Asked


def vkeys() -> tuple[str, ...]:
    """Return the keys of this register that its witnesses must know."""
    return wiring.desk().log.verifier_keys


def board(now: datetime) -> WitnessBoard | None:
    """Return every witness and the quorum; None where nobody was named."""
    found = known.asked()
    if not found:
        return None
    size, stands, quorum = _newest()
    lines = tuple(_line(one, stands.get(one.url, Standing(one.url)), size, now) for one in found)
    return WitnessBoard(
        lines,
        QUORUM[quorum is not None and quorum.reached],
        quorum.sentence if quorum else "",
        words.stamp(quorum.since) if quorum else "",
        words.number(size),
    )


def listing() -> dict[str, Any]:
    """Return the same for programs."""
    size, stands, quorum = _newest()
    return {
        "size": size,
        "quorum": quorum is not None and quorum.reached,
        "sentence": quorum.sentence if quorum else "Nobody was named as a witness.",
        "since": quorum.since if quorum else None,
        "witnesses": [
            _row(one, stands.get(one.url, Standing(one.url)), size) for one in known.asked()
        ],
    }


def _newest() -> tuple[int, dict[str, Standing], Quorum | None]:
    """Return the newest checkpoint's size, how each witness stands, and what the policy says."""
    desk, policy = wiring.desk(), known.policy()
    notes = desk.entries.checkpoints()
    size, note = notes[0] if notes else (0, b"")
    if policy is None or not note:
        return size, {}, None
    logs = [parse_vkey(one) for one in desk.log.verifier_keys]
    signed = note + desk.cosignatures.of(size)
    return size, DjangoCosignatures().standings(), witness_policy.quorum(policy, signed, logs)


def _line(one: Asked, row: Standing, size: int, now: datetime) -> WitnessLine:
    return WitnessLine(
        ", ".join(one.names),
        one.url,
        _word(row, size),
        words.number(row.cosigned) if row.has_cosigned else "",
        words.number(max(0, size - row.cosigned)),
        words.stamp(row.cosigned_at) if row.has_cosigned else "",
        words.age(row.cosigned_at, now) if row.has_cosigned else "",
        words.said(row.problem) if row.problem else "",
    )


def _word(row: Standing, size: int) -> Word:
    if row.alarm:
        return WORDS["alarm"]
    if not row.has_cosigned:
        return WORDS["never"]
    return WORDS["cosigned" if row.cosigned == size else "behind"]


def _row(one: Asked, row: Standing, size: int) -> dict[str, Any]:
    return {
        "names": list(one.names),
        "url": one.url,
        "cosigned": row.cosigned if row.has_cosigned else None,
        "cosigned_at": row.cosigned_at if row.has_cosigned else None,
        "lag": max(0, size - row.cosigned),
        "problem": row.problem,
        "alarm": row.alarm,
    }

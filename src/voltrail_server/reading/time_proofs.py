"""By when others prove that an entry stood here, and how the time-stamp services stand."""

from datetime import datetime
from typing import Any

from voltrail.actions import time_proof
from voltrail.errors import UnknownSubjectError
from voltrail.projections.view import Recorded
from voltrail.statements.time_proof import TimeProof, VouchedBy
from voltrail_server import wiring
from voltrail_server.panels import time_proofs as panel
from voltrail_server.panels import words
from voltrail_server.panels.time_proofs import ServiceBoard, ServiceLine, TimeLine
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.time_proofs import services
from voltrail_server.time_proofs.services import Asked

_LOOK = "Ask which proofs there are: GET /api/v1/statements/{index}/times."


def lines(index: int) -> list[TimeLine]:
    """Return who vouches for when an entry stood here, the earliest moment first."""
    return [panel.line(one) for one in time_proof.proofs(wiring.desk(), index)]


def of_entry(index: int) -> dict[str, Any]:
    """Return the same for programs."""
    desk = wiring.desk()
    found = time_proof.proofs(desk, index)
    (entry,) = desk.entries.at([index])
    return {
        "entry": index,
        "log_time": entry.parsed.log_time,
        "proofs": [_shown(one) for one in found],
    }


def proof(index: int, by: int) -> Recorded[TimeProof]:
    """Return one of the proofs of an entry."""
    for one in time_proof.proofs(wiring.desk(), index):
        if one.entry.index == by:
            return one
    raise UnknownSubjectError(
        f"Entry {by} is none of the first proofs of time of entry {index}.",
        hint=_LOOK.format(index=index),
    )


def token(index: int, by: int) -> bytes:
    """Return the token of one of the proofs of an entry."""
    stated = proof(index, by).fact.token
    found = wiring.desk().blobs.get(stated) if stated else None
    if found is None:
        raise UnknownSubjectError(
            f"Proof {by} rests on cosignatures, or its token is not kept here.",
            hint="Take the proof itself: the cosignatures stand below its checkpoint.",
        )
    return found


def board(now: datetime) -> ServiceBoard:
    """Return every service and the newest proof by witnesses."""
    plan, stands = services.plan(), DjangoCosignatures().standings()
    witnessed = time_proof.newest(wiring.desk(), VouchedBy.WITNESSES)
    return ServiceBoard(
        tuple(_line(one, stands.get(one.url, Standing(one.url)), now) for one in plan.services),
        panel.often(_hours(plan)),
        panel.line(witnessed) if witnessed else None,
    )


def listing() -> dict[str, Any]:
    """Return the same for programs."""
    plan, stands = services.plan(), DjangoCosignatures().standings()
    witnessed = time_proof.newest(wiring.desk(), VouchedBy.WITNESSES)
    return {
        "every_hours": _hours(plan),
        "services": [_row(one, stands.get(one.url, Standing(one.url))) for one in plan.services],
        "by_witnesses": _shown(witnessed) if witnessed else None,
    }


def _hours(plan: services.Plan) -> int:
    return int(plan.every.total_seconds()) // 3_600


def _line(one: Asked, row: Standing, now: datetime) -> ServiceLine:
    word = "silent" if row.problem else "stamped" if row.has_cosigned else "never"
    return ServiceLine(
        one.name,
        one.url,
        panel.WORDS[word],
        words.number(row.cosigned) if row.has_cosigned else "",
        words.stamp(row.cosigned_at) if row.has_cosigned else "",
        words.age(row.cosigned_at, now) if row.has_cosigned else "",
        words.said(row.problem) if row.problem else "",
    )


def _row(one: Asked, row: Standing) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": one.url,
        "stamped": row.cosigned if row.has_cosigned else None,
        "stamped_at": row.cosigned_at if row.has_cosigned else None,
        "problem": row.problem,
    }


def _shown(one: Recorded[TimeProof]) -> dict[str, Any]:
    fact = one.fact
    return {
        "index": one.entry.index,
        "size": fact.size,
        "proven_at": fact.proven_at,
        "vouched_by": fact.vouched_by,
        "vouchers": list(fact.vouchers),
        "checkpoint": fact.checkpoint,
        "token": fact.token,
    }

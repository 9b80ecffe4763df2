"""`voltrail pack check`: verify an evidence pack with pinned keys, offline."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say

if TYPE_CHECKING:
    from voltrail.audit.check import Checked
    from voltrail.audit.time_proofs import Outsiders
    from voltrail.register.time_proof import ProvenTime

STALE_DAYS = 90  # [days] our choice: ADR 0044; from then on a pack's age is said
_YEAR = 365.25  # [days]


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: design, section 4.
    """
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="verify a pack and judge it again")
    check.add_argument("pack", help="the zip file")
    check.add_argument("--trust", required=True, help="anchors.json, the pinned trust")
    check.add_argument("--policy", help="witness policy: who must have cosigned the checkpoint")
    check.add_argument("--roots", help="PEM certificates of the time-stamp services that count")
    check.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Check a pack and say what it proves.

    Args:
        arguments: pack, trust, policy, roots, json

    Returns:
        0 where everything holds and judging again gives the same decision, else 1.

    Raises:
        RefusedError: a proof or signature does not hold.

    Source: mission, AT-03.
    """
    from voltrail.audit.check import check  # noqa: PLC0415 — only when needed
    from voltrail.audit.pack import parse  # noqa: PLC0415
    from voltrail.trust.anchors import parse as parse_anchors  # noqa: PLC0415

    pinned, logs = parse_anchors(Path(arguments.trust).read_bytes())
    pack = parse(Path(arguments.pack).read_bytes())
    found = check(pack, pinned, logs, outsiders(arguments))
    said, again = found.decision, found.replay
    if arguments.json:
        emit(
            {
                "arrival": str(found.pack.arrival),
                "decision": said.disposition,
                "sentence": said.sentence,
                "replayed": again.now.disposition,
                "same": again.same,
                "revisionsChanged": list(again.revisions),
                "entries": len(found.pack.entries),
                "registerSize": found.checkpoint.size,
                "newest": found.newest.isoformat(),
                "issuers": list(found.issuers),
                "witnesses": found.quorum.sentence if found.quorum else None,
                "existedBy": found.proven.at.isoformat() if found.proven else None,
                "vouchers": list(found.proven.vouchers) if found.proven else [],
                **age(found.newest),
            }
        )
        return 0 if again.same else 1
    _tell(found, asked=bool(arguments.policy or arguments.roots))
    if again.same:
        say("The pack holds. Nothing more to do.")
        return 0
    say("Judging again gives another answer. Ask the operator why before relying on it.")
    return 1


def outsiders(arguments: argparse.Namespace) -> "Outsiders":
    """
    Return the witnesses and time-stamp services in the files that are named.

    Args:
        arguments: policy, roots

    Returns:
        Both, one, or none of them.

    Raises:
        MalformedError: a file is no policy, or holds no root certificate.

    Source: C2SP tlog-policy; RFC 3161 section 2.3.
    """
    from voltrail.audit.time_proofs import Outsiders  # noqa: PLC0415 — only when needed
    from voltrail.register.witness_policy import parse  # noqa: PLC0415
    from voltrail.trust.foreign import timestamp  # noqa: PLC0415

    policy, roots = arguments.policy, arguments.roots
    return Outsiders(
        parse(Path(policy).read_bytes()) if policy else None,
        timestamp.service(Path(roots).read_bytes()) if roots else None,
    )


def age(newest: datetime) -> dict[str, Any]:
    """
    Return how old a pack is by this machine's clock; nothing is judged by it.

    Args:
        newest: the latest log time in it

    Returns:
        `asOf`, and `ageDays`, below zero where the clock is behind the pack [days].

    Source: our choice: ADR 0044.
    """
    return {"asOf": newest.isoformat(), "ageDays": (datetime.now(UTC) - newest).days}


def tell_age(newest: datetime) -> None:
    """
    Say up to when a pack knows, and how old that is by this machine's clock.

    Args:
        newest: the latest log time in it

    Source: our choice: ADR 0044.
    """
    days = int(age(newest)["ageDays"])
    say(f"  as of      {newest:%Y-%m-%d %H:%MZ}; what was registered later is not in the pack")
    if days < 0:
        say("  clock      this machine's is behind the pack; nothing was judged by it")
    elif days >= STALE_DAYS:
        say(f"  age        {_years(days)} by this machine's clock; ask for a fresh pack if you can")


def tell_time(proven: "ProvenTime | None", *, asked: bool) -> None:
    """
    Say by when others than the operator prove that a statement existed.

    Args:
        proven: what holds, if anything
        asked: whether the reader named anybody

    Source: our choice: ADR 0044.
    """
    if proven:
        say(f"  existed    by {proven.sentence}")
    elif asked:
        say("  existed    nobody you named vouches for when; log time is the operator's word")


def _years(days: int) -> str:
    years = days / _YEAR
    return f"{years:.1f} years" if years >= 1 else f"{days} days"


def _tell(found: "Checked", *, asked: bool) -> None:
    said, again = found.decision, found.replay
    count, issuers = len(found.pack.entries), len(found.issuers)
    say(f"{found.pack.arrival}")
    say(f"  decision   {said.disposition}")
    say(f"  because    {said.sentence}")
    say(f"  policy     {said.policy}")
    say(f"  evidence   {count} entries by {issuers} issuers, every signature verified")
    say(f"  register   size {found.checkpoint.size:,}, newest entry {found.newest:%Y-%m-%d %H:%MZ}")
    if found.quorum:
        say(f"  witnesses  {found.quorum.sentence}")
    tell_time(found.proven, asked=asked)
    tell_age(found.newest)
    say(f"  decided    at size {said.register_size:,}; a later decision is not excluded")
    say(f"  judged again: {again.now.disposition}, {'the same' if again.same else 'NOT the same'}")
    if again.revisions:
        say(f"  controls revised since: {', '.join(again.revisions)}")

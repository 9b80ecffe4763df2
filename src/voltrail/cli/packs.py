"""`voltrail pack check`: verify an evidence pack with pinned keys, offline."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.output import emit, say

if TYPE_CHECKING:
    from voltrail.audit.check import Checked
    from voltrail.register.witness_policy import WitnessPolicy


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
    check.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Check a pack and say what it proves.

    Args:
        arguments: pack, trust, policy, json

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
    found = check(pack, pinned, logs, witnesses_in(arguments.policy))
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
            }
        )
        return 0 if again.same else 1
    _tell(found)
    if again.same:
        say("The pack holds. Nothing more to do.")
        return 0
    say("Judging again gives another answer. Ask the operator why before relying on it.")
    return 1


def witnesses_in(path: str | None) -> "WitnessPolicy | None":
    """
    Return the witness policy in a file, where one is named.

    Args:
        path: of a tlog-policy file

    Returns:
        The policy, or None.

    Raises:
        MalformedError: the file is none.

    Source: C2SP tlog-policy.
    """
    from voltrail.register.witness_policy import parse  # noqa: PLC0415 — only when needed

    return parse(Path(path).read_bytes()) if path else None


def _tell(found: "Checked") -> None:
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
    say(f"  decided    at size {said.register_size:,}; a later decision is not excluded")
    say(f"  judged again: {again.now.disposition}, {'the same' if again.same else 'NOT the same'}")
    if again.revisions:
        say(f"  controls revised since: {', '.join(again.revisions)}")

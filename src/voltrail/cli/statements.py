"""`voltrail sign` and `voltrail verify`: one statement, on a machine that has only the kernel."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli import foreign
from voltrail.cli.keys import KEY_HELP, declare_secrets, opened
from voltrail.cli.output import emit, say
from voltrail.errors import UnverifiableError

if TYPE_CHECKING:
    from voltrail.trust.anchors import Anchors


def declare(word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        word: sign or verify
        parser: of this word

    Source: design, section 7, statement.
    """
    parser.add_argument("file", help="a draft (sign); an envelope or a statement pack (verify)")
    parser.add_argument("--json", action="store_true")
    if word == "sign":
        parser.add_argument(
            "--key", required=True, action="append", help=f"{KEY_HELP}; repeat for two signatures"
        )
        parser.add_argument("--out", required=True, help="where the envelope goes")
        declare_secrets(parser)
        parser.set_defaults(run=sign)
    else:
        parser.add_argument("--trust", help="anchors.json, the pinned trust")
        parser.add_argument("--policy", help="witness policy, for a pack: who must have cosigned")
        parser.add_argument("--at", help="log time to judge keys at; now where absent")
        foreign.declare(parser)
        parser.set_defaults(run=verify)


def sign(arguments: argparse.Namespace) -> int:
    """
    Sign a draft, or add a signature to an envelope.

    Args:
        arguments: file, key, out

    Returns:
        0.

    Raises:
        MalformedError: the draft is no statement, or a key does not open.

    Source: DSSE v1.0.2.
    """
    from voltrail import canonical  # noqa: PLC0415 — only when needed
    from voltrail.statements import envelope, statement  # noqa: PLC0415

    given = Path(arguments.file).read_bytes()
    found = canonical.parse(given, what="draft", limit=2 * canonical.MAX_BYTES)
    signed: tuple[envelope.Signature, ...] = ()
    if "payloadType" in found:
        old = envelope.parse(given)
        payload, signed = old.payload, old.signatures
    else:
        payload = canonical.canonical_bytes(found)
    said = statement.parse(payload)
    signers = opened(arguments.key, arguments)
    covered = envelope.pae(envelope.PAYLOAD_TYPE, payload)
    new = tuple(envelope.Signature(one.public.key_id, one.sign(covered)) for one in signers)
    made = envelope.build(payload, (*signed, *new))
    Path(arguments.out).write_bytes(made.raw + b"\n")
    say(f"Signed {said.predicate_type} by {said.header.issuer}: {made.digest}")
    say(f"Each signature covers bytes with SHA-256 {canonical.digest(covered)}")
    say(f"Hand it in: POST {arguments.out} to /api/v1/statements, or upload it to its draft.")
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """
    Verify a signed statement with pinned keys, or a proof of another form with what it needs.

    Args:
        arguments: file, trust, policy, at, json; or form, and what `cli.foreign` needs

    Returns:
        0 where it verifies.

    Raises:
        RefusedError: it does not.
        UnverifiableError: no trust is given, no pinned key made the signature, or witnesses are
            asked for where no checkpoint is.

    Source: DSSE v1.0.2, protocol.
    """
    if arguments.form:
        return foreign.verify(arguments)
    from voltrail.statements import envelope  # noqa: PLC0415
    from voltrail.statements.fields import instant  # noqa: PLC0415
    from voltrail.trust import anchors  # noqa: PLC0415
    from voltrail.trust.verify import verify as judge  # noqa: PLC0415

    if not arguments.trust:
        raise UnverifiableError(
            "No trust is given.", hint="Add --trust anchors.json, or --as FORM."
        )
    pinned, logs = anchors.parse(Path(arguments.trust).read_bytes())
    given = Path(arguments.file).read_bytes()
    if given.startswith(b"PK"):
        return _verify_pack(arguments, given, pinned, logs)
    if arguments.policy:
        raise UnverifiableError(
            "A statement alone has no checkpoint that witnesses could have cosigned.",
            hint="Verify its pack, or leave --policy out.",
        )
    at = instant(arguments.at, "--at") if arguments.at else datetime.now(UTC)
    found = judge(envelope.parse(given), pinned, at)
    said = found.statement
    if arguments.json:
        emit(
            {
                "digest": found.digest,
                "predicateType": said.predicate_type,
                "issuer": str(said.header.issuer),
                "subjects": [str(one) for one in said.subjects],
                "keys": [one.key.key_id for one in found.signers],
            }
        )
    else:
        say(f"{said.header.issuer} signed {said.predicate_type}.")
        say(f"Digest {found.digest}. The signature says who spoke, not that it is true.")
    return 0


def _verify_pack(
    arguments: argparse.Namespace, given: bytes, pinned: "Anchors", logs: Sequence[str]
) -> int:
    from voltrail.audit.check import check_statement  # noqa: PLC0415 — only when needed
    from voltrail.audit.pack import parse  # noqa: PLC0415
    from voltrail.cli.packs import age, outsiders, tell_age, tell_time  # noqa: PLC0415

    found = check_statement(parse(given), pinned, logs, outsiders(arguments))
    one = found.recorded
    if arguments.json:
        emit(
            {
                "digest": one.entry.digest,
                "predicateType": one.predicate_type,
                "issuer": str(one.issuer),
                "subjects": [str(subject) for subject in one.subjects],
                "index": one.entry.index,
                "logTime": one.entry.log_time.isoformat(),
                "registerSize": found.checkpoint.size,
                "witnesses": found.quorum.sentence if found.quorum else None,
                "existedBy": found.proven.at.isoformat() if found.proven else None,
                "vouchers": list(found.proven.vouchers) if found.proven else [],
                **age(found.newest),
            }
        )
        return 0
    say(f"{one.issuer} signed {one.predicate_type}.")
    say(f"  digest     {one.entry.digest}")
    say(f"  registered as entry {one.entry.index}, {one.entry.log_time:%Y-%m-%d %H:%M:%SZ}")
    say(f"  register   {found.checkpoint.origin}, size {found.checkpoint.size:,}")
    if found.quorum:
        say(f"  witnesses  {found.quorum.sentence}")
    tell_time(found.proven, asked=bool(arguments.policy or arguments.roots))
    tell_age(found.newest)
    say("Signature, issuer and inclusion hold. They say who spoke, not that it is true.")
    return 0

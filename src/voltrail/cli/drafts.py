"""
`voltrail draft KIND`: write an unsigned statement from NAME=VALUE pairs, already checked.

Values are texts, whole numbers, or JSON where they begin with a bracket or brace.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from voltrail.canonical import Json
from voltrail.cli import given as typed
from voltrail.cli.output import say
from voltrail.errors import MalformedError


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: design, section 7, statement.
    """
    parser.add_argument("kind", help="lot, arrival, custody, inspection, … as in docs/reference")
    parser.add_argument("given", nargs="*", metavar="NAME=VALUE")
    parser.add_argument("--issuer", required=True, help="who will sign it")
    parser.add_argument("--about", action="append", default=[], help="subject; the first one named")
    parser.add_argument("--place", help="where it is said")
    parser.add_argument("--reason", help="why, for corrections and overrules")
    parser.add_argument("--supersedes", help="digest of the statement it replaces")
    parser.add_argument("--out", required=True, help="where the draft goes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Write a draft that `voltrail sign` signs.

    Args:
        arguments: kind, given, issuer, about, place, reason, supersedes, out

    Returns:
        0.

    Raises:
        MalformedError: no such kind, a field is missing or of the wrong form.

    Source: in-toto attestation framework, Statement v1.
    """
    from voltrail.ids import subject  # noqa: PLC0415 — only when needed
    from voltrail.statements import kinds, statement  # noqa: PLC0415

    if arguments.kind not in kinds.KINDS:
        known = ", ".join(kinds.KINDS)
        raise MalformedError(f"There is no kind {arguments.kind!r}.", hint=f"Choose: {known}.")
    kind = kinds.uri(arguments.kind)
    predicate = pairs(arguments.kind, arguments.given)
    header = stamped(arguments.issuer)
    for name in ("place", "reason", "supersedes"):
        if getattr(arguments, name):
            header[name] = getattr(arguments, name)
    named = [text for text in predicate.values() if isinstance(text, str)]
    about = arguments.about or [text for text in named if subject.is_identity(text)][:1]
    if not about:
        raise MalformedError("The draft is about nothing.", hint="Name a subject with --about.")
    payload = statement.draft(
        kind, {"header": header, **predicate}, tuple(map(subject.parse, about))
    )
    statement.parse(payload)
    Path(arguments.out).write_bytes(payload + b"\n")
    say(f"Draft of {arguments.kind} about {', '.join(about)} in {arguments.out}.")
    say(f"Next: voltrail sign {arguments.out} --key KEY --out SIGNED.")
    return 0


def stamped(issuer: str) -> dict[str, Json]:
    """
    Return the header of a draft that is written now.

    Args:
        issuer: who will sign it

    Returns:
        The header as JSON.

    Source: docs/spec/statement.md.
    """
    from voltrail.statements import fields  # noqa: PLC0415 — only when needed

    now = datetime.now(UTC).replace(microsecond=0)
    return {"issuer": issuer, "claimedTime": fields.stamp(now)}


def pairs(kind: str, given: Sequence[str]) -> dict[str, Json]:
    """
    Return the fields in NAME=VALUE pairs.

    Args:
        kind: short name of the kind they belong to
        given: as typed; a value is text, a whole number, or JSON behind a bracket or brace

    Returns:
        Each field by its JSON name; `production_date` is understood as `productionDate`.

    Raises:
        MalformedError: no pair, a name that the kind has not, or JSON that does not close.

    Source: our choice: docs/reference/commands.md.
    """
    known = _names(kind)
    found: dict[str, Json] = {}
    for name, text in typed.pairs(given).items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"It has: {', '.join(sorted(known))}."
            raise MalformedError(f"A statement of kind {kind} has no {name!r}.", hint=hint)
        found[known[name]] = typed.value(text)
    return found


def _names(kind: str) -> dict[str, str]:
    """Return the JSON name of each field, by itself and by its Python name."""
    from msgspec.structs import fields  # noqa: PLC0415 — only when needed

    from voltrail.statements import kinds  # noqa: PLC0415

    cls = kinds.fact_class(kinds.uri(kind))
    listed = fields(cls) if cls else ()
    both = {one.name.rstrip("_"): one.encode_name for one in listed}
    return both | {one.encode_name: one.encode_name for one in listed}

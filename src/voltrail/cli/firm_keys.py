"""
`voltrail key list | doubt | enrol | restrict | end | worth`: the keys of firms, beside `new`.

On a folder register whoever types sits at the operator's key and names the persons who decided;
on a server the server asks what those persons may do.
"""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from voltrail import canonical
from voltrail.cli import answers, key_files
from voltrail.cli.errands import declare_where, server_of
from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError

_WAYS = ["cease", "supersede", "compromise"]
Verbs = Any  # argparse's subparsers


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word `key`.

    Args:
        parser: of this word

    Source: mission, AT-05; our choice: ADR 0040.
    """
    verbs = parser.add_subparsers(dest="verb", required=True)
    key_files.declare(verbs)
    one = _verb(verbs, "list", "list the keys of firms", show)
    one.add_argument("--party", default="", help="of one firm only")
    one = _verb(verbs, "doubt", "see what the end of a key would put in doubt", doubt)
    _ending(one)
    one = _verb(verbs, "enrol", "enrol a firm's key", enrol)
    one.add_argument("public", help="the public half, a .pub file")
    _bound(one)
    _decided(one, "urn:voltrail:person:<who>; on a folder name two, on a server one asks")
    one = _verb(verbs, "restrict", "leave a firm's key less than it has", restrict)
    one.add_argument("key", help="SHA-256 of the key, as list shows it")
    _bound(one)
    _decided(one)
    one = _verb(verbs, "end", "end a firm's key, or declare it stolen", end)
    _ending(one)
    _decided(one)
    one = _verb(verbs, "worth", "ask what a statement is worth by its keys", worth)
    one.add_argument("index", type=int, help="of the entry")
    one.add_argument("--known-at", help="as known at a past time, 2026-11-28T08:00:00Z")


def _verb(verbs: Verbs, name: str, text: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
    made: argparse.ArgumentParser = verbs.add_parser(name, help=text)
    declare_where(made)
    made.add_argument("--json", action="store_true")
    made.set_defaults(run=run)
    return made


def _bound(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", action="append", default=[], help="lot, custody, …; all without")
    parser.add_argument("--place", action="append", default=[], help="only about these places")
    parser.add_argument("--until", help="2027-11-28T08:00:00Z; without an end where absent")


def _decided(parser: argparse.ArgumentParser, text: str = "urn:voltrail:person:<who>") -> None:
    parser.add_argument("--by", action="append", required=True, help=text)
    parser.add_argument("--reason", required=True, help="why, in one sentence")


def _ending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", help="SHA-256 of the key, as list shows it")
    parser.add_argument("--how", choices=_WAYS, default="compromise")
    parser.add_argument("--since", help="stolen since, 2026-11-28T08:00:00Z; unknown where absent")
    parser.add_argument("--until", help="replaced: it goes on until then")


def show(arguments: argparse.Namespace) -> int:
    """
    List the keys of firms.

    Args:
        arguments: party, folder or server, json

    Returns:
        0.

    Raises:
        ProductError: the register or the server cannot be asked.

    Source: mission, AT-05.
    """
    server = server_of(arguments)
    if server:
        query = urlencode({"party": arguments.party} if arguments.party else {})
        found = answers.read(server.send("GET", f"/keys?{query}"))["keys"]
    else:
        found = _listed(arguments)
    if arguments.json:
        emit({"keys": found})
        return 0
    for one in found:
        until = f" until {one['validUntil']}" if one["validUntil"] else ""
        say(f"{one['state']:<12} {one['party']} {one['algorithm']} since {one['validFrom']}{until}")
        say(f"  {one['key']}  {', '.join(one['kinds']) or 'every kind that a firm states'}")
    if not found:
        say("No firm has a key.")
    return 0


def doubt(arguments: argparse.Namespace) -> int:
    """
    Show what the end of a key would put in doubt; nothing is recorded.

    Args:
        arguments: key, how, since, until, folder or server, json

    Returns:
        0.

    Raises:
        ProductError: no such key, or a time that has not come.

    Source: mission, AT-05.
    """
    server = server_of(arguments)
    if server:
        given = {"how": arguments.how, "since": arguments.since, "until": arguments.until}
        query = urlencode({name: text for name, text in given.items() if text})
        found = answers.read(server.send("GET", f"/keys/{arguments.key}/doubt?{query}"))
    else:
        found = _doubted(arguments)
    if arguments.json:
        emit(found)
        return 0
    for one in found["statements"]:
        about = ", ".join(one["subjects"])
        say(f"#{one['index']} {one['standing']}: {about}. {one['why']}")
    for one in found["changes"]:
        say(f"{one['arrival']}: {one['before']} → {one['after']}. {one['sentence']}")
    count = len(found["statements"]) + found["beyond"]
    changed = len(found["changes"])
    say(f"Statements in doubt: {count}. Decisions that would change: {changed}.")
    say("Nothing is recorded. To end the key: voltrail key end, with --by and --reason.")
    return 0


def enrol(arguments: argparse.Namespace) -> int:
    """
    Enrol a firm's key on a folder, or ask on a server that somebody confirms it.

    Args:
        arguments: public, kind, place, until, by, reason, folder or server, json

    Returns:
        0.

    Raises:
        ProductError: what it was refused with: one person twice, a key on record.

    Source: mission, AT-05; ADR 0040.
    """
    public = canonical.parse(Path(arguments.public).read_bytes(), what="public half")
    server = server_of(arguments)
    if not server:
        return _stated(arguments, _enrolled(arguments, public))
    body = {"by": _one(arguments), "public": public, **_bound_of(arguments)}
    found = answers.read(server.send("POST", "/keys", _body(arguments, body), "application/json"))
    if arguments.json:
        emit(found)
    else:
        say(f"Request {found['request']} waits for a second person, key {found['key']}.")
    return 0


def restrict(arguments: argparse.Namespace) -> int:
    """
    Leave a firm's key less than it has.

    Args:
        arguments: key, kind, place, until, by, reason, folder or server, json

    Returns:
        0.

    Raises:
        ProductError: what it was refused with.

    Source: mission, AT-05.
    """
    server = server_of(arguments)
    if not server:
        return _stated(arguments, _restricted(arguments))
    body = _body(arguments, {"by": _one(arguments), **_bound_of(arguments)})
    path = f"/keys/{arguments.key}/restriction"
    return _stated(arguments, answers.read(server.send("POST", path, body, "application/json")))


def end(arguments: argparse.Namespace) -> int:
    """
    End a firm's key; every arrival that rests on it is judged again.

    Args:
        arguments: key, how, since, until, by, reason, folder or server, json

    Returns:
        0.

    Raises:
        ProductError: what it was refused with.

    Source: mission, AT-05.
    """
    server = server_of(arguments)
    if not server:
        return _stated(arguments, _ended(arguments))
    given = {"since": arguments.since, "until": arguments.until}
    told = {"by": _one(arguments), "how": arguments.how}
    body = _body(arguments, {**told, **{name: text for name, text in given.items() if text}})
    path = f"/keys/{arguments.key}/ending"
    return _stated(arguments, answers.read(server.send("POST", path, body, "application/json")))


def worth(arguments: argparse.Namespace) -> int:
    """
    Say what a statement is worth by the keys that signed it.

    Args:
        arguments: index, known_at, folder or server, json

    Returns:
        0 where something may rest on it, 1 where not.

    Raises:
        ProductError: no such entry, or it was not registered by then.

    Source: reference on provenance, section 2.6.
    """
    server = server_of(arguments)
    if server:
        asked = f"?{urlencode({'known_at': arguments.known_at})}" if arguments.known_at else ""
        found = answers.read(server.send("GET", f"/statements/{arguments.index}/worth{asked}"))
    else:
        found = _worth(arguments)
    if arguments.json:
        emit(found)
    else:
        say(f"Entry {found['index']}: {found['standing']}. {found['why']}")
        say(f"As known at {found['knownAt']}, {found['size']} entries.")
    return 0 if found["standing"] in ("valid", "historical") else 1


def _stated(arguments: argparse.Namespace, found: Mapping[str, Any]) -> int:
    if arguments.json:
        emit(dict(found))
    else:
        say(f"In the register as entry {found['index']}.")
    return 0


def _one(arguments: argparse.Namespace) -> str:
    if len(arguments.by) != 1:
        raise MalformedError("On a server one person asks.", hint="Name one with --by.")
    return str(arguments.by[0])


def _body(arguments: argparse.Namespace, given: Mapping[str, Any]) -> bytes:
    return json.dumps({**given, "reason": arguments.reason}).encode()


def _bound_of(arguments: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {"kinds": arguments.kind, "places": arguments.place}
    return {**found, "until": arguments.until} if arguments.until else found


def _listed(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    from voltrail.actions.firm_keys import firm_keys  # noqa: PLC0415 — only when needed
    from voltrail.ids.subject import PartyId  # noqa: PLC0415

    party = PartyId.read(arguments.party) if arguments.party else None
    return [
        {
            "key": one.key,
            "algorithm": one.algorithm,
            "party": str(one.party),
            "state": one.state,
            "validFrom": _stamp(one.valid_from),
            "validUntil": _stamp(one.valid_until),
            "compromisedSince": _stamp(one.compromised_since),
            "kinds": list(one.bound.kinds),
            "places": list(map(str, one.bound.places)),
            "pinned": one.is_pinned,
        }
        for one in firm_keys(_desk(arguments), party, datetime.now(UTC))
    ]


def _doubted(arguments: argparse.Namespace) -> dict[str, Any]:
    from voltrail.actions.doubt import doubt as ask  # noqa: PLC0415 — only when needed
    from voltrail.statements.fields import write  # noqa: PLC0415

    ending = _ending_of(arguments)
    found = ask(_desk(arguments), arguments.key, ending, datetime.now(UTC))
    told: dict[str, Any] = write(found)
    return {"beyond": 0, "left": 0, **told}


def _enrolled(arguments: argparse.Namespace, public: Any) -> dict[str, Any]:  # noqa: ANN401 — JSON
    from voltrail.actions import firm_keys  # noqa: PLC0415 — only when needed
    from voltrail.actions.keys import Material  # noqa: PLC0415
    from voltrail.ids.subject import PartyId, PersonId  # noqa: PLC0415
    from voltrail.trust import anchors  # noqa: PLC0415

    (anchor,) = anchors.of_public_halves([json.dumps(public).encode()]).anchors
    if len(arguments.by) != 2:  # noqa: PLR2004 — two persons
        raise MalformedError("Two people enrol a firm's key.", hint="Name both with --by.")
    first, second = map(PersonId.read, arguments.by)
    done = firm_keys.enrol_firm_key(
        _desk(arguments),
        PartyId.read(str(anchor.issuer)),
        Material(str(anchor.key.algorithm), anchor.key.spki),
        _kept(arguments),
        (first, second),
        datetime.now(UTC),
    )
    return {"index": done.index, "digest": done.digest}


def _restricted(arguments: argparse.Namespace) -> dict[str, Any]:
    from voltrail.actions.firm_keys import restrict_firm_key  # noqa: PLC0415 — only when needed
    from voltrail.ids.subject import PersonId  # noqa: PLC0415

    by, at = PersonId.read(_one(arguments)), datetime.now(UTC)
    kept = _kept(arguments)
    done = restrict_firm_key(_desk(arguments), arguments.key, kept, by, arguments.reason, at)
    return {"index": done.index, "digest": done.digest}


def _ended(arguments: argparse.Namespace) -> dict[str, Any]:
    from voltrail.actions.firm_keys import end_firm_key  # noqa: PLC0415 — only when needed
    from voltrail.ids.subject import PersonId  # noqa: PLC0415

    by, at = PersonId.read(_one(arguments)), datetime.now(UTC)
    ending = _ending_of(arguments)
    done = end_firm_key(_desk(arguments), arguments.key, ending, by, arguments.reason, at)
    return {"index": done.index, "digest": done.digest}


def _worth(arguments: argparse.Namespace) -> dict[str, Any]:
    from voltrail.actions.worth import worth_of  # noqa: PLC0415 — only when needed

    known = _time(arguments.known_at) or datetime.now(UTC)
    found = worth_of(_desk(arguments), arguments.index, known)
    return {
        "index": found.index,
        "standing": found.standing,
        "why": found.why,
        "provenAt": _stamp(found.proven_at),
        "knownAt": _stamp(found.known_at),
        "size": found.size,
        "keys": list(found.keys),
    }


def _desk(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 — a Desk, imported late
    from voltrail.cli.registers import open_desk  # noqa: PLC0415 — only when needed

    return open_desk(Path(arguments.folder))


def _kept(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 — a Bound, imported late
    from voltrail.actions.firm_keys import Bound  # noqa: PLC0415 — only when needed
    from voltrail.ids.subject import PlaceId  # noqa: PLC0415

    places = tuple(map(PlaceId.read, arguments.place))
    return Bound(tuple(arguments.kind), places, _time(arguments.until))


def _ending_of(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 — an Ending, imported late
    from voltrail.actions.firm_keys import Ending  # noqa: PLC0415 — only when needed

    return Ending(arguments.how, _time(arguments.since), _time(arguments.until))


def _time(text: str | None) -> datetime | None:
    from voltrail.statements import fields  # noqa: PLC0415 — only when needed

    return fields.instant(text, "The time") if text else None


def _stamp(at: datetime | None) -> str | None:
    from voltrail.statements import fields  # noqa: PLC0415 — only when needed

    return None if at is None else fields.stamp(at.replace(microsecond=0))

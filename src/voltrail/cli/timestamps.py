"""
`voltrail timestamp`: have a service stamp a file or a register, and see who proves which moment.

A file is stamped before it is handed in, so that its time does not rest on the register that takes
it. `voltrail verify FILE --as timestamp` judges a token later.
"""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, RefusedError

_EXAMPLES = """examples:
  voltrail timestamp file lot.dsse.json --url https://tsa.example --roots tsa.pem --out lot.tsr
  voltrail timestamp show 42 --server https://voltrail.example --out evidence
"""
_MOST = 8  # [proofs] that a server lists: docs/reference/api.md
_SLACK = timedelta(minutes=1)  # our choice: a service's clock and inaccuracy beside this machine's


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: RFC 3161; ADR 0044.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, text in _SAID.items():
        one = verbs.add_parser(verb, help=text, description=text)
        one.add_argument("what", type=int if verb == "show" else str, help=_WHAT[verb])
        one.add_argument("--json", action="store_true")
        if verb != "show":
            one.add_argument("--url", required=True, help="where the service answers")
            one.add_argument("--roots", required=True, help="PEM certificates of the service")
        if verb == "file":
            one.add_argument("--out", required=True, help="where the token is written")
        if verb == "show":
            one.add_argument("--out", help="a new folder for the proofs and tokens")
            where = one.add_mutually_exclusive_group(required=True)
            where.add_argument("--folder", help="a folder register")
            where.add_argument("--server", help="a server's address")
    parser.set_defaults(run=run)


_SAID = {
    "file": "have a service stamp a file",
    "register": "have a service stamp a folder register, and put it on record there",
    "show": "show by when others prove that an entry stood in a register",
}
_WHAT = {
    "file": "the file",
    "register": "folder of the register",
    "show": "index of the entry",
}


def run(arguments: argparse.Namespace) -> int:
    """
    Run one verb.

    Args:
        arguments: verb, what, and what the verb needs

    Returns:
        0.

    Raises:
        RefusedError: the service did not grant a stamp, or its answer is about something else.
        UnverifiableError: nobody answers, or the package for time stamps is missing.

    Source: RFC 3161; ADR 0044.
    """
    verbs = {"file": _file, "register": _register, "show": _show}
    return verbs[arguments.verb](arguments)


def _file(arguments: argparse.Namespace) -> int:
    from voltrail.trust.foreign import timestamp  # noqa: PLC0415 — only when needed

    if Path(arguments.out).exists():
        raise RefusedError(f"{arguments.out} already exists.", hint="Choose another name.")
    message = Path(arguments.what).read_bytes()
    trusted = timestamp.service(Path(arguments.roots).read_bytes())
    query, nonce = timestamp.request(message)
    token = _asked(arguments.url, query)
    found = timestamp.verify(token, message, trusted, datetime.now(UTC) + _SLACK, nonce)
    Path(arguments.out).write_bytes(token)
    told = found.proven_at
    if arguments.json:
        emit({"signer": found.signer, "provenAt": told.isoformat() if told else None})
        return 0
    say(f"{found.signer} vouches that {arguments.what} existed by {told:%Y-%m-%d %H:%M:%SZ}.")
    say(f"Keep {arguments.out} beside it. Check it: voltrail verify {arguments.out}")
    say(f"  --as timestamp --of {arguments.what} --roots {arguments.roots}")
    return 0


def _register(arguments: argparse.Namespace) -> int:
    from voltrail.actions import time_proof  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.trust.foreign import timestamp  # noqa: PLC0415

    desk = open_desk(Path(arguments.what))
    trusted = timestamp.service(Path(arguments.roots).read_bytes())
    asked = time_proof.request(desk)
    token = _asked(arguments.url, asked.query)
    made = time_proof.from_service(desk, asked, token, trusted, datetime.now(UTC))
    if arguments.json:
        emit({"index": made.index, "digest": made.digest, "size": asked.size})
    else:
        say(f"Its {asked.size:,} entries are stamped; the proof is entry {made.index}.")
    return 0


def _asked(url: str, query: bytes) -> bytes:
    from voltrail.cli.fetching import post  # noqa: PLC0415 — only when needed
    from voltrail.trust.foreign.timestamp import LONGEST  # noqa: PLC0415

    return post(url, query, "application/timestamp-query", LONGEST)


def _show(arguments: argparse.Namespace) -> int:
    source = _of_server if arguments.server else _of_folder
    told, files = source(arguments)
    if arguments.out and files:
        _write(Path(arguments.out), files)
    if arguments.json:
        emit(told)
        return 0
    for one in told["proofs"]:
        say(f"{one['provenAt']}  {one['vouchedBy']}  {', '.join(one['vouchers'])}")
    if not told["proofs"]:
        say(f"Nobody else vouches for entry {arguments.what} yet.")
    elif arguments.out:
        say(f"Wrote {len(files)} files to {arguments.out}.")
    else:
        say("Take the proofs with you: add --out FOLDER.")
    return 0


def _of_folder(arguments: argparse.Namespace) -> tuple[dict[str, Any], dict[str, bytes]]:
    from voltrail.actions import time_proof  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.statements import fields  # noqa: PLC0415

    desk = open_desk(Path(arguments.folder))
    found = time_proof.proofs(desk, arguments.what)
    (entry,) = desk.entries.at([arguments.what])
    files = {}
    for one in found:
        name = f"{arguments.what}-by-{one.entry.index}"
        files[f"{name}.tlog-proof"] = time_proof.receipt_under(desk, arguments.what, one)
        token = desk.blobs.get(one.fact.token) if one.fact.token else None
        if token:
            files[f"{name}.tsr"] = token
    told = {
        "entry": arguments.what,
        "logTime": fields.stamp(entry.parsed.log_time),
        "proofs": [{"index": one.entry.index, **fields.write(one.fact)} for one in found],
    }
    return told, files


def _of_server(arguments: argparse.Namespace) -> tuple[dict[str, Any], dict[str, bytes]]:
    from voltrail.cli.answers import read  # noqa: PLC0415 — only when needed
    from voltrail.cli.fetching import fetch  # noqa: PLC0415

    place = f"{arguments.server.rstrip('/')}/api/v1/statements/{arguments.what}/times"
    told = read(fetch(place))
    if not _is_listing(told):
        raise MalformedError("The server names no proofs of time.", hint="Check --server.")
    files: dict[str, bytes] = {}
    for one in told["proofs"] if arguments.out else ():
        name = f"{arguments.what}-by-{int(one['index'])}"
        files[f"{name}.tlog-proof"] = fetch(f"{place}/{int(one['index'])}/proof")
        if one["token"]:
            files[f"{name}.tsr"] = fetch(f"{place}/{int(one['index'])}/token")
    return told, files


def _is_listing(told: dict[str, Any]) -> bool:
    """Whether an answer lists proofs of time, in words that a terminal may show."""
    listed = told.get("proofs")
    if not isinstance(listed, list) or len(listed) > _MOST:
        return False
    return all(isinstance(one, dict) and _is_proof(one) for one in listed)


def _is_proof(one: dict[str, Any]) -> bool:
    if type(one.get("index")) is not int or not isinstance(one.get("vouchers"), list):
        return False
    token = "" if one.get("token", 0) is None else one.get("token")
    texts = [one.get("provenAt"), one.get("vouchedBy"), *one["vouchers"], token]
    return all(isinstance(text, str) and text.isprintable() for text in texts)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(f"{folder} is not empty.", hint="Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)

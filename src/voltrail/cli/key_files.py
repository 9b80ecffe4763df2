"""
`voltrail key new | public | protect | unprotect`: where private keys live, and what guards them.

A new key is written under a passphrase, or made inside a token; a plain file is asked for by name.
"""

import argparse
import base64
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli import keys
from voltrail.cli.output import emit, say
from voltrail.errors import RefusedError

if TYPE_CHECKING:
    from voltrail.ids.subject import SubjectId
    from voltrail.trust.keys import PublicKey

_EXAMPLES = """examples:
  voltrail key new --issuer urn:voltrail:party:kestrel --out kestrel.pem
  voltrail key new --issuer urn:voltrail:party:kestrel --in 'pkcs11:token=kestrel;object=seal' \\
    --algorithm ecdsa-p256-sha256 --out kestrel.pub
"""


def declare(verbs: Any) -> None:  # noqa: ANN401 — argparse's subparsers
    """
    Declare the arguments of these verbs.

    Args:
        verbs: of the word `key`

    Source: design, section 7, keys; ADR 0042.
    """
    new = verbs.add_parser("new", help="make a key, under a passphrase or inside a token")
    new.epilog, new.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    new.add_argument("--issuer", required=True, help="urn:voltrail:party:<you> or a person")
    new.add_argument("--out", required=True, help="file of the private half; .pub is added")
    new.add_argument("--algorithm", default="ed25519")
    kept = new.add_mutually_exclusive_group()
    kept.add_argument("--plain", action="store_true", help="write the file without a passphrase")
    kept.add_argument("--in", dest="place", metavar="URI", help="make it there; writes .pub alone")
    keys.declare_secrets(new)
    new.add_argument("--json", action="store_true")
    new.set_defaults(run=make)
    one = verbs.add_parser("public", help="write the public half of a key")
    one.add_argument("key", help=keys.KEY_HELP)
    one.add_argument("--issuer", required=True, help="urn:voltrail:party:<you> or a person")
    one.add_argument("--out", required=True, help="the .pub file")
    keys.declare_secrets(one)
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=public)
    for verb, text, run in (
        ("protect", "encrypt a key's file, or change its passphrase", protect),
        ("unprotect", "write a key's file without a passphrase", unprotect),
    ):
        one = verbs.add_parser(verb, help=text)
        one.add_argument("file", help="PEM of the private half; it is replaced whole")
        one.add_argument("--passphrase-file", metavar="FILE", help="holds the present passphrase")
        if verb == "protect":
            one.add_argument("--new-passphrase-file", metavar="FILE", help="holds the new one")
        one.set_defaults(run=run)


def make(arguments: argparse.Namespace) -> int:
    """
    Make a key and write both halves, or make it elsewhere and write the public half alone.

    Args:
        arguments: issuer, out, algorithm, plain, place, passphrase_file, pin_file, json

    Returns:
        0.

    Raises:
        MalformedError: no such issuer form or scheme.
        RefusedError: a file already exists, or nobody is there to type a secret.
        UnverifiableError: what shall keep the key cannot be reached.

    Source: design, section 7, keys; ADR 0042.
    """
    from voltrail.ids import subject  # noqa: PLC0415 — only when needed
    from voltrail.trust import key_uri, signer  # noqa: PLC0415
    from voltrail.trust import keys as schemes  # noqa: PLC0415

    issuer, out = subject.parse(arguments.issuer), Path(arguments.out)
    plain = [one for one in signer.MAKERS if one == arguments.algorithm]
    if not plain:
        schemes.parse(arguments.algorithm, b"")
    half = out if arguments.place and out.suffix == ".pub" else Path(f"{out}.pub")
    for path in (half,) if arguments.place else (out, half):
        _need_free(path)
    if arguments.place:
        made = key_uri.make_key(arguments.place, keys.keeper(arguments), plain[0])
        _write(half, issuer, made.public)
        return _told(arguments, issuer, made.public, f"It never leaves its place; send {half}")
    secret = _guard(arguments, out)
    local = signer.generate(plain[0])
    keys.write_new(out, local.pem(secret))
    _write(half, issuer, local.public)
    return _told(arguments, issuer, local.public, f"Keep {out} secret; send {half}")


def public(arguments: argparse.Namespace) -> int:
    """
    Write the public half of a key, wherever its private half lives.

    Args:
        arguments: key, issuer, out, passphrase_file, pin_file, json

    Returns:
        0.

    Raises:
        MalformedError: no such issuer form, or no key that opens.
        RefusedError: the file already exists, or a secret was refused.
        UnverifiableError: what keeps the key cannot be reached.

    Source: our choice: ADR 0042.
    """
    from voltrail.ids import subject  # noqa: PLC0415 — only when needed

    issuer, half = subject.parse(arguments.issuer), Path(arguments.out)
    _need_free(half)
    (found,) = keys.opened([arguments.key], arguments)
    _write(half, issuer, found.public)
    return _told(arguments, issuer, found.public, f"Send {half}")


def protect(arguments: argparse.Namespace) -> int:
    """
    Encrypt a key's file, or change its passphrase; the file is replaced whole.

    Args:
        arguments: file, passphrase_file, new_passphrase_file

    Returns:
        0.

    Raises:
        MalformedError: the file holds no key that opens.
        RefusedError: the new passphrase is too short, or nobody is there to type it.

    Source: our choice: ADR 0042.
    """
    path = Path(arguments.file).resolve()
    typed: list[bytes] = []
    found = keys.open_file(path, arguments, typed)
    new = argparse.Namespace(passphrase_file=arguments.new_passphrase_file)
    secret = keys.passphrase(f"New passphrase of {path}", new, twice=True)
    if secret in typed:
        raise RefusedError("The new passphrase is the old one.", hint="Choose another.")
    _replace(path, found.pem(secret))
    say(f"{path} is encrypted. Without its passphrase nobody opens it; keep that elsewhere.")
    say("Copies of the old file still open as they did: find and destroy them.")
    return 0


def unprotect(arguments: argparse.Namespace) -> int:
    """
    Write a key's file without a passphrase; the file is replaced whole.

    Args:
        arguments: file, passphrase_file

    Returns:
        0.

    Raises:
        MalformedError: the file holds no key that opens.
        RefusedError: nobody is there to type its passphrase.

    Source: our choice: ADR 0042.
    """
    path = Path(arguments.file).resolve()
    _replace(path, keys.open_file(path, arguments).pem())
    _warn(path)
    return 0


def _guard(arguments: argparse.Namespace, out: Path) -> bytes | None:
    """Return the new passphrase, or None where somebody asked for a plain file by name."""
    if arguments.plain and arguments.passphrase_file:
        raise RefusedError("--plain leaves the passphrase out.", hint="Choose one of the two.")
    if arguments.plain:
        _warn(out)
        return None
    try:
        return keys.passphrase(f"New passphrase of {out}", arguments, twice=True)
    except RefusedError as error:
        if sys.stdin.isatty() or arguments.passphrase_file:
            raise
        raise RefusedError(
            "Nobody is at a terminal to type a passphrase for the key.",
            hint="Give --passphrase-file FILE, or --plain for a file that is not encrypted.",
        ) from error


def _replace(path: Path, data: bytes) -> None:
    """Put a file in its place whole; it stays its owner's where root does it for a server."""
    from voltrail.register.folder import place  # noqa: PLC0415 — only when needed

    before = path.stat()
    place(path, data)
    if (path.stat().st_uid, path.stat().st_gid) != (before.st_uid, before.st_gid):
        os.chown(path, before.st_uid, before.st_gid)


def _warn(path: Path) -> None:
    print(f"{path} is not encrypted: whoever reads it signs as its owner.", file=sys.stderr)


def _need_free(path: Path) -> None:
    if path.exists():
        raise RefusedError(f"{path} already exists.", hint="Choose another name.")


def _half(issuer: "SubjectId", found: "PublicKey") -> dict[str, str]:
    return {
        "issuer": str(issuer),
        "algorithm": str(found.algorithm),
        "key": found.key_id,
        "spki": base64.b64encode(found.spki).decode(),
    }


def _write(path: Path, issuer: "SubjectId", found: "PublicKey") -> None:
    path.write_text(json.dumps(_half(issuer, found), indent=2) + "\n", encoding="utf-8")


def _told(
    arguments: argparse.Namespace, issuer: "SubjectId", found: "PublicKey", advice: str
) -> int:
    if arguments.json:
        emit(_half(issuer, found))
        return 0
    say(f"Key {found.key_id} for {issuer}.")
    say(f"{advice} to the operator to enrol it.")
    return 0

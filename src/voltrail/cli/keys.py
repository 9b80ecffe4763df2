"""`voltrail key new`: make a signing key, its public half beside it; and open such keys."""

import argparse
import base64
import getpass
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say
from voltrail.errors import RefusedError

if TYPE_CHECKING:
    from voltrail.trust.signer import LocalSigner


def declare_new(verbs: Any) -> None:  # noqa: ANN401 — argparse's subparsers
    """
    Declare the arguments of `voltrail key new`.

    Args:
        verbs: of the word `key`

    Source: design, section 7, keys.
    """
    new = verbs.add_parser("new", help="make a key")
    new.add_argument("--issuer", required=True, help="urn:voltrail:party:<you> or a person")
    new.add_argument("--out", required=True, help="file of the private half; .pub is added")
    new.add_argument("--algorithm", default="ed25519")
    new.add_argument("--passphrase", action="store_true", help="ask for a passphrase")
    new.add_argument("--json", action="store_true")
    new.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Make a key and write both halves; an existing file is never overwritten.

    Args:
        arguments: issuer, out, algorithm, passphrase, json

    Returns:
        0.

    Raises:
        MalformedError: no such issuer form or scheme.
        RefusedError: the file already exists.

    Source: design, section 7, keys.
    """
    from voltrail.ids import subject  # noqa: PLC0415 — only when needed
    from voltrail.trust import keys, signer  # noqa: PLC0415

    issuer = subject.parse(arguments.issuer)
    plain = [one for one in signer.MAKERS if one == arguments.algorithm]
    if not plain:
        keys.parse(arguments.algorithm, b"")
    made = signer.generate(plain[0])
    secret = getpass.getpass("Passphrase: ").encode() if arguments.passphrase else None
    public = {
        "issuer": str(issuer),
        "algorithm": str(made.public.algorithm),
        "key": made.public.key_id,
        "spki": base64.b64encode(made.public.spki).decode(),
    }
    write_new(Path(arguments.out), made.pem(secret))
    Path(f"{arguments.out}.pub").write_text(_json(public))
    if arguments.json:
        emit(public)
    else:
        say(f"Key {made.public.key_id} for {issuer}.")
        say(f"Keep {arguments.out} secret; send {arguments.out}.pub to the operator to enrol it.")
    return 0


def _json(found: dict[str, str]) -> str:
    import json  # noqa: PLC0415 — only when needed

    return json.dumps(found, indent=2) + "\n"


def opened(paths: Sequence[str], passphrase: str | None = None) -> list["LocalSigner"]:
    """
    Return the keys in some PEM files; where one is encrypted, its passphrase is asked for.

    Args:
        paths: files of private halves
        passphrase: for all of them, where it is known already

    Returns:
        Signers, in the order of the files.

    Raises:
        MalformedError: a file holds no key that opens.

    Source: RFC 5958.
    """
    from voltrail.trust import signer  # noqa: PLC0415 — only when needed

    found = []
    for path in paths:
        pem, secret = Path(path).read_bytes(), passphrase
        if b"ENCRYPTED" in pem and secret is None:
            secret = getpass.getpass(f"Passphrase of {path}: ")
        found.append(signer.load(pem, secret.encode() if secret and b"ENCRYPTED" in pem else None))
    return found


def write_new(path: Path, data: bytes) -> None:
    """
    Write a secret file that must not exist yet, readable by its owner only.

    Args:
        path: where
        data: the bytes

    Raises:
        RefusedError: the file already exists.

    Source: our choice: ADR 0009.
    """
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise RefusedError(f"{path} already exists.", hint="Choose another name.") from error
    with os.fdopen(opened, "wb") as file:
        file.write(data)

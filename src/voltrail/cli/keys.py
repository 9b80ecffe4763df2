"""
Keys that commands sign with: files, opened with a passphrase, and URIs, opened with a PIN.

A secret comes from a file or is typed at a terminal; it is never an argument, so no list of
processes shows it. Every `--key` of the command line is opened here.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.errors import MalformedError, RefusedError, UnverifiableError

if TYPE_CHECKING:
    from voltrail.trust.key_uri import Given
    from voltrail.trust.signer import LocalSigner, Signer

KEY_HELP = "a PEM file, or a URI like pkcs11:token=…;object=…"


def declare_secrets(parser: argparse.ArgumentParser) -> None:
    """
    Declare the files that secrets of keys are read from; without them a terminal is asked.

    Args:
        parser: of a command that opens keys

    Source: our choice: ADR 0042.
    """
    parser.add_argument(
        "--passphrase-file", metavar="FILE", help="holds the passphrase of a key's file, alone"
    )
    parser.add_argument("--pin-file", metavar="FILE", help="holds the PIN of a token, alone")


def opened(places: Sequence[str], given: argparse.Namespace | None = None) -> list["Signer"]:
    """
    Return the signers of some keys; what opens them is read from files, or asked for once.

    Args:
        places: files of private halves, or URIs of keys that live elsewhere
        given: passphrase_file and pin_file, where a command has them

    Returns:
        Signers, in the order of the places.

    Raises:
        MalformedError: a file holds no key that opens.
        RefusedError: nobody is there to type a secret, or it was refused.
        UnverifiableError: what keeps a key cannot be reached.

    Source: RFC 5958; RFC 7512; our choice: ADR 0042.
    """
    from voltrail.trust import key_uri  # noqa: PLC0415 — only when needed

    typed: list[bytes] = []
    return [
        key_uri.open_key(place, keeper(given))
        if key_uri.is_uri(place) and not Path(place).exists()
        else open_file(Path(place), given, typed)
        for place in places
    ]


def open_file(
    path: Path, given: argparse.Namespace | None = None, typed: list[bytes] | None = None
) -> "LocalSigner":
    """
    Return the signer of a key in a file.

    Args:
        path: of the private half
        given: passphrase_file, where a command has it
        typed: passphrases that opened files before; one that is typed now is added

    Returns:
        A signer holding the key in memory.

    Raises:
        MalformedError: the file holds no key that opens.
        RefusedError: it is encrypted, and nobody is there to type its passphrase.

    Source: RFC 5958.
    """
    from voltrail.trust import pkcs8, signer  # noqa: PLC0415 — only when needed

    pem, known = path.read_bytes(), [] if typed is None else typed
    if not pkcs8.is_closed(pem):
        return signer.load(pem)
    for one in known:
        try:
            return signer.load(pem, one)
        except MalformedError:  # another file's passphrase; this one is asked for below
            continue
    known.append(passphrase(f"Passphrase of {path}", given))
    return signer.load(pem, known[-1])


def keeper(given: argparse.Namespace | None) -> "Given":
    """
    Return what opens keys that live elsewhere: a PIN from its file or a terminal, the library.

    Args:
        given: pin_file, where a command has it

    Returns:
        What a plug may ask for.

    Source: our choice: ADR 0042.
    """
    from voltrail.trust.key_uri import Given  # noqa: PLC0415 — only when needed

    file = getattr(given, "pin_file", None) or os.environ.get("VOLTRAIL_PIN_FILE")
    library = os.environ.get("VOLTRAIL_PKCS11_MODULE", "")
    return Given(lambda what: _secret(what, file, "--pin-file").decode(), library)


def passphrase(what: str, given: argparse.Namespace | None = None, *, twice: bool = False) -> bytes:
    """
    Return a passphrase from its file, or from a terminal.

    Args:
        what: is asked for
        given: passphrase_file, where a command has it
        twice: whether it is new, and typed twice

    Returns:
        The passphrase.

    Raises:
        RefusedError: nobody is there to type it, or the two typed ones differ.

    Source: our choice: ADR 0042.
    """
    return _secret(what, _passphrase_file(given), "--passphrase-file", times=2 if twice else 1)


def told(given: argparse.Namespace | None = None) -> bytes | None:
    """
    Return a passphrase from its file, or None where no file is named; no terminal is asked.

    Args:
        given: passphrase_file, where a command has it

    Returns:
        The passphrase.

    Source: our choice: ADR 0042.
    """
    file = _passphrase_file(given)
    return _secret("", file, "") if file else None


def _passphrase_file(given: argparse.Namespace | None) -> str | None:
    told = getattr(given, "passphrase_file", None)
    return told or os.environ.get("VOLTRAIL_KEY_PASSPHRASE_FILE")


def _secret(what: str, file: str | None, flag: str, times: int = 1) -> bytes:
    if file:
        return _text(Path(file))
    if not sys.stdin.isatty():
        raise RefusedError(
            f"Nobody is at a terminal to type the secret: {what}.", hint=f"Give {flag} FILE."
        )
    asked = [f"{what}: ", f"{what}, again: "][:times]
    typed = {getpass.getpass(each) for each in asked}
    if len(typed) > 1:
        raise RefusedError("The two passphrases differ.", hint="Type the same one twice.")
    return typed.pop().encode()


def _text(path: Path) -> bytes:
    try:
        found = path.read_bytes().rstrip(b"\r\n")
        found.decode()
    except (IsADirectoryError, PermissionError) as error:
        raise UnverifiableError(
            f"{path} cannot be read.", hint="Name a file that this user may read."
        ) from error
    except UnicodeDecodeError:
        raise MalformedError(
            f"{path} holds no text.", hint="Put the secret alone into it."
        ) from None  # the cause would repeat it
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

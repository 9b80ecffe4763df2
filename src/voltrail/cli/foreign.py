"""`voltrail verify FILE --as FORM`: somebody else's proof, judged with what is given beside it."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, UnverifiableError

if TYPE_CHECKING:
    from voltrail.trust.foreign.proven import Proven

_SHOWN = 200  # [characters] of a stranger's text; our choice
_FORMS = ("timestamp", "credential", "cose", "code", "link", "sigstore", "receipt")


def declare(parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments that other people's proofs need.

    Args:
        parser: of the word verify

    Source: docs/spec/foreign.md.
    """
    group = parser.add_argument_group("other people's proofs")
    group.add_argument("--as", dest="form", choices=_FORMS, help="which form the file has")
    group.add_argument("--of", help="the file that the proof is about")
    group.add_argument("--roots", help="PEM certificates that count (timestamp, code)")
    group.add_argument(
        "--key", help="PEM public key (cose, credential, sigstore), or JSON file of keys (link)"
    )
    group.add_argument("--nonce", type=int, help="the number sent with the request (timestamp)")
    group.add_argument("--root", help="trusted_root.json (sigstore)")
    group.add_argument("--identity", help="who must have signed (sigstore)")
    group.add_argument("--issuer", help="who vouched for the identity (sigstore)")


def verify(arguments: argparse.Namespace) -> int:
    """
    Verify a proof of somebody else's form and say what it shows.

    Args:
        arguments: file, form, at, json, and what the form needs

    Returns:
        0 where it holds.

    Raises:
        RefusedError: it does not.
        UnverifiableError: what is needed to judge it is missing.

    Source: docs/spec/foreign.md.
    """
    from voltrail.statements.fields import instant  # noqa: PLC0415 — only when needed

    at = instant(arguments.at, "--at") if arguments.at else datetime.now(UTC)
    found = _JUDGES[arguments.form](arguments, Path(arguments.file).read_bytes(), at)
    if arguments.json:
        emit(_as_json(found))
    else:
        _tell(found)
    return 0


def _timestamp(arguments: argparse.Namespace, data: bytes, at: datetime) -> "Proven":
    from voltrail.trust.foreign import timestamp  # noqa: PLC0415 — only when needed

    trusted = timestamp.service(_read(arguments, "roots"))
    return timestamp.verify(data, _read(arguments, "of"), trusted, at, arguments.nonce)


def _credential(arguments: argparse.Namespace, data: bytes, at: datetime) -> "Proven":
    from voltrail.trust.foreign import credential  # noqa: PLC0415 — only when needed

    return credential.verify(data, at, _key(arguments) if arguments.key else None)


def _cose(arguments: argparse.Namespace, data: bytes, _: datetime) -> "Proven":
    from voltrail.trust.foreign import message  # noqa: PLC0415 — only when needed

    return message.verify(data, _key(arguments), _read(arguments, "of") if arguments.of else None)


def _code(arguments: argparse.Namespace, data: bytes, at: datetime) -> "Proven":
    from voltrail.trust.foreign import certificates, signed_code  # noqa: PLC0415 — only when needed

    try:
        text = data.decode("ascii").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise MalformedError("The code is no text.", hint="Give the text as scanned.") from error
    pinned = certificates.from_pem(_read(arguments, "roots"))
    return signed_code.verify(signed_code.parse(text), pinned, at)


def _link(arguments: argparse.Namespace, data: bytes, _: datetime) -> "Proven":
    from voltrail.trust.foreign import links  # noqa: PLC0415 — only when needed

    product = _read(arguments, "of") if arguments.of else None
    return links.verify(data, links.keys(_read(arguments, "key")), product)


def _sigstore(arguments: argparse.Namespace, data: bytes, at: datetime) -> "Proven":
    from voltrail.trust.foreign import sigstore  # noqa: PLC0415 — only when needed

    named = sigstore.Wanted(arguments.identity or "", arguments.issuer or "")
    wanted = _key(arguments) if arguments.key else named
    return sigstore.verify(data, _read(arguments, "of"), _read(arguments, "root"), wanted, at)


def _receipt(arguments: argparse.Namespace, data: bytes, _: datetime) -> "Proven":
    from voltrail import cose  # noqa: PLC0415 — only when needed
    from voltrail.errors import RefusedError  # noqa: PLC0415
    from voltrail.register import cose_receipt, entry, note  # noqa: PLC0415
    from voltrail.statements import envelope  # noqa: PLC0415
    from voltrail.trust import anchors  # noqa: PLC0415
    from voltrail.trust.foreign.proven import Proven  # noqa: PLC0415

    _pinned, logs = anchors.parse(_read(arguments, "trust"))
    found = cose.parse(data)
    leaf = cose_receipt.leaf_in(found)
    place = cose_receipt.verify(found, leaf, [note.parse_vkey(one) for one in logs])
    said, given = entry.parse_leaf(leaf), envelope.parse(_read(arguments, "of")).digest
    if said.envelope != given:
        raise RefusedError("The receipt is of another statement.", hint="Give the one it is for.")
    told = {"entry": f"{place.index} of {place.size}", "issuer": str(said.issuer)}
    when = said.log_time
    return Proven("COSE receipt", place.origin, given, claimed_at=when, said=told)


_JUDGES: dict[str, Callable[[argparse.Namespace, bytes, datetime], "Proven"]] = {
    "timestamp": _timestamp,
    "credential": _credential,
    "cose": _cose,
    "code": _code,
    "link": _link,
    "sigstore": _sigstore,
    "receipt": _receipt,
}


def _read(arguments: argparse.Namespace, name: str) -> bytes:
    place = getattr(arguments, name)
    if not place:
        raise UnverifiableError(
            f"A {arguments.form} is judged with --{name}.", hint=f"Add --{name} FILE."
        )
    return Path(place).read_bytes()


def _key(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 — any key of cryptography
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 — only when needed
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        return load_pem_public_key(_read(arguments, "key"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise MalformedError("--key holds no public key.", hint="Give it in PEM.") from error


def _as_json(found: "Proven") -> dict[str, Any]:
    times = {
        "provenAt": found.proven_at,
        "claimedAt": found.claimed_at,
        "validUntil": found.valid_until,
    }
    return {
        "form": found.form,
        "signer": found.signer,
        "sha256": found.sha256,
        **{name: at.isoformat() if at else None for name, at in times.items()},
        "said": dict(found.said),
    }


def _tell(found: "Proven") -> None:
    say(f"The {found.form} holds.")
    say(f"  signed by  {_calm(found.signer)}")
    say(f"  covers     SHA-256 {found.sha256}")
    if found.proven_at:
        say(f"  existed    by {found.proven_at:%Y-%m-%d %H:%M:%SZ}, as a third party vouches")
    if found.claimed_at:
        say(f"  claims     {found.claimed_at:%Y-%m-%d %H:%M:%SZ}; nothing here proves that time")
    if found.valid_until:
        say(f"  in force   until {found.valid_until:%Y-%m-%d %H:%M:%SZ}")
    for name, value in found.said.items():
        say(f"  {_calm(name):<10} {_calm(value)}")
    say("It shows which key signed which bytes. Decide whether you believe its holder.")


def _calm(text: str) -> str:
    """Return a stranger's text without what a terminal would obey, and not too long."""
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"

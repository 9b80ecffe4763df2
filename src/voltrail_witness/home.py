"""
The folder of a witness: its name, its two keys, the logs that it knows, its state.

    name                   the name that it cosigns under
    ed25519.pem mldsa.pem  its private keys, encrypted where a passphrase was named
    logs                   verifier keys of logs, one a line
    heads anchor lock      its state
"""

from argparse import Namespace
from pathlib import Path

from voltrail.cli import keys as files
from voltrail.errors import RefusedError, UnverifiableError
from voltrail.register import checkpoint as checkpoints
from voltrail.register import note
from voltrail.register.cosigned import COSIGNATURE
from voltrail.register.folder import place
from voltrail.register.note import Verifier
from voltrail.register.witness import Head, Witness, WitnessKey
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm
from voltrail_witness import state

_KEYS = {"ed25519.pem": Algorithm.ED25519, "mldsa.pem": Algorithm.MLDSA44}


def make(folder: Path, name: str, given: Namespace | None = None) -> Witness:
    """Make a witness with new keys in an empty folder, encrypted where a passphrase is named."""
    note.key_id(name, COSIGNATURE, b"")  # refuses what cannot sign
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise RefusedError(f"{folder} is not empty.", hint="Choose an empty folder.")
    for file, algorithm in _KEYS.items():
        files.write_new(folder / file, signer.generate(algorithm).pem(files.told(given)))
    place(folder / "logs", b"")
    state.begin(folder)
    place(folder / "name", name.encode())  # the last: a folder without it is no witness
    return load(folder, given)


def load(folder: Path, given: Namespace | None = None) -> Witness:
    """Return the witness in a folder; what its keys are encrypted with is read or asked for."""
    if not (folder / "name").exists():
        raise UnverifiableError(
            f"{folder} holds no witness.", hint="Make one: voltrail witness init DIR --name NAME."
        )
    name = (folder / "name").read_text().strip()
    typed: list[bytes] = []
    keys = (WitnessKey(name, files.open_file(folder / file, given, typed)) for file in _KEYS)
    logs = (folder / "logs").read_text().split()
    return Witness(tuple(note.parse_vkey(one) for one in logs), tuple(keys))


def add_log(folder: Path, vkey: str, given: Namespace | None = None) -> Verifier:
    """Let a witness cosign one more log; return the log's key."""
    log, known = note.parse_vkey(vkey), load(folder, given)
    if log.key_type == COSIGNATURE:
        raise RefusedError(f"{log.name} is a witness's key.", hint="Give the key of a log.")
    if log.name == known.keys[0].name:
        raise RefusedError("A witness does not cosign under a log's name.", hint="Rename it.")
    if log not in known.logs:
        lines = (folder / "logs").read_text().split()
        place(folder / "logs", "".join(f"{one}\n" for one in [*lines, vkey]).encode())
    return log


def told(witness: Witness, checkpoint: bytes) -> tuple[str, Head]:
    """Return origin and head of a checkpoint that one of the known logs signed."""
    text, _ = note.open_note(checkpoint, witness.logs)
    found = checkpoints.parse(text)
    if not witness.logs_of(found.origin):
        raise RefusedError(f"{found.origin} is no log known here.", hint="Add the log first.")
    return found.origin, Head(found.size, found.root)

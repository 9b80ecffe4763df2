"""
An evidence pack: one entry, every entry it could rest on, their proofs, and the checkpoint.

Of a decision it holds all that judging again needs; of any other statement, the keys' enrolment.

    manifest.json              what the pack is about
    checkpoint                 the signed promise that covers it
    entries/<index>.leaf       the register's line
    entries/<index>.json       the envelope as received
    entries/<index>.proof      hashes from the line to the checkpoint's root
    entries/<index>.grown      of a proof of time: hashes from its checkpoint to the pack's
    tables/<digest>            committed tables that the judgement read
    evidence/<digest>          of a proof of time: the checkpoint, and the token over it

Bytes are the same for the same content: members sorted, times fixed. Does not sign anything.
"""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids.subject import ArrivalId, PartyId
from voltrail.register.entry import Entry

MAX_MEMBERS = 60_000  # our choice: three files for each of 20,000 entries
MAX_UNPACKED = 512 * 1024 * 1024  # [bytes] our choice: an auditor's laptop
_NAME = re.compile(
    r"manifest\.json|checkpoint|entries/(0|[1-9][0-9]{0,15})\.(leaf|json|proof|grown)"
    r"|(tables|evidence)/[0-9a-f]{64}"
)
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MADE = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold; packs carry no clock


class Pack(Struct, frozen=True):
    """The content of a pack, nothing of it verified."""

    operator: PartyId
    arrival: ArrivalId | None
    decision: int
    checkpoint: bytes
    entries: tuple[Entry, ...]
    proofs: Mapping[int, tuple[bytes, ...]]
    tables: Mapping[str, bytes] = field(default_factory=dict)
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    grown: Mapping[int, tuple[bytes, ...]] = field(default_factory=dict)


def write(pack: Pack) -> bytes:
    """
    Return the zip file of a pack.

    Args:
        pack: its content

    Returns:
        The same bytes for the same content.

    Source: reference on provenance, section 2.3; ADR 0008.
    """
    manifest: dict[str, Json] = {
        "v": 1,
        "operator": str(pack.operator),
        "decision": pack.decision,
    }
    if pack.arrival is not None:
        manifest["arrival"] = str(pack.arrival)
    members = {"manifest.json": canonical.canonical_bytes(manifest), "checkpoint": pack.checkpoint}
    for entry in pack.entries:
        members[f"entries/{entry.index}.leaf"] = entry.leaf
        members[f"entries/{entry.index}.json"] = entry.raw
        members[f"entries/{entry.index}.proof"] = _lines(pack.proofs[entry.index])
    members |= {f"entries/{index}.grown": _lines(each) for index, each in pack.grown.items()}
    members |= {f"tables/{digest}": data for digest, data in pack.tables.items()}
    members |= {f"evidence/{digest}": data for digest, data in pack.evidence.items()}
    return _zipped(members)


def parse(data: bytes) -> Pack:
    """
    Return the content of a pack.

    Args:
        data: a zip file

    Returns:
        The content, nothing of it verified.

    Raises:
        MalformedError: no zip, a member that does not belong, too much inside, or parts missing.

    Source: ADR 0008.
    """
    members = _unzipped(data)
    try:
        manifest = canonical.parse(members["manifest.json"], what="manifest")
        checkpoint = members["checkpoint"]
        indices = sorted(int(name[8:-5]) for name in members if name.endswith(".leaf"))
        entries = tuple(
            Entry(index, members[f"entries/{index}.leaf"], members[f"entries/{index}.json"])
            for index in indices
        )
        proofs = {index: _hashes(members[f"entries/{index}.proof"]) for index in indices}
    except KeyError as error:
        raise MalformedError(f"The pack lacks {error.args[0]}.", hint=_AGAIN) from error
    decision = manifest.get("decision")
    if manifest.get("v") != 1 or type(decision) is not int:
        raise MalformedError("The pack is of no known version.", hint="Update Voltrail.")
    grown = (name for name in members if name.endswith(".grown"))
    return Pack(
        PartyId.read(str(manifest.get("operator"))),
        ArrivalId.read(str(manifest["arrival"])) if "arrival" in manifest else None,
        decision,
        checkpoint,
        entries,
        proofs,
        _in_folder(members, "tables/"),
        _in_folder(members, "evidence/"),
        {int(name[8:-6]): _hashes(members[name]) for name in grown},
    )


def _in_folder(members: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {
        name.removeprefix(folder): data for name, data in members.items() if name.startswith(folder)
    }


def _lines(hashes: Iterable[bytes]) -> bytes:
    return b"".join(base64.b64encode(each) + b"\n" for each in hashes)


_AGAIN = "Download the pack again; it was cut or changed on the way."


def _zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            member = zipfile.ZipInfo(name, _MADE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, members[name])
    return made.getvalue()


def _unzipped(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            _check_members(listed)
            return {member.filename: _read(archive, member) for member in listed}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        RuntimeError,
        ValueError,
        OSError,
        zlib.error,
    ) as error:
        raise MalformedError("The file is no readable zip.", hint=_AGAIN) from error


def _check_members(listed: Iterable[zipfile.ZipInfo]) -> None:
    names, total = set(), 0
    for member in listed:
        if not _NAME.fullmatch(member.filename) or member.compress_type not in _PACKED:
            raise MalformedError(
                f"The pack holds {member.filename[:80]!r}, which does not belong.", hint=_AGAIN
            )
        if member.filename in names:
            raise MalformedError(f"{member.filename} stands twice in the pack.", hint=_AGAIN)
        names.add(member.filename)
        total += member.file_size
        if total > MAX_UNPACKED or len(names) > MAX_MEMBERS:
            raise MalformedError("The pack unpacks to too much.", hint="Ask for a smaller one.")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as opened:
        found = opened.read(member.file_size + 1)
    if len(found) != member.file_size:
        raise MalformedError(f"{member.filename} has not the stated size.", hint=_AGAIN)
    return found


def _hashes(text: bytes) -> tuple[bytes, ...]:
    try:
        return tuple(base64.b64decode(line, validate=True) for line in text.split())
    except ValueError as error:
        raise MalformedError("A proof in the pack is not base64.", hint=_AGAIN) from error

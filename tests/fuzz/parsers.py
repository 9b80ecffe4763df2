"""Every parser of the kernel in one table: how it is called, what it reads, how it may refuse."""

import contextlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import structs

from fuzz.quick import alike
from voltrail import base45, canonical, cose, quantities, table
from voltrail.audit import pack
from voltrail.controls.inspection import CheckLimits
from voltrail.controls.policy import limits_of
from voltrail.decisions.baseline import baseline
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.ids import subject
from voltrail.ids.subject import ArrivalId, LotId, PartyId, ProductId
from voltrail.readers import registry, rows, sheet
from voltrail.readers.contract import Setting
from voltrail.register import checkpoint, entry, note, receipt, tile
from voltrail.register.checkpoint import Checkpoint
from voltrail.statements import envelope, fields, kinds, statement
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header
from voltrail.trust import anchors, keys, signer, token_uri
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.foreign import canonical_json, credential, did_key, links, signed_code

AT = datetime(2026, 11, 2, 8, 40, tzinfo=UTC)
KESTREL = PartyId.of("kestrel")


class Parser(NamedTuple):
    """A function from bytes, bytes it reads, and the errors it may answer with."""

    read: Callable[[bytes], Any]
    seeds: tuple[bytes, ...]
    refusals: tuple[type[ProductError], ...] = (MalformedError,)

    def answers(self, data: bytes) -> bool:
        """Whether some bytes are read; an error it may not answer with escapes."""
        try:
            self.read(data)
        except self.refusals:
            return False
        return True


def _signer(seed: bytes) -> signer.LocalSigner:
    """A key that is the same in every run, so that a finding can be repeated."""
    private = Ed25519PrivateKey.from_private_bytes(seed * 32)
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return signer.LocalSigner(private, keys.parse("ed25519", spki))


KEY = _signer(b"\7")
RAW = KEY.public.spki[-32:]
P256_SPKI = (
    ec.derive_private_key(7, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
)
VKEY = note.vkey("register.example", RAW)
CHECKPOINT = Checkpoint("register.example", 1, b"\0" * 32).text()
NOTE = note.sign(CHECKPOINT, "register.example", KEY.sign, RAW)
LEAF = entry.Leaf("a" * 64, kinds.uri("lot"), KESTREL, AT, 10).to_bytes()
TABLE = b"serial,grade\nS-1,A\n"
A_LOT = LotId.of("kestrel", "A-1")
POLICY = statement.compose(baseline().record, Header(KESTREL, AT), A_LOT)
LOT = statement.compose(
    LotRecord(A_LOT, ProductId.of("kestrel", "K2"), unit_tree=table.commit(TABLE)),
    Header(KESTREL, AT),
    A_LOT,
)
LIMITS = canonical.canonical_bytes(structs.asdict(CheckLimits()))
ENVELOPE = signer.sealed(POLICY, KEY).raw
PACK = pack.write(
    pack.Pack(
        PartyId.of("nordlicht"),
        ArrivalId.of("nordlicht", "A-1"),
        0,
        NOTE,
        (entry.Entry(0, LEAF, ENVELOPE),),
        {0: (b"\1" * 32,)},
        {"b" * 64: b"serial\nS-1\n"},
    )
)
ASSERTION = b'{"authenticatorData":"AAAA","clientDataJSON":"e30","signature":"AAAA"}'
PASSKEY = keys.PublicKey(keys.Algorithm.WEBAUTHN_ED25519, KEY.public.spki, "voltrail.example")


def of_text(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A parser of text, given the bytes as UTF-8; what is no UTF-8 stays in it, half read."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def inside(read: Callable[[Any], Any]) -> Callable[[bytes], Any]:
    """A parser of a JSON value that stands in a statement, so that the profile has narrowed it."""
    return lambda data: read(canonical.parse(data).get("it"))


def of_any_scheme(data: bytes) -> None:
    """A public key is of one scheme at most, and says so plainly to the others."""
    read = 0
    for scheme in keys.Algorithm:
        with contextlib.suppress(MalformedError):
            keys.parse(scheme, data, "voltrail.example" if "webauthn" in scheme else "")
            read += "webauthn" not in scheme
    assert read <= 1
    if not read:
        raise MalformedError("No scheme reads it.", hint="")


def of_list(data: bytes) -> rows.Rows:
    """Every kind of list is told and read, whatever the bytes are."""
    found = sheet.read(data)
    for reader in registry.READERS.values():
        with contextlib.suppress(MalformedError):  # a needed column is not there
            told = rows.guess(found, reader, SETTING)
            last = rows.read(found, reader, told, SETTING)
            assert len(last.drafts) + len(last.wrong) == len(found.rows) + len(found.wrong)
    return rows.Rows((), found.wrong)


LIST = 'sep=;\r\nNummer;Firma;Land;Rolle\r\nS 1;"Müller; Söhne";DE;Händler\r\n'.encode("cp1252")
SETTING = Setting(PartyId.of("nordlicht"))
PARSERS: dict[str, Parser] = {
    "anchors": Parser(
        anchors.parse, (anchors.write(Anchors((Anchor(KEY.public, KESTREL, AT),)), ["log"]),)
    ),
    "bundle": Parser(tile.unbundle, (tile.bundle([LEAF, LEAF]),)),
    "canonical": Parser(canonical.parse, (POLICY, b'{"a":[1,true,null,"\\u00e9"]}')),
    "checkpoint": Parser(of_text(checkpoint.parse), (CHECKPOINT.encode(),)),
    "commitment": Parser(
        inside(table.Commitment.parse),
        (canonical.canonical_bytes({"it": table.commit(TABLE).to_json()}),),
    ),
    "COSE message": Parser(
        cose.parse,
        (cose.sign(b"goods", {1: -8, 4: b"k"}, KEY.sign, unprotected={"x": [1, {2: None}]}),),
    ),
    "credential": Parser(
        lambda data: credential.verify(data, AT),
        (
            b'{"@context":["https://www.w3.org/ns/credentials/v2"],"issuer":"x","proof":{}}',
            b"eyJhbGciOiJFZERTQSIsInR5cCI6InZjK2p3dCJ9.e30.AAAA",
        ),
        (MalformedError, RefusedError, UnverifiableError),
    ),
    "did:key": Parser(
        of_text(did_key.resolve),
        (did_key.written(KEY.key.public_key()).encode(),),
        (MalformedError, UnverifiableError),
    ),
    "envelope": Parser(envelope.parse, (ENVELOPE,)),
    "foreign JSON": Parser(canonical_json.parse, (b'{"a":[1.5,"\\u00e9",null]}',)),
    "identity": Parser(of_text(subject.parse), (b"urn:voltrail:lot:kestrel:KC-2611-A",)),
    "key": Parser(of_any_scheme, (KEY.public.spki, P256_SPKI)),
    "leaf": Parser(entry.parse_leaf, (LEAF,)),
    "limits": Parser(lambda data: limits_of(CheckLimits, canonical.parse(data)), (LIMITS,)),
    "link": Parser(
        lambda data: links.verify(data, {}),
        (b'{"signatures":[],"signed":{"_type":"link","name":"x","products":{}}}',),
        (MalformedError, UnverifiableError),
    ),
    "list": Parser(of_list, (registry.example(registry.reader("places")), LIST)),
    "note": Parser(note.split, (NOTE,)),
    "opened note": Parser(
        lambda data: note.open_note(data, [note.parse_vkey(VKEY)]),
        (NOTE,),
        (MalformedError, SignatureInvalidError, UnverifiableError),
    ),
    "pack": Parser(pack.parse, (PACK,)),
    "place in a token": Parser(
        lambda data: token_uri.parse(data.decode("latin-1")),
        (b"pkcs11:token=The%20bench;object=seal;id=%01?module-path=/lib.so",),
        (MalformedError, RefusedError),
    ),
    "passkey's answer": Parser(
        lambda data: PASSKEY.check(data, b"signed"), (ASSERTION,), (SignatureInvalidError,)
    ),
    "private key": Parser(signer.load, (KEY.pem(),)),
    "quantity": Parser(
        inside(quantities.Quantity.parse),
        (b'{"it":{"uncertainty":"0.1","unit":"A.h","value":"280.0"}}',),
    ),
    "receipt": Parser(receipt.parse, (receipt.Receipt(3, (b"\1" * 32,), NOTE, b"more").text(),)),
    "signature": Parser(
        lambda data: KEY.public.check(data, b"signed"),
        (KEY.sign(b"signed"),),
        (SignatureInvalidError,),
    ),
    "quick and strict": Parser(alike, (POLICY, LOT, ENVELOPE), ()),
    "signed code": Parser(
        of_text(signed_code.parse),
        (b"HC1:" + base45.encode(zlib.compress(cose.sign(b"", {1: -8}, KEY.sign))).encode(),),
    ),
    "statement": Parser(statement.parse, (POLICY, LOT)),
    "table": Parser(table.commit, (TABLE,)),
    "tile": Parser(tile.hashes_of, (b"\1" * 64,)),
    "tile path": Parser(of_text(tile.parse_path), (b"tile/0/x001/234.p/7",)),
    "time": Parser(
        inside(lambda value: fields.instant(value, "at")),
        (b'{"it":"2026-11-22T08:40:00Z"}', b'{"it":"0001-01-01T00:00:00+23:59"}'),
    ),
    "vkey": Parser(of_text(note.parse_vkey), (VKEY.encode(),)),
}
JSON = ("anchors", "commitment", "envelope", "leaf", "limits", "quantity", "statement", "time")

"""Bytes from anywhere: a parser answers with a value or with one of our refusals, never a crash."""

import contextlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.samples import AT, FACTS, HEADERS, NAMES, SUBJECTS, TEXT, facts, payloads
from voltrail import canonical, table
from voltrail.audit import pack
from voltrail.errors import MalformedError, ProductError
from voltrail.ids.subject import ArrivalId, PartyId
from voltrail.register import checkpoint, entry, note, receipt, tile
from voltrail.statements import envelope, kinds, statement
from voltrail.statements.envelope import Signature
from voltrail.trust import anchors, signer
from voltrail.trust.anchors import Anchor, Anchors

DRILL = os.environ.get("VOLTRAIL_DRILL") == "1"
ROUGH = settings(
    max_examples=2_000 if DRILL else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "urn:voltrail:lot:x", "0001-01-01T00:00:00+23:59", "a" * 64, "\ud800"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KEY = signer.generate()
COMMITMENT = table.commit(b"serial,grade\nS-1,A\n")
NOTE = note.sign(
    checkpoint.Checkpoint("register.example", 1, b"\0" * 32).text(),
    "register.example",
    KEY.sign,
    KEY.public.spki[-32:],
)
LEAF = entry.Leaf("a" * 64, kinds.uri("lot"), PartyId.of("kestrel"), AT, 10).to_bytes()
ENVELOPE = envelope.build(b"payload", (Signature("hint", b"sig"),)).raw
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
SEEDS: dict[str, tuple[Callable[[bytes], Any], bytes]] = {
    "envelope": (envelope.parse, ENVELOPE),
    "anchors": (
        anchors.parse,
        anchors.write(Anchors((Anchor(KEY.public, PartyId.of("kestrel"), AT),)), ["log"]),
    ),
    "pack": (pack.parse, PACK),
    "receipt": (receipt.parse, receipt.Receipt(3, (b"\1" * 32,), NOTE, b"more").text()),
    "checkpoint": (
        lambda data: checkpoint.parse(data.decode("latin-1")),
        checkpoint.Checkpoint("register.example", 1, b"\0" * 32).text().encode(),
    ),
    "note": (note.split, NOTE),
    "opened note": (
        lambda data: note.open_note(data, [note.parse_vkey(VKEY)]),
        NOTE,
    ),
    "vkey": (lambda data: note.parse_vkey(data.decode("latin-1")), b""),
    "table": (partial(table.check, commitment=COMMITMENT), b"serial,grade\nS-1,A\n"),
    "leaf": (entry.parse_leaf, LEAF),
    "bundle": (tile.unbundle, tile.bundle([LEAF, LEAF])),
    "tile": (tile.hashes_of, b"\1" * 64),
    "tile path": (lambda data: tile.parse_path(data.decode("latin-1")), b"tile/0/x001/234.p/7"),
}
VKEY = note.vkey("register.example", KEY.public.spki[-32:])
SEEDS["vkey"] = (SEEDS["vkey"][0], VKEY.encode())
JSON = ("envelope", "anchors", "leaf")


def refuses_or_reads(parse: Callable[[bytes], Any], data: bytes) -> None:
    """Fail where anything but our own errors escapes."""
    with contextlib.suppress(ProductError):
        parse(data)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The data cut, spliced, doubled, or with some bytes of another value."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(changed)))
        end = draw(st.integers(place, min(len(changed), place + 40)))
        changed[place:end] = draw(st.binary(max_size=12) | st.just(bytes(changed[place:end]) * 2))
    return bytes(changed)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """The paths to every value inside a JSON value."""
    if isinstance(value, (dict, list)):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in inside:
            yield (*path, key)
            yield from places(item, (*path, key))


@st.composite
def bent(draw: st.DrawFn, data: bytes) -> bytes:
    """The JSON with one to three values renamed, dropped, or put in another's place."""
    value = json.loads(data)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(value), key=str) or [()]))
        if not path:
            break
        inside = value
        for step in path[:-1]:
            inside = inside[step]
        what = draw(st.sampled_from(["drop", "replace", "repeat"]))
        if what == "drop":
            del inside[path[-1]]
        elif what == "replace":
            inside[path[-1]] = draw(VALUES)
        else:
            inside[path[-1]] = [inside[path[-1]]] * 2
    return json.dumps(value).encode("utf-8", "surrogatepass")


@pytest.mark.corpus
@pytest.mark.parametrize("name", SEEDS)
def test_changed_bytes_are_read_or_refused(name: str) -> None:
    parse, seed = SEEDS[name]
    parse(seed)

    @ROUGH
    @given(st.binary(max_size=300) | mutated(seed))
    def judge(data: bytes) -> None:
        refuses_or_reads(parse, data)

    judge()


@pytest.mark.corpus
@pytest.mark.parametrize("name", JSON)
def test_bent_json_is_read_or_refused(name: str) -> None:
    parse, seed = SEEDS[name]

    @ROUGH
    @given(bent(seed))
    def judge(data: bytes) -> None:
        refuses_or_reads(parse, data)

    judge()


@pytest.mark.corpus
@pytest.mark.parametrize("name", NAMES)
def test_a_bent_statement_of_any_kind_is_read_or_refused(name: str) -> None:
    @ROUGH
    @given(payloads(name).flatmap(lambda payload: bent(payload) | mutated(payload)))
    def judge(data: bytes) -> None:
        refuses_or_reads(statement.parse, data)

    judge()


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-22T24:00:00Z"]
)
def test_a_time_at_the_edge_of_the_calendar_is_read_or_refused(text: str) -> None:
    leaf = json.loads(LEAF) | {"logTime": text}
    refuses_or_reads(entry.parse_leaf, json.dumps(leaf).encode())


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_of_any_kind_reads_back_as_it_was_written(name: str) -> None:
    @settings(ROUGH, max_examples=500 if DRILL else 25)
    @given(facts(FACTS[name]), HEADERS, SUBJECTS)
    def judge(fact: Any, header: statement.Header, subject: Any) -> None:  # noqa: ANN401
        payload = statement.compose(fact, header, subject)
        found = statement.parse(payload)
        assert (found.fact, found.header) == (fact, header)
        assert found.subjects == (subject,)
        assert statement.draft(found.predicate_type, found.predicate, found.subjects) == payload

    judge()


@ROUGH
@given(TEXT, st.binary(min_size=1, max_size=40), st.binary(min_size=1, max_size=9))
def test_an_envelope_reads_back_as_it_was_written(hint: str, payload: bytes, sig: bytes) -> None:
    made = envelope.build(payload, (Signature(hint, sig),))
    assert envelope.parse(made.raw) == made


def test_a_pack_a_receipt_and_a_leaf_read_back_as_they_were_written() -> None:
    assert pack.write(pack.parse(PACK)) == PACK
    assert receipt.parse(SEEDS["receipt"][1]).text() == SEEDS["receipt"][1]
    assert entry.parse_leaf(LEAF).to_bytes() == LEAF


MEMBERS = st.sampled_from(
    ["manifest.json", "checkpoint", "entries/0.leaf", "entries/0.json", "entries/0.proof"]
)


@pytest.mark.corpus
@ROUGH
@given(
    st.dictionaries(MEMBERS, st.binary(max_size=60) | bent(b'{"decision":0,"v":1}')),
)
def test_a_zip_with_strange_members_is_read_or_refused(members: dict[str, bytes]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, zipfile.ZipFile(io.BytesIO(PACK)) as old:
        whole = {name: old.read(name) for name in old.namelist()} | members
        for name, data in whole.items():
            archive.writestr(name, data)
    refuses_or_reads(pack.parse, made.getvalue())


def said(parse: Callable[[bytes], object], data: bytes) -> object:
    """What a parser says: the value as text, or the refusal's sentence."""
    try:
        return repr(parse(data))
    except MalformedError as error:
        return str(error)


READERS = (canonical, statement, envelope)


def alike(data: bytes) -> None:
    """Each of the three readers says the same with and without its quick path."""
    quick = [said(reader.parse, data) for reader in READERS]
    with pytest.MonkeyPatch.context() as patch:
        for reader in READERS:
            patch.setattr(reader, "_quick", lambda _: None)
        assert [said(reader.parse, data) for reader in READERS] == quick


EDGES = [
    b'{"a":1,"a":1}',
    b'{"a":9007199254740991}',
    b'{"a":9007199254740992}',
    b'{"a":-9007199254740992}',
    b'{"a":18446744073709551616}',
    b'{"a":-0}',
    b'{"a":1.0}',
    b'{"a":1e2}',
    b'{"a":NaN}',
    b'{"a":null}',
    b'{"a":"\\u00e9"}',
    '{"a":"é"}'.encode(),
    '{"é":1}'.encode(),
    b'{"\\u00e9":1}',
    b'{"a":"\\ud800"}',
    b'{"a":"\x7f"}',
    b'{"a":"\\u007f"}',
    b'{"a":"\\/"}',
    b'{"a":"\\u0001\\b\\f"}',
    b'{"b":1,"a":2}',
    b' {"a":1}',
    b'\xef\xbb\xbf{"a":1}',
    b'{"a":' * 16 + b"1" + b"}" * 16,
    b'{"a":' * 17 + b"1" + b"}" * 17,
    b'{"a":' + b"[" * 15 + b"]" * 15 + b"}",
    b'{"a":' + b"[" * 16 + b"]" * 16 + b"}",
    b"[" * 100_000,
    b"[]",
    b"7",
    b"",
]


@pytest.mark.parametrize("data", EDGES, ids=range(len(EDGES)))
def test_the_quick_path_reads_what_the_strict_path_reads_at_every_edge(data: bytes) -> None:
    alike(data)


@ROUGH
@given(
    st.dictionaries(st.text(max_size=6), VALUES, max_size=5).map(
        lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    )
    | st.sampled_from(NAMES).flatmap(payloads).flatmap(lambda data: st.just(data) | mutated(data))
)
def test_the_quick_path_reads_what_the_strict_path_reads(data: bytes) -> None:
    alike(data)

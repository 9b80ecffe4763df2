"""A quick path never says what the strict path would not say: not in outcome, value or type."""

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.parsers import AT, ENVELOPE, POLICY
from fuzz.parsers import LOT as A_LOT
from fuzz.quick import READERS, alike, quickly
from fuzz.samples import NAMES, payloads
from fuzz.twists import (
    LEAVES,
    NUMBERS,
    ODD_NAMES,
    ODD_TEXTS,
    ODD_TIMES,
    QUANTITIES,
    VALUES,
    Raw,
    base64_variants,
    mutated,
    places,
    plain,
    twisted,
)
from statements.samples import FACTS, body_of
from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, PartyId, PlaceId
from voltrail.register import entry
from voltrail.statements import envelope, fields, kinds, statement
from voltrail.statements.fields import Digest
from voltrail.statements.statement import Header, Visibility

DRILL = os.environ.get("VOLTRAIL_DRILL") == "1"
ROUGH = settings(
    max_examples=3_000 if DRILL else 60,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
LOT = LotId.of("kestrel", "KC-2611-A")
HEADER = Header(
    PartyId.of("kestrel"),
    AT,
    PlaceId.of("kestrel", "works"),
    (Digest("a" * 64),),
    Digest("b" * 64),
    "A reason.",
    "nonce",
    Visibility((PartyId.of("hafen"),), public=True, sealed_until=AT),
)
INCIDENT = statement.draft(
    kinds.uri("incident"), {"header": fields.write(HEADER), **body_of("incident")}, (LOT,)
)
PATHS = [
    *places(json.loads(INCIDENT)),
    *(("predicate", *more) for more in (("more",), ("header", "more"), ("causes", 0, "more"))),
    *(("subject", 0, *more) for more in (("more",), ("digest", "é"), ("digest", "sha512"))),
    ("more",),
]
EDGES = [
    b'{"a":1,"a":1}',
    b'{"a":1,"a":2}',
    b'{"a":9007199254740991}',
    b'{"a":9007199254740992}',
    b'{"a":-9007199254740991}',
    b'{"a":-9007199254740992}',
    b'{"a":9223372036854775808}',
    b'{"a":18446744073709551615}',
    b'{"a":18446744073709551616}',
    b'{"a":' + b"9" * 400 + b"}",
    b'{"a":' + b"9" * 5_000 + b"}",
    b'{"a":-0}',
    b'{"a":01}',
    b'{"a":1.0}',
    b'{"a":1e2}',
    b'{"a":1E400}',
    b'{"a":NaN}',
    b'{"a":null}',
    b'{"a":true}',
    b'{"a":"\\u00e9"}',
    '{"a":"é"}'.encode(),
    '{"é":1}'.encode(),
    b'{"\\u00e9":1}',
    b'{"\\u0061":1}',
    b'{"":1}',
    b'{"a":"\\ud800"}',
    b'{"a":"\\ud83d\\udd0b"}',
    b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\xff"}',
    b'{"a":"\x7f"}',
    b'{"a":"\\u007f"}',
    b'{"a":"\\/"}',
    b'{"a":"\\u0001\\b\\f"}',
    b'{"a":"\x01"}',
    b'{"a":"\t"}',
    b'{"a":"\\t"}',
    b'{"a":"\\u0009"}',
    b'{"a":"\\u001F"}',
    b'{"a":"\\u001f"}',
    b'{"b":1,"a":2}',
    b' {"a":1}',
    b'{"a":1} ',
    b'{"a":1}\0',
    b'{"a":1}{"a":1}',
    b'{"a":1,}',
    b'{"a" :1}',
    b'\xef\xbb\xbf{"a":1}',
    '{"a":1}'.encode("utf-16"),
    *(b'{"a":' * depth + b"1" + b"}" * depth for depth in (15, 16, 17, 2_000)),
    *(b'{"a":' + b"[" * depth + b"]" * depth + b"}" for depth in (14, 15, 16, 17)),
    b'{"a":[' + b"[]," * 20 + b"[]]}",
    b"[" * 100_000,
    b"[]",
    b"7",
    b'"a"',
    b"null",
    b"",
]


@pytest.mark.parametrize("data", EDGES, ids=range(len(EDGES)))
def test_both_paths_agree_at_every_edge_of_json(data: bytes) -> None:
    alike(data)


@pytest.mark.corpus
@ROUGH
@given(
    st.dictionaries(st.text(max_size=6), VALUES, max_size=5).map(
        lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    )
    | st.dictionaries(st.text(max_size=3), LEAVES, max_size=3).map(
        lambda value: plain(value).encode("utf-8", "surrogatepass")
    )
)
def test_both_paths_agree_on_any_json(data: bytes) -> None:
    alike(data)


@pytest.mark.corpus
@pytest.mark.parametrize("name", NAMES)
def test_both_paths_agree_on_a_statement_somebody_twisted(name: str) -> None:
    whole = payloads(name) if name not in FACTS else payloads(name) | st.just(whole_payload(name))

    @settings(ROUGH, max_examples=4_000 if DRILL else 40)
    @given(whole.flatmap(lambda payload: st.just(payload) | twisted(payload) | mutated(payload)))
    def judge(data: bytes) -> None:
        alike(data)

    judge()


@pytest.mark.corpus
@ROUGH
@given(twisted(ENVELOPE) | mutated(ENVELOPE))
def test_both_paths_agree_on_an_envelope_somebody_twisted(data: bytes) -> None:
    alike(data)


def whole_payload(name: str) -> bytes:
    """A payload of a kind, every field of its header filled."""
    predicate = {"header": fields.write(HEADER), **body_of(name)}
    return statement.draft(kinds.uri(name), predicate, (LOT,))


def changed(data: bytes, path: tuple[Any, ...], value: Any) -> bytes:  # noqa: ANN401
    """The JSON with one value replaced, in canonical writing."""
    whole = json.loads(data)
    inside = whole
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return plain(whole).encode("utf-8", "surrogatepass")


ODD = [*ODD_TEXTS, *ODD_TIMES, *ODD_NAMES, *QUANTITIES, *map(Raw, NUMBERS)]
ODD += [None, True, False, [], {}, [" "], {"a": " "}, ["a" * 64] * 1_001]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_both_paths_agree_on_odd_values_in_every_place(path: tuple[Any, ...]) -> None:
    for value in ODD:
        alike(changed(INCIDENT, path, value))


@pytest.mark.parametrize("value", [*ODD, {"é": 1}, {"a": Raw("1.5")}, {"a": Raw("1e2")}, {"a": {}}])
def test_both_paths_agree_on_odd_limits_in_a_policy(value: Any) -> None:  # noqa: ANN401
    alike(changed(POLICY, ("predicate", "rules", 0, "limits"), value))


@pytest.mark.parametrize("count", [0, 1, 2, 64, 65])
@pytest.mark.parametrize("same", [True, False])
def test_both_paths_agree_on_how_many_subjects_there_are(count: int, *, same: bool) -> None:
    listed = [
        {
            "digest": {"sha256": "a" * 64},
            "name": f"urn:voltrail:lot:kestrel:{0 if same else number}",
        }
        for number in range(count)
    ]
    alike(changed(INCIDENT, ("subject",), listed))


@pytest.mark.parametrize("count", [999, 1_000, 1_001])
def test_both_paths_agree_on_how_long_a_list_may_be(count: int) -> None:
    alike(changed(INCIDENT, ("predicate", "header", "prev"), ["a" * 64] * count))
    causes = json.loads(INCIDENT)["predicate"]["causes"]
    alike(changed(INCIDENT, ("predicate", "causes"), causes * count))
    alike(changed(INCIDENT, ("predicate", "evidence"), ["a" * 64] * count))


@pytest.mark.parametrize(
    "kind",
    [
        "urn:voltrail:predicate:incident:v1",
        "urn:voltrail:predicate:incident:v2",
        "urn:voltrail:predicate:incident:v01",
        "urn:voltrail:predicate:incident:v1 ",
        "urn:voltrail:predicate:incident",
        "urn:voltrail:predicate:policy:v1",
        "urn:voltrail:predicate:lot:v1",
        "urn:voltrail:predicate::v1",
        "urn:example:unknown:v1",
        "é" * 200,
        "x" * 200,
        "x" * 201,
        " ",
        "",
    ],
)
def test_both_paths_agree_on_the_predicate_type(kind: str) -> None:
    alike(changed(INCIDENT, ("predicateType",), kind))
    alike(changed(INCIDENT, ("subject", 0, "digest"), {"predicateType": kind}))


PARTS = [b"payload", b"\xfb\xff\xfe\x00", b"x", b"xy"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("path", [("payload",), ("signatures", 0, "sig")])
def test_both_paths_agree_on_every_way_to_write_base64(path: tuple[Any, ...], part: bytes) -> None:
    for text in base64_variants(part):
        alike(changed(ENVELOPE, path, text))


@pytest.mark.parametrize("keyid", [None, 0, "", " ", "é", "\ud800", [], "x" * 5_000])
@pytest.mark.parametrize("count", [0, 1, 2, 8, 9])
def test_both_paths_agree_on_how_an_envelope_lists_signatures(count: int, keyid: Any) -> None:  # noqa: ANN401
    listed = [{"keyid": keyid, "sig": "AAA" + "ABCDEFGHI"[number]} for number in range(count)]
    alike(changed(ENVELOPE, ("signatures",), listed))
    alike(changed(ENVELOPE, ("signatures",), listed[:1] * count))
    alike(changed(ENVELOPE, ("signatures",), [{"sig": one["sig"]} for one in listed]))
    alike(changed(ENVELOPE, ("signatures",), [{**one, "more": 1} for one in listed]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"payload":', b'"payload":"eA==","payload":'),
        (b'"keyid":', b'"keyid":"","keyid":'),
        (b'"payloadType":', b'"payload\\u0054ype":'),
        (b'"payloadType":', b'"more":1.5,"payloadType":'),
        (b'"payloadType":', b'"\xc3\xa9":1,"payloadType":'),
        (b'{"payload":"', b'{"payload":"\\u0065'),
        (b'{"payload":"', b'{ "payload":"'),
        (b'"signatures":[', b'"signatures":[null,'),
        (b"}]}", b',"sig":"eA=="}]}'),
        (b"}]}", b"}]}\n"),
        (b"}]}", b"}]}]"),
    ],
)
def test_both_paths_agree_on_an_envelope_written_oddly(old: bytes, new: bytes) -> None:
    assert old in ENVELOPE
    alike(ENVELOPE.replace(old, new, 1))


@pytest.mark.parametrize("kind", ["application/json", "", None, "application/vnd.in-toto+json "])
def test_both_paths_agree_on_the_payload_type(kind: Any) -> None:  # noqa: ANN401
    alike(changed(ENVELOPE, ("payloadType",), kind))


def incident_of(size: int) -> bytes:
    """A well-formed incident of so many bytes, more than a few thousand."""
    cause = json.loads(INCIDENT)["predicate"]["causes"][0] | {"sentence": "x" * 3_500}
    lone, two = (changed(INCIDENT, ("predicate", "causes"), [cause] * count) for count in (1, 2))
    count = (size - 3_000) // (len(two) - len(lone))
    told = json.loads(INCIDENT)["predicate"]["header"] | {"reason": "x", "nonce": "x"}
    bare = changed(INCIDENT, ("predicate", "causes"), [cause] * count)
    rest = size - len(changed(bare, ("predicate", "header"), told))
    told |= {"reason": "x" * (1 + rest // 2), "nonce": "x" * (1 + rest - rest // 2)}
    return changed(bare, ("predicate", "header"), told)


def test_both_paths_agree_on_what_is_too_large() -> None:
    for _ in range(20):
        statement.parse(INCIDENT)  # a type is read the quick way once it was met often
    for size in (canonical.MAX_BYTES - 8, canonical.MAX_BYTES - 7):
        alike(b'{"a":"' + b"x" * size + b'"}')
    for size in (canonical.MAX_BYTES, canonical.MAX_BYTES + 1):
        data = incident_of(size)
        assert len(data) == size
        assert quickly(statement, data) == (size <= canonical.MAX_BYTES)
        alike(data)
    room = 2 * canonical.MAX_BYTES - len(changed(ENVELOPE, ("payload",), ""))
    for size in (room - room % 4, room - room % 4 + 4):
        alike(changed(ENVELOPE, ("payload",), "A" * size))


def test_what_we_write_ourselves_takes_the_quick_paths() -> None:
    for _ in range(statement._OFTEN + 1):  # a form is made once its kind was met often
        statement.parse(A_LOT)
    assert quickly(statement, A_LOT)
    assert quickly(canonical, A_LOT)
    assert quickly(envelope, ENVELOPE)
    assert len(READERS) == 3


LEAF = (
    b'{"envSha256":"%s","issuer":"urn:voltrail:party:acme","logTime":"2026-11-02T08:00:00Z",'
    b'"predicateType":"urn:voltrail:predicate:signal:v1","size":12,"v":1}' % (b"a" * 64)
)


@given(st.data())
def test_a_leaf_is_read_quickly_as_it_is_read_strictly(data: Any) -> None:  # noqa: ANN401 — hypothesis draws from it
    """One twist of the bytes: both paths give the same leaf, or the same refusal."""
    at = data.draw(st.integers(0, len(LEAF)))
    cut = data.draw(st.integers(0, 3))
    put = data.draw(st.sampled_from([b"", b" ", b'"', b"1", b"\\u0041", b"\x00", b",", b'"v":1,']))
    twisted = LEAF[:at] + put + LEAF[at + cut :]
    assert outcome(twisted) == outcome(twisted, quick=False)


def outcome(leaf: bytes, *, quick: bool = True) -> object:
    kept = entry._quick
    if not quick:
        entry._quick = lambda _: None
    try:
        return entry.parse_leaf(leaf)
    except MalformedError as error:
        return type(error)
    finally:
        entry._quick = kept

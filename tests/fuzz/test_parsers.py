"""Bytes from anywhere: a parser answers with a value or a plain refusal, never with a crash."""

import io
import json
import os
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.parsers import JSON, LEAF, PACK, PARSERS
from fuzz.samples import FACTS, HEADERS, NAMES, SUBJECTS, facts, payloads
from fuzz.twists import bent, mutated
from voltrail.audit import pack
from voltrail.register import entry, receipt
from voltrail.statements import envelope, statement
from voltrail.statements.envelope import Signature

DRILL = os.environ.get("VOLTRAIL_DRILL") == "1"
ROUGH = settings(
    max_examples=2_000 if DRILL else 40,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


@pytest.mark.corpus
@pytest.mark.parametrize("name", PARSERS)
def test_changed_bytes_are_read_or_refused(name: str) -> None:
    parser = PARSERS[name]

    @ROUGH
    @given(st.binary(max_size=300) | st.sampled_from(parser.seeds).flatmap(mutated))
    def judge(data: bytes) -> None:
        parser.answers(data)

    judge()


@pytest.mark.parametrize("name", sorted(set(PARSERS) - {"credential", "link", "passkey's answer"}))
def test_every_parser_reads_its_first_seed(name: str) -> None:
    assert PARSERS[name].answers(PARSERS[name].seeds[0])


@pytest.mark.corpus
@pytest.mark.parametrize("name", JSON)
def test_bent_json_is_read_or_refused(name: str) -> None:
    parser = PARSERS[name]

    @ROUGH
    @given(st.sampled_from(parser.seeds).flatmap(bent))
    def judge(data: bytes) -> None:
        parser.answers(data)

    judge()


@pytest.mark.corpus
@pytest.mark.parametrize("name", NAMES)
def test_a_bent_statement_of_any_kind_is_read_or_refused(name: str) -> None:
    @ROUGH
    @given(payloads(name).flatmap(lambda payload: bent(payload) | mutated(payload)))
    def judge(data: bytes) -> None:
        PARSERS["statement"].answers(data)

    judge()


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-22T24:00:00Z"]
)
def test_a_time_at_the_edge_of_the_calendar_is_read_or_refused(text: str) -> None:
    leaf = json.loads(LEAF) | {"logTime": text}
    PARSERS["leaf"].answers(json.dumps(leaf).encode())


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
@given(
    st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=8),
    st.binary(min_size=1, max_size=40),
    st.binary(min_size=1, max_size=9),
)
def test_an_envelope_reads_back_as_it_was_written(hint: str, payload: bytes, sig: bytes) -> None:
    made = envelope.build(payload, (Signature(hint, sig),))
    assert envelope.parse(made.raw) == made


def test_a_pack_a_receipt_and_a_leaf_read_back_as_they_were_written() -> None:
    assert pack.write(pack.parse(PACK)) == PACK
    (seed,) = PARSERS["receipt"].seeds
    assert receipt.parse(seed).text() == seed
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
    PARSERS["pack"].answers(made.getvalue())

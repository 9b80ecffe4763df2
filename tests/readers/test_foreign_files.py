"""
Every file of other people that we were given: what it gives, or why it is refused.

The table is `foreign.tsv`: file, outcome, what it gives or the refusal. An outcome is a format,
`invalid` where its origin calls the file invalid, or `not-read` with the reason. Write it anew with
VOLTRAIL_UPDATE_SURFACE=1 and read the difference before you commit it.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.readers import registry
from voltrail.statements import kinds

TABLE = Path(__file__).with_name("foreign.tsv")
SETS = (
    "epcis-openepcis",
    "dpp-openepcis",
    "catenax-sldt",
    "catenax-tracex",
    "batterypass",
    "cyclonedx",
)
# What describes formats, or is no file of one: no row.
NO_DATA = (
    "-schema.json",
    ".schema",
    "schema_V1.json",
    "openapi",
    "-context.jsonld",
    "battery-schema.json",
)
FOLDERS = ("/vocab/", "/validation/", "/demo-flows/", "/organizations/")

pytestmark = pytest.mark.corpus


def names() -> list[str]:
    root = corpus("traceability")
    found = (one for folder in SETS for one in root.joinpath(folder).rglob("*") if one.is_file())
    told = sorted(one.relative_to(root).as_posix() for one in found)
    return [
        one
        for one in told
        if not one.endswith(NO_DATA) and not any(part in one for part in (*FOLDERS, "openapi"))
    ]


def outcome(name: str) -> str:
    try:
        found = registry.read(corpus("traceability", name).read_bytes())
    except MalformedError as error:
        word = "invalid" if "invalid" in name.lower() and "valid-" not in name else "not-read"
        return f"{name}\t{word}\t{' '.join(str(error).split())[:300]}"
    kinds = Counter(one.kind for one in found.drafts)
    given = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"{name}\t{found.form}\t{given}; {len(found.remarks)} remarks"


def test_each_file_gives_what_the_table_says() -> None:
    now = [outcome(name) for name in names()]
    if os.environ.get("VOLTRAIL_UPDATE_SURFACE") == "1":
        TABLE.write_text("\n".join(now) + "\n", encoding="utf-8")
    assert now == TABLE.read_text(encoding="utf-8").splitlines()


def test_what_its_origin_calls_invalid_is_refused() -> None:
    rows = [row.split("\t") for row in TABLE.read_text(encoding="utf-8").splitlines()]
    invalid = {name: word for name, word, _ in rows if "/Invalid/" in name}
    assert len(invalid) == 20
    assert set(invalid.values()) == {"invalid"}


def test_each_draft_names_a_statement_of_ours_or_an_event() -> None:
    rows = [row.split("\t") for row in TABLE.read_text(encoding="utf-8").splitlines()]
    given = [detail.partition(";")[0] for _, word, detail in rows if word in registry.FORMATS]
    named = {one.split()[1] for detail in given for one in detail.split(", ")}
    assert len(named) > 8
    assert named - set(kinds.KINDS) == {"event"}

"""The example on each page of the formats is read, and the page names every field."""

import json
import re

import pytest
from msgspec.structs import fields as fields_of

from house.source import ROOT
from statements.samples import FACTS, parsed
from voltrail.statements import kinds

EXAMPLE = re.compile(r"^- \*\*Example:\*\*\n\n((?: {6}.*\n)+)", re.MULTILINE)


def page_of(name: str) -> str:
    file = ROOT / "docs/spec" / f"{kinds.KINDS[name][0]}.md"
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(FACTS) - {"change-decision"}))
def test_the_example_on_the_page_is_read(name: str) -> None:
    found = EXAMPLE.search(page_of(name))
    assert found
    body = json.loads(found[1].replace("<64 digits>", "1" * 64))
    assert isinstance(parsed(name, body).fact, type(FACTS[name]))


@pytest.mark.parametrize("name", FACTS)
def test_the_page_names_every_field(name: str) -> None:
    page = page_of(name)
    lost = [one.name for one in fields_of(FACTS[name]) if f"`{one.name}`" not in page]
    assert not lost, f"Say what these mean: {lost}"

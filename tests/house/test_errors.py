"""Every error has a status, an exit code and a paragraph that a person can read."""

import re

import pytest

from house.source import ROOT
from voltrail import errors
from voltrail.errors import ProductError

STATUSES = {400, 403, 404, 409, 422, 424, 429, 500, 503}
EXIT_CODES = {1, 65, 66, 70, 75}  # sysexits: data, no input, software, try again


def family(kind: type[ProductError]) -> list[type[ProductError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in family(child))]


EVERY = [kind for kind in family(ProductError) if kind.__module__.startswith("voltrail")]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_has_a_status_an_exit_code_and_a_title(kind: type[ProductError]) -> None:
    assert kind.status in STATUSES
    assert kind.exit_code in EXIT_CODES
    assert kind.title


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_has_a_heading_its_anchor_leads_to(kind: type[ProductError]) -> None:
    page = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    anchors = {heading.lower() for heading in re.findall(r"^#+ (\w+)$", page, re.MULTILINE)}
    assert kind("A sentence.").anchor in anchors


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_the_page_gives_the_numbers_of_the_code(kind: type[ProductError]) -> None:
    page = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    paragraph = page.partition(f"## {kind.__name__}\n")[2].partition("\n## ")[0]
    assert f"Status {kind.status}, exit code {kind.exit_code}." in paragraph


def test_the_drawing_at_the_head_of_the_file_shows_every_error() -> None:
    drawing = errors.__doc__ or ""
    assert not [kind.__name__ for kind in EVERY if kind.__name__ not in drawing]


def test_every_error_is_defined_in_one_file() -> None:
    assert {kind.__module__ for kind in EVERY} == {"voltrail.errors"}

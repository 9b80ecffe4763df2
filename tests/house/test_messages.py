"""Each text that people read stands in both catalogues, and German says all of it."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("django")

import polib

from house.source import ROOT, SRC

LOCALE = SRC / "voltrail_server" / "locale"
TEMPLATES = SRC / "voltrail_server" / "templates"
PLACEHOLDERS = re.compile(r"%\(\w+\)s")
TAGS = re.compile(r"</?[a-z][^>]*>")
NOT_TEXT = re.compile(
    r"{%\s*(?:blocktranslate|comment).*?{%\s*end(?:blocktranslate|comment)\s*%}|{#.*?#}",
    re.DOTALL,
)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
CODE_ELEMENTS = re.compile(r"<(script|style|svg|pre)\b.*?</\1>", re.DOTALL)
SAID_ATTRIBUTES = re.compile(r'\b(?:placeholder|aria-label|title|alt|data-label)="([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2}")
# Names of formats, of this product and examples of identities read alike in every language.
ALIKE = re.compile(r"^(CSV|XLSX|JSON|Voltrail|hall-7|urn:voltrail:\S+|120 131|voltrail [a-z-]+|Z)$")


@cache
def tool() -> ModuleType:
    path = ROOT / "tools" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages_tool", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["messages_tool"] = made
    spec.loader.exec_module(made)
    return made


@cache
def found() -> dict[tuple[str, str], object]:
    return tool().collect_set_up()


@cache
def catalogue(language: str) -> list[polib.POEntry]:
    return list(polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po")))


def keys(language: str) -> set[tuple[str, str]]:
    return {(one.msgctxt or "", one.msgid) for one in catalogue(language)}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_message_of_the_source_is_in_the_catalogue_and_no_other(language: str) -> None:
    missing, idle = found().keys() - keys(language), keys(language) - found().keys()
    assert not missing, f"Run make messages, then translate: {sorted(missing)[:20]}"
    assert not idle, f"Run make messages: nothing says these any more: {sorted(idle)[:20]}"


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_message_is_said_in_every_form(language: str) -> None:
    silent = [one.msgid for one in catalogue(language) if not one.translated()]
    unsure = [one.msgid for one in catalogue(language) if one.fuzzy]
    assert not silent, f"Translate these: {silent[:20]}"
    assert not unsure


def pairs() -> Iterator[tuple[str, str]]:
    for one in catalogue("de"):
        yield from tool().texts([one])


def test_german_keeps_placeholders_and_tags() -> None:
    wrong = [
        said
        for text, said in pairs()
        for shape in (PLACEHOLDERS, TAGS)
        if set(shape.findall(said)) != set(shape.findall(text)) and "<you>" not in text
    ]
    assert not wrong


def test_no_translation_can_break_its_format() -> None:
    for text, said in pairs():
        if PLACEHOLDERS.search(text):
            given = dict.fromkeys((one[2:-2] for one in PLACEHOLDERS.findall(text)), "x")
            assert "%(" not in said % given, said


def test_german_keeps_the_glossary() -> None:
    rows = (ROOT / "docs" / "reference" / "german.md").read_text(encoding="utf-8").splitlines()
    terms = dict(
        (cell.strip() for cell in row.split("|")[1:3]) for row in rows if row.startswith("| ")
    )
    said = dict(pairs())
    wrong = {term: said[term] for term, word in terms.items() if said.get(term, word) != word}
    assert not wrong, "The glossary and the catalogue say two things."


def test_german_speaks_to_nobody_as_sie_or_du() -> None:
    address = re.compile(
        r"\b(Ihre?[mnrs]?|Ihnen|du|dein\w*|dich|dir)\b|\bSie (bitte|müssen|können)\b"
    )
    assert not [said for _, said in pairs() if address.search(said)]


def plain(source: str) -> Iterator[str]:
    """Every text of a template that a person reads and nothing translates."""
    bare = CODE.sub("\0", NOT_TEXT.sub("\0", source))
    for attribute in SAID_ATTRIBUTES.findall(bare):
        yield from attribute.split("\0")
    yield from re.sub(r"<[^>]*>", "\0", CODE_ELEMENTS.sub("\0", bare)).split("\0")


def is_said(text: str) -> bool:
    bare = re.sub(r"&\w+;", "", text).strip(" \n·:.,()[]#/→")
    return bool(WORD.search(bare)) and not ALIKE.match(bare)


def untranslated() -> dict[str, list[str]]:
    rows = {}
    for page in sorted(TEMPLATES.rglob("*.html")):
        texts = [text.strip() for text in plain(page.read_text(encoding="utf-8")) if is_said(text)]
        if texts:
            rows[page.relative_to(TEMPLATES).as_posix()] = texts
    return rows


def test_no_template_says_what_nothing_translates() -> None:
    lines = Path(__file__).with_name("untranslated.txt").read_text(encoding="utf-8").splitlines()
    waiting = {line for line in lines if line and not line.startswith("#")}
    rows = untranslated()
    assert not {page: texts[:5] for page, texts in rows.items() if page not in waiting}
    assert not waiting - rows.keys(), "These are marked now; take them off the list."


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('<p title="Held">{{ x }}</p>', ["Held"]),
        ("<p>Held since {{ x }}</p>", ["Held since"]),
        ('<p>{% translate "Held" %}</p><code>urn:voltrail:lot:…</code>', []),
        ("{% blocktranslate %}Held {{ x }}{% endblocktranslate %} &middot;", []),
    ],
)
def test_the_walker_finds_what_is_plain(source: str, texts: list[str]) -> None:
    assert [text.strip() for text in plain(source) if is_said(text)] == texts


def test_the_tool_reads_templates_and_python() -> None:
    django_ready = found()
    assert django_ready
    page = "{% load i18n %}{% translate 'One' context 'place' %}{{ x|default:_(\"Two\") }}"
    plural = "{% blocktranslate count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktranslate %}"
    assert set(tool().of_template(page + plural)) == {
        ("One", "", "place"),
        ("Two", "", ""),
        ("%(n)s a", "%(n)s b", ""),
    }

"""
Collect every text that people read into the message catalogues; `make messages`.

Reads templates as Django compiles them, Python as a syntax tree, and the kernel's tables as they
are loaded. Needs no GNU gettext. A translation is never lost while its text stands somewhere; a
text that stands nowhere leaves the catalogue. Does not translate.
"""

import argparse
import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SERVER = ROOT / "src" / "voltrail_server"
KERNEL = ROOT / "src" / "voltrail"
LOCALE = SERVER / "locale"
LANGUAGES = ("de", "en")
_SINGLE = frozenset({"_", "N_", "gettext", "gettext_lazy", "gettext_noop"})
_SAID = {"worded": 0, "Worth": 1}  # calls of the kernel → which argument a page says
_PLURAL = frozenset({"ngettext", "ngettext_lazy"})
_ARGUMENT = re.compile(r"_\(\"([^\"]+)\"\)|_\('([^']+)'\)")  # {{ x|default:_("text") }}
_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_FORMAT = re.compile(r"%\(\w+\)s")
_LETTERS = re.compile(r"[^\W\d_]{2}")
# Rooms whose errors reach no page: the command line, the machine's own care, proofs and readings
# that programs alone hand in. Their sentences stay English; docs/adr/0031.
_UNSEEN = frozenset(
    {"cli", "testing", "operations", "commands", "accounts", "records", "database", "jobs", "audit"}
    | {"attestation", "base45", "cose", "foreign", "measurement", "merkle", "rating"}
    | {"sampling", "telemetry", "tuf_check", "tuf_export"}
    | {"mirror", "mirror_check", "mirror_copy", "mirror_folder", "tiling"}
    | {"bom_diff", "catenax", "catenax_checks", "catenax_fields", "cyclonedx", "json_file"}
    | {"epcis", "epcis_event", "epcis_fields", "epcis_says", "epcis_words", "epcis_xml"}
    | {"markup", "passport", "passport_check", "passport_places", "un383", "logger"}
)


# Codes that English people write in another way.
_ENGLISH = {"it": "IT", "ot": "OT", "data-center": "data center"}


@dataclass(slots=True)
class Message:
    """One text, its plural where it has one, and the files that say it."""

    text: str
    plural: str = ""
    context: str = ""
    places: set[str] = field(default_factory=set)


Found = dict[tuple[str, str], Message]


def collect() -> Found:
    """Return every message of templates, server and kernel tables."""
    found: Found = {}
    for template in sorted((SERVER / "templates").rglob("*.html")):
        for text, plural, context in of_template(template.read_text(encoding="utf-8")):
            _add(found, Message(text, plural, context), template)
    for file in _python():
        for text, plural, context in of_python(ast.parse(file.read_text(encoding="utf-8")), file):
            _add(found, Message(text, plural, context), file)
    for place, texts in of_tables():
        for text in texts:
            _add(found, Message(text), place)
    return found


def of_template(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield the messages of a template: text, plural or nothing, context or nothing."""
    from django.template import Engine  # noqa: PLC0415 — Django is set up by then
    from django.templatetags.i18n import (  # noqa: PLC0415 — same
        BlockTranslateNode,
        TranslateNode,
    )

    for tag in _TAG.findall(source):
        for double, single in _ARGUMENT.findall(tag):
            yield double or single, "", ""
    nodes = Engine.get_default().from_string(source).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        text = getattr(node.filter_expression.var, "literal", None)
        text = text if isinstance(text, str) else node.filter_expression.var
        if isinstance(text, str):
            yield str(text), "", _context(node)
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        singular, _ = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield _trimmed(singular, node), _trimmed(plural, node), _context(node)


def of_python(tree: ast.AST, file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the messages of a module: marked texts, words of judgement, sentences of errors."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in _PLURAL:
            yield str(ast.literal_eval(node.args[0])), str(ast.literal_eval(node.args[1])), ""
        elif name in _SAID and len(node.args) > _SAID[name]:
            yield from ((text, "", "") for text in _literals(node.args[_SAID[name]]))
        elif name == "Word" and len(node.args) > 1:
            yield from ((text, "", _of_word(node)) for text in _literals(node.args[1]))
        elif name in _SINGLE and node.args and SERVER in file.parents:
            yield from ((text, "", "") for text in _literals(node.args[0]))
        elif name.endswith("Error"):
            yield from ((text, "", "") for text in _of_error(node))


def of_tables() -> Iterator[tuple[Path, list[str]]]:
    """Yield the fixed texts of the kernel's tables, with where each table stands."""
    sys.path.insert(0, str(ROOT / "tools"))
    import message_tables  # noqa: PLC0415 — it loads the kernel's tables

    for place, texts in message_tables.every():
        yield KERNEL / place, [text for text in texts if _LETTERS.search(text)]


def write(found: Found, language: str) -> polib.POFile:
    """Return the catalogue of a language with every message, and the translations it had."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    before = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    made = polib.POFile(wrapwidth=100)
    made.metadata = {
        "Project-Id-Version": "voltrail",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for key in sorted(found):
        made.append(_entry(found[key], before.get(key), language))
    return made


def main() -> int:
    """Write the catalogues, or say with --check what they lack."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where it differs")
    asked = parser.parse_args()
    found, late, empty = collect_set_up(), [], 0
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        made = write(found, language)
        if not path.exists() or path.read_text(encoding="utf-8") != str(made) + "\n":
            late.append(language)
        empty += sum(not entry.translated() for entry in made)
        if not asked.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(made) + "\n", encoding="utf-8")
    print(f"{len(found)} messages; {empty} to be translated.")
    if asked.check and late:
        print(f"Run make messages: {', '.join(late)} is behind the source.")
    return int(asked.check and bool(late))


def collect_set_up() -> Found:
    """Return every message, with Django set up on a folder of its own."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("VOLTRAIL_DATA", folder)
        import django  # noqa: PLC0415 — the settings read the environment

        django.setup()
        return collect()


def _python() -> Iterator[Path]:
    for package in (SERVER, KERNEL):
        for file in sorted(package.rglob("*.py")):
            if not ({"migrations"} | _UNSEEN) & {*file.relative_to(ROOT).parts, file.stem}:
                yield file


def _add(found: Found, message: Message, place: Path) -> None:
    kept = found.setdefault((message.context, message.text), message)
    kept.plural = kept.plural or message.plural
    kept.places.add(place.relative_to(ROOT / "src").as_posix())


def _entry(message: Message, old: polib.POEntry | None, language: str) -> polib.POEntry:
    made = polib.POEntry(
        msgid=message.text,
        msgid_plural=message.plural,
        msgctxt=message.context or None,
        occurrences=[(place, "") for place in sorted(message.places)],
        flags=["python-format"] if _FORMAT.search(message.text + message.plural) else [],
    )
    if language == "en":
        made.msgstr = "" if message.plural else _ENGLISH.get(message.text, message.text)
        made.msgstr_plural = {0: message.text, 1: message.plural} if message.plural else {}
    elif message.plural:
        made.msgstr_plural = (old.msgstr_plural if old else None) or {0: "", 1: ""}
    else:
        made.msgstr = old.msgstr if old else ""
    return made


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _of_error(call: ast.Call) -> Iterator[str]:
    hints = [one.value for one in call.keywords if one.arg == "hint"]
    for argument in (*call.args[:1], *hints):
        yield from (text for text in _literals(argument) if " " in text)


def _of_word(call: ast.Call) -> str:
    contexts = [one.value for one in call.keywords if one.arg == "context"]
    return next((text for one in contexts for text in _literals(one)), "")


def _literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be: a literal, or either of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _trimmed(text: str, node: object) -> str:
    from django.utils.translation import trim_whitespace  # noqa: PLC0415 — after the set-up

    return trim_whitespace(text) if getattr(node, "trimmed", False) else text


def _context(node: object) -> str:
    return str(getattr(getattr(node, "message_context", None), "var", "") or "")


def texts(entries: Iterable[polib.POEntry]) -> Iterator[tuple[str, str]]:
    """Yield each text of entries with its translation, plural forms one by one."""
    for entry in entries:
        if entry.msgid_plural:
            yield entry.msgid, entry.msgstr_plural[0]
            yield entry.msgid_plural, entry.msgstr_plural[1]
        else:
            yield entry.msgid, entry.msgstr


if __name__ == "__main__":
    sys.exit(main())

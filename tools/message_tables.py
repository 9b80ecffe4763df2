"""The kernel's fixed texts that pages translate: titles, verbs, roles, kinds. Knows no language."""

import csv
import re
from collections.abc import Iterator
from importlib.resources import files

from msgspec.structs import fields

from voltrail import errors
from voltrail.actions import appointment, courses, playbook
from voltrail.catalogue import load, practices
from voltrail.controls import families
from voltrail.controls.model import REGISTRY
from voltrail.decisions import threats
from voltrail.projections.anomalies import rules
from voltrail.readers import registry
from voltrail.statements import kinds
from voltrail.statements.place import Environment, Grade, PlaceClass
from voltrail.statements.policy import Consequence, Mode

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Kinds whose every field a person reads before signing it; docs/adr/0031.
_SIGNED_HERE = (
    "acceptance",
    "administration",
    "appointment",
    "hold-lift",
    "key",
    "policy",
    "sign-off",
    "training",
    "waiver",
    "waiver-end",
)


def every() -> Iterator[tuple[str, list[str]]]:
    """Yield each table's file and the texts it holds."""
    families.load_all()
    yield "catalogue/controls", [one.title for one in load.entries()]
    yield "controls", [text for one in REGISTRY.values() for text in (one.remedy, one.ahead)]
    yield "controls/model.py", _limits()
    yield "projections/rules", [text for one in rules() for text in (one.name, one.instead)]
    yield "catalogue/controls", sorted({one.layer for one in load.entries()})
    yield "catalogue/practices.toml", _practices()
    yield "catalogue/tables/playbook.csv", _playbook()
    yield "catalogue/tables/waiting.csv", _waiting()
    yield "catalogue/tables/training.csv", _training()
    yield (
        "decisions/threats.py",
        [t for one in threats.threats() for t in (one.title, one.sentence)],
    )
    yield "statements/kinds.py", [name.replace("-", " ") for name in kinds.KINDS]
    yield "statements", sorted({label for kind in _SIGNED_HERE for label in _labels(kind)})
    yield "statements/place.py", [str(one) for one in (*PlaceClass, *Grade, *Environment)]
    yield "statements/policy.py", [str(one) for one in (*Mode, *Consequence)]
    yield "actions/appointment.py", list(appointment.functions())
    yield "readers/lists.py", _lists()
    yield "errors.py", [text for one in _errors(errors.ProductError) for text in one]


def _limits() -> list[str]:
    named = {one.name for control in REGISTRY.values() for one in fields(control.limits)}
    return sorted(name.replace("_", " ") for name in named)


def _practices() -> list[str]:
    return [
        text
        for one in practices.areas()
        for text in (one.title, one.minimum, one.recommended, one.reduces)
    ]


def _playbook() -> list[str]:
    rows = playbook.rows()
    return [text for one in rows for text in (one.title, one.decides, one.signs)]


def _waiting() -> list[str]:
    table = files("voltrail.catalogue") / "tables" / "waiting.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    verbs = [row["verb"].replace("-", " ").capitalize() for row in rows]
    return [*verbs, *(row["role"] for row in rows), *(row["why"] for row in rows if _fixed(row))]


def _fixed(row: dict[str, str]) -> bool:
    return "{" not in row["why"]


def _training() -> list[str]:
    return [text for one in courses.courses() for text in (one.title, one.why, one.verb)]


def _labels(kind: str) -> Iterator[str]:
    found = kinds.fact_class(kinds.uri(kind)) if kind in kinds.KINDS else None
    for one in fields(found) if found else ():
        yield _HUMP.sub(" ", one.encode_name).capitalize()


def _lists() -> list[str]:
    readers = [registry.reader(name) for name in registry.READERS]
    shown = [text for one in readers for text in (one.title, one.after)]
    return [*shown, *(field.title for one in readers for field in one.fields)]


def _errors(cls: type[errors.ProductError]) -> Iterator[tuple[str, str]]:
    yield cls.title, (cls.__doc__ or "").strip().splitlines()[0]
    for below in cls.__subclasses__():
        yield from _errors(below)

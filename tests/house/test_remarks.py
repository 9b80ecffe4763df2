"""A remark proves nothing: nothing that judges may so much as know the word."""

import ast

import pytest

from house.source import SRC
from voltrail.controls import families
from voltrail.controls.model import REGISTRY
from voltrail.projections.waiting import table

ROOMS = ("controls", "decisions", "projections", "rating", "sampling", "audit")
# The fold keeps a remark's person from collecting it; it reads nothing in it.
KNOWN = {"projections/fold.py"}
JUDGES = sorted(
    file.relative_to(SRC / "voltrail").as_posix()
    for room in ROOMS
    for file in (SRC / "voltrail" / room).rglob("*.py")
)


@pytest.mark.parametrize("name", JUDGES)
def test_no_room_that_judges_knows_what_a_remark_is(name: str) -> None:
    tree = ast.parse((SRC / "voltrail" / name).read_text(encoding="utf-8"))
    if name in KNOWN:
        return
    modules = [one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
    assert "voltrail.statements.remark" not in modules
    words = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)}
    names = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}
    assert not {"remark", "Remark", "urn:voltrail:predicate:remark:v1"} & (words | names)


def test_no_control_needs_one_and_no_duty_is_opened_or_closed_by_one() -> None:
    families.load_all()
    assert REGISTRY
    assert not [one for one in REGISTRY.values() if "remark" in " ".join(one.needs)]
    assert not [row for row in table() if row.closes == "remark" or "remark" in row.opens]

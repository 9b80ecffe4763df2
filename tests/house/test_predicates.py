"""
The reference of predicates is made from the code, so it cannot lie.

Write it anew with `make surface` and read the difference before you commit it.
"""

import dataclasses
import os
import re

from house.source import ROOT
from voltrail.statements import kinds

PAGE = ROOT / "docs/reference/predicates.md"
HEAD = """# Predicates

Made from `src/voltrail/statements/` by `make surface`. Beside these fields each predicate
carries the header that [statement.md](../spec/statement.md) describes.
"""
MODULE = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])|\bdatetime\.")


def type_name(field: dataclasses.Field[object]) -> str:
    kind = field.type
    name = kind.__name__ if isinstance(kind, type) and "[" not in repr(kind) else str(kind)
    return MODULE.sub("", name).replace("|", "or")


def is_needed(field: dataclasses.Field[object]) -> str:
    free = (field.default, field.default_factory)
    return "yes" if all(value is dataclasses.MISSING for value in free) else "no"


def paragraph(name: str) -> str:
    cls = kinds.fact_class(kinds.uri(name))
    assert cls is not None
    fields = [f for f in dataclasses.fields(cls) if not f.name.startswith("_")]
    says = " ".join((cls.__doc__ or "").split())
    rows = "".join(f"| `{f.name}` | {type_name(f)} | {is_needed(f)} |\n" for f in fields)
    return (
        f"\n## {name}\n\n{says}\nType `{kinds.uri(name)}`.\n\n"
        f"| field | type | required |\n| --- | --- | --- |\n{rows}"
    )


def page() -> str:
    return HEAD + "".join(paragraph(name) for name in sorted(kinds.KINDS))


def test_the_reference_of_predicates_is_what_the_code_says() -> None:
    if os.environ.get("VOLTRAIL_UPDATE_SURFACE") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "Run make surface, then read the difference."

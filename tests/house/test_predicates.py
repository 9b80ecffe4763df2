"""
The reference of predicates is made from the code, so it cannot lie.

Write it anew with `make surface` and read the difference before you commit it.
"""

import os
import types
import typing

from msgspec import structs

from house.source import ROOT
from voltrail.statements import kinds

PAGE = ROOT / "docs/reference/predicates.md"
HEAD = """# Predicates

Made from `src/voltrail/statements/` by `make surface`. Beside these fields each predicate
carries the header that [statement.md](../spec/statement.md) describes.
"""


def type_name(hint: typing.Any) -> str:  # noqa: ANN401 — a type annotation
    """The annotation in plain words, without its limits."""
    inner = typing.get_args(hint)
    match typing.get_origin(hint):
        case typing.Annotated:
            return type_name(inner[0])
        case types.UnionType | typing.Union:
            return " or ".join(type_name(one) for one in inner)
        case origin if origin is not None:
            listed = ", ".join("..." if one is Ellipsis else type_name(one) for one in inner)
            return f"{origin.__name__}[{listed}]"
    return "None" if hint is type(None) else str(getattr(hint, "__name__", hint))


def paragraph(name: str) -> str:
    cls = kinds.fact_class(kinds.uri(name))
    assert cls is not None
    fields = structs.fields(cls)
    says = " ".join((cls.__doc__ or "").split())
    needed = {True: "yes", False: "no"}
    rows = "".join(f"| `{f.name}` | {type_name(f.type)} | {needed[f.required]} |\n" for f in fields)
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


def test_no_predicate_is_a_kind_of_another_so_that_facts_can_be_found_by_their_class() -> None:
    classes = {kinds.fact_class(kinds.uri(name)) for name in kinds.KINDS}
    assert not [one for one in classes if one is None or classes & set(one.__mro__[1:])]

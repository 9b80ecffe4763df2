"""The page of anomaly rules is made from the table, and the catalogue holds the same numbers."""

import csv
import os

from house.source import ROOT, SRC
from voltrail.projections import anomalies
from voltrail.projections.rules.model import Tolerances, tolerances

PAGE = ROOT / "docs/reference/anomalies.md"
TABLE = SRC / "voltrail/catalogue/tables/anomaly_tolerances.csv"
SEVERITY = {"H": "blocks", "M": "review", "L": "note"}
HEAD = """# Anomalies

Made from `src/voltrail/projections/rules/` and `catalogue/tables/anomaly_tolerances.csv` by
`make surface`. A rule looks at what is on record about one thing and says what cannot be true of
one thing. No rule reads a clock; what is missing accuses nobody, but for the rules that are about
what is missing. `voltrail custody check FILE…` asks them offline.
"""


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def page() -> str:
    rules = "".join(
        f"\n## {row.id}: {row.name}\n\n"
        f"{' '.join((row.check.__doc__ or '').partition('Why:')[0].split())}\n\n"
        f"- **Severity:** {SEVERITY[row.severity]}\n"
        f"- **Asked about:** {', '.join(sorted(row.about)) if len(row.about) < 5 else 'anything'}\n"
        f"- **Why:** {row.why}\n"
        f"- **Instead:** {row.instead}\n"
        for row in anomalies.rules()
    )
    numbers = "".join(
        f"| {one['rules']} | `{one['field']}` | {one['value']} {one['unit']} | {one['why']} |\n"
        for one in rows()
    )
    table = (
        f"\n## Tolerances\n\n| rules | field | value | why |\n| --- | --- | --- | --- |\n{numbers}"
    )
    return HEAD + rules + table


def test_the_page_of_anomalies_is_what_the_code_says() -> None:
    if os.environ.get("VOLTRAIL_UPDATE_SURFACE") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "Run make surface, then read the difference."


def test_the_catalogue_and_the_code_hold_the_same_tolerances() -> None:
    assert tolerances() == Tolerances()
    assert [row["field"] for row in rows()] == list(Tolerances.__struct_fields__)


def test_every_tolerance_names_rules_that_exist_and_says_why() -> None:
    known = {row.id for row in anomalies.rules()}
    wrong = [one["field"] for one in rows() if not set(one["rules"].split()) <= known]
    silent = [one["field"] for one in rows() if not one["why"].endswith(".")]
    assert not wrong + silent

"""
UN 38.3 test summaries, as a table of keys and values in text, or as a JSON object.

Every field that the Manual of Tests and Criteria lists is looked for, and each that is missing is
named. Reads no PDF. Does not know whether the report exists.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity
from voltrail.readers import measured
from voltrail.readers.foreign import Draft, Format, Opened, Reading, Remark

NAME = "un383"
_ENOUGH = 4  # [fields] by which a summary is told; our choice
_MAX_LINES = 2_000  # our choice
_MAX_TEXT = 4_000  # [characters] of one value: ADR 0002
_BETWEEN = re.compile(r"[:;\t=|]")
_TEST = re.compile(r"(?:test\s*)?t\s*[. ]?\s*([1-8])\b.*")
_AMOUNT = re.compile(r"([0-9]{1,12}(?:[.,][0-9]{1,6})?)\s*([A-Za-z.]{1,5})")

# field → what it is called in files; Manual of Tests and Criteria, part III, 38.3.5
_FIELDS: dict[str, tuple[str, ...]] = {
    "maker": ("manufacturer", "manufacturer name", "name of manufacturer", "maker"),
    "maker_contact": ("manufacturer contact", "manufacturer address", "contact of manufacturer",
                      "manufacturer contact information"),
    "laboratory": ("laboratory", "test laboratory", "laboratory name", "name of laboratory"),
    "laboratory_contact": ("laboratory contact", "laboratory address", "contact of laboratory",
                           "test laboratory contact", "laboratory contact information"),
    "report": ("report", "report id", "report number", "report no", "test report number",
               "unique test report identification number", "test report id"),
    "reported": ("report date", "date of report", "date of test report", "test report date"),
    "kind": ("type", "battery type", "cell type", "cell or battery", "description"),
    "mass": ("mass", "weight"),
    "energy": ("watt hour rating", "watt hours", "energy", "rated energy", "wh rating"),
    "lithium": ("lithium content", "lithium metal content"),
    "physical": ("physical description", "description of the cell or battery"),
    "models": ("model", "models", "model number", "model numbers"),
    "assembled": ("assembled battery", "assembled battery testing", "38 3 3 f", "38 3 3 g",
                  "reference to assembled battery testing"),
    "revision": ("manual revision", "revision", "revision of the manual", "edition of the manual",
                 "manual of tests and criteria"),
    "signer": ("responsible person", "name of responsible person", "signatory", "signed by"),
    "signer_title": ("title", "title of responsible person", "signatory title"),
}  # fmt: skip
_CALLED = {word: name for name, words in _FIELDS.items() for word in words}
_TITLES = {
    "maker": "the maker's name", "maker_contact": "the maker's contact",
    "laboratory": "the laboratory's name", "laboratory_contact": "the laboratory's contact",
    "report": "the number of the report", "reported": "the date of the report",
    "kind": "whether cell or battery, lithium ion or metal", "mass": "the mass",
    "physical": "the physical description", "models": "the model numbers",
    "revision": "the revision of the Manual", "signer": "the responsible person",
    "signer_title": "the title of the responsible person",
}  # fmt: skip


class Outcome(StrEnum):
    """How a test ended."""

    PASS = "pass"  # noqa: S105 — a word of a report
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"


_OUTCOMES = {
    "pass": Outcome.PASS, "passed": Outcome.PASS, "ok": Outcome.PASS, "p": Outcome.PASS,
    "fail": Outcome.FAIL, "failed": Outcome.FAIL, "f": Outcome.FAIL,
    "n/a": Outcome.NOT_APPLICABLE, "na": Outcome.NOT_APPLICABLE,
    "not applicable": Outcome.NOT_APPLICABLE,
}  # fmt: skip


class TestResult(Struct, frozen=True):
    """One of the tests T.1 to T.8 and how it ended."""

    test: str
    outcome: Outcome


class Summary(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A test summary as written; `missing` names what the Manual lists and the file has not."""

    maker: str = ""
    maker_contact: str = ""
    laboratory: str = ""
    laboratory_contact: str = ""
    report: str = ""
    reported: str = ""
    kind: str = ""
    mass: str = ""
    energy: str = ""
    lithium: str = ""
    physical: str = ""
    models: str = ""
    assembled: str = ""
    revision: str = ""
    signer: str = ""
    signer_title: str = ""
    tests: tuple[TestResult, ...] = ()
    mass_read: Quantity | None = None
    energy_read: Quantity | None = None
    missing: tuple[str, ...] = ()


def fits(opened: Opened) -> bool:
    """
    Return whether a file is a test summary.

    Args:
        opened: the file

    Returns:
        True where enough of its keys are those of a summary.

    Source: our choice: ADR 0047.
    """
    try:
        names = [_field(key) for key, _ in _pairs(opened.value)]
    except MalformedError:
        return False
    return len({name for name in names if name}) >= _ENOUGH


def read(opened: Opened) -> Reading:
    """
    Return the test summary in a file as one draft of a certificate.

    Args:
        opened: the file

    Returns:
        The draft; each missing field is remarked.

    Raises:
        MalformedError: no summary, a field that stands twice, or a test with another outcome.

    Source: UN Manual of Tests and Criteria, revision 8, part III, 38.3.5.
    """
    remarks, told, tests = list(opened.remarks), {}, {}
    for key, value in _pairs(opened.value):
        name = _field(key)
        if not name:
            remarks.append(Remark(key[:80], "This is no field of a test summary; it is not read."))
        elif name in told or name in tests:
            raise MalformedError(f"{key[:60]!r} stands twice.", hint="Keep one of the two.")
        elif name.startswith("T."):
            tests[name] = _outcome(name, value)
        else:
            told[name] = value
    if not told and not tests:
        raise MalformedError("The file is no test summary.", hint="Write one field on each line.")
    return _reading(opened, told, tests, remarks)


def _reading(
    opened: Opened, told: dict[str, str], tests: dict[str, Outcome], remarks: list[Remark]
) -> Reading:
    missing = tuple(_missing(told, tests))
    remarks += [Remark("summary", f"It lacks {one}.", "missing") for one in missing]
    failed = [name for name, how in sorted(tests.items()) if how is Outcome.FAIL]
    remarks += [Remark("summary", f"{name} failed.", "test-failed") for name in failed]
    results = tuple(TestResult(name, how) for name, how in sorted(tests.items()))
    said = Summary(
        **told, tests=results, mass_read=_amount(told.get("mass", "")),
        energy_read=_amount(told.get("energy", "")), missing=missing,
    )  # fmt: skip
    return Reading(
        NAME, opened.digest, [Draft("summary", "certificate", said, opened.digest)], remarks
    )


def _missing(told: Mapping[str, str], tests: Mapping[str, Outcome]) -> Iterator[str]:
    yield from (title for name, title in _TITLES.items() if not told.get(name))
    if not told.get("energy") and not told.get("lithium"):
        yield "the watt-hour rating or the lithium content"
    yield from (f"the outcome of T.{nr}" for nr in range(1, 9) if f"T.{nr}" not in tests)


def _pairs(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — text, or a JSON value
    if isinstance(value, str):
        lines = value.splitlines()
        if len(lines) > _MAX_LINES:
            raise MalformedError(
                f"It has more than {_MAX_LINES:,} lines.", hint="Give one summary."
            )
        for line in filter(None, map(str.strip, lines)):
            key, *rest = _BETWEEN.split(line[:_MAX_TEXT], maxsplit=1)
            yield key.strip(), rest[0].strip() if rest else ""
    elif isinstance(value, dict):
        yield from _members(value)
    else:
        raise MalformedError("The file is no test summary.", hint="Give keys and values.")


def _members(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, held in value.items():
        if isinstance(held, dict) and key.strip().lower() in ("tests", "results"):
            yield from _members(
                {name: one for name, one in held.items() if not isinstance(one, dict)}
            )
        elif isinstance(held, list) and all(isinstance(one, str) for one in held):
            yield key, ", ".join(held)
        elif isinstance(held, str | int | Decimal) and not isinstance(held, bool):
            yield key, str(held)
        else:
            yield key, ""


def _field(key: str) -> str:
    """Return which field a key names, T.1 to T.8 for tests, or nothing."""
    plain = re.sub(r"[^a-z0-9/]+", " ", _parted(key).lower()).strip()
    test = _TEST.fullmatch(plain)
    return f"T.{test[1]}" if test else _CALLED.get(plain, "")


def _parted(key: str) -> str:
    """Return a key in camel case with spaces between its words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key[:120])


def _outcome(name: str, value: str) -> Outcome:
    found = _OUTCOMES.get(value.strip().lower().rstrip("."))
    if found is None:
        raise MalformedError(f"{name} is {value[:40]!r}.", hint="Write pass, fail or n/a.")
    return found


def _amount(text: str) -> Quantity | None:
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return measured.quantity(Decimal(found[1].replace(",", ".")), found[2])
    except InvalidOperation:
        return None


FORMAT = Format(NAME, "UN 38.3 test summaries", fits, read)

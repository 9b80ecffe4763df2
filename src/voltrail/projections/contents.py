"""
Which files a statement rests on, as keys: what names the same file is found together.

Each key is the digest of a report, a certificate or a table of readings. Does not read the file.
"""

from collections.abc import Iterator
from typing import Any

from voltrail.projections.view import Recorded
from voltrail.statements.certificate import Certificate
from voltrail.statements.inspection import Inspection
from voltrail.statements.intake import Intake
from voltrail.statements.lot import LotRecord

PREFIX = "content:"
_FILED = (Certificate, Inspection, Intake, LotRecord)


def keys_of(one: Recorded[Any]) -> Iterator[str]:
    """
    Yield the keys of the files that a fact rests on.

    Args:
        one: a recorded fact

    Yields:
        The prefix and a SHA-256, each once.

    Source: our choice: ADR 0048.
    """
    if isinstance(one.fact, _FILED):
        for digest in sorted(set(_digests(one.fact))):
            yield PREFIX + digest


def _digests(fact: Any) -> Iterator[str]:  # noqa: ANN401 — any fact
    if isinstance(fact, Certificate) and fact.content is not None:
        yield fact.content
    elif isinstance(fact, Inspection) and fact.readings is not None:
        yield fact.readings.sha256
    elif isinstance(fact, Intake) and fact.file is not None:
        yield fact.file
    elif isinstance(fact, LotRecord):
        yield from (one.report for one in fact.test_results if one.report is not None)

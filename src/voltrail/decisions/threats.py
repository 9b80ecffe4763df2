"""The three threats, which controls stand against each, and what a decision leaves open of them."""

from msgspec import Struct

from voltrail.catalogue import load
from voltrail.controls.model import Threat
from voltrail.statements.decision import DecisionRecord, FindingRecord


class ThreatEntry(Struct, frozen=True):
    """A threat in the register of threats."""

    id: Threat
    title: str
    sentence: str
    controls: tuple[str, ...]


_WORDS = {
    Threat.COUNTERFEIT: (
        "Counterfeit cells and grade substitution",
        "Rejected or used cells are relabelled and sold as new; a look does not find them.",
    ),
    Threat.FIRMWARE: (
        "Firmware tampering and BMS manipulation",
        "A controller lies about temperature and ageing, or its protection is switched off.",
    ),
    Threat.PROVENANCE: (
        "Provenance gaps and hidden intermediaries",
        "Each hand-over is a chance to substitute goods or to forge paper.",
    ),
}


def threats() -> tuple[ThreatEntry, ...]:
    """
    Return the three threats with the controls that stand against each.

    Returns:
        The threats, in the mission's order.

    Source: mission, the three threats.
    """
    entries = load.entries()
    return tuple(
        ThreatEntry(
            threat, *_WORDS[threat], tuple(one.id for one in entries if one.threat == threat)
        )
        for threat in Threat
    )


def still_open(record: DecisionRecord, threat: ThreatEntry) -> tuple[FindingRecord, ...]:
    """
    Return the findings that leave a threat open.

    Args:
        record: a decision
        threat: which threat

    Returns:
        Its findings by that threat's controls that are neither good nor out of scope.

    Source: mission, TM-01.
    """
    return tuple(
        one
        for one in record.findings
        if one.control in threat.controls and one.outcome not in ("holds", "not-applicable")
    )

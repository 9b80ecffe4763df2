"""A subject's story as its page tells it: verdict, layers, findings, custody, facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from voltrail.errors import UnknownSubjectError
from voltrail.ids import subject as ids
from voltrail_server.panels import banner, chips, rows, strip, timeline, verdict
from voltrail_server.panels.banner import Banner
from voltrail_server.panels.charts.timeline import Timeline
from voltrail_server.panels.charts.timeline import timeline as line_of
from voltrail_server.panels.chips import Line
from voltrail_server.panels.named import Naming, unnamed
from voltrail_server.panels.rows import ArrivalLine
from voltrail_server.panels.strip import Cell
from voltrail_server.panels.timeline import River
from voltrail_server.panels.verdict import Finding, Verdict

FACTS_OPEN = 10


@dataclass(frozen=True, slots=True)
class DecisionStory:
    """One decision and its findings."""

    subject: str
    key: str
    verdict: Verdict
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    chip: Any

    @property
    def heavy(self) -> tuple[Finding, ...]:
        """The findings that led somewhere."""
        return tuple(one for one in self.findings if one.weighs and not one.noted)

    @property
    def noted(self) -> tuple[Finding, ...]:
        """The findings that are noted and lead nowhere."""
        return tuple(finding for finding in self.findings if finding.noted)

    @property
    def light(self) -> tuple[Finding, ...]:
        """The findings that led nowhere."""
        return tuple(finding for finding in self.findings if not finding.weighs)

    @property
    def light_by_layer(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """The findings that led nowhere, by layer, in the order of the strip."""
        layers = dict.fromkeys([*strip.LAYERS, *(one.layer for one in self.light)])
        found = ((name, tuple(one for one in self.light if one.layer == name)) for name in layers)
        return tuple((name, listed) for name, listed in found if listed)

    @property
    def first_of_layer(self) -> frozenset[str]:
        """The controls that stand first in their layer: where a click on the strip leads."""
        return frozenset({one.layer: one.id for one in reversed(self.findings)}.values())

    @property
    def told_layers(self) -> frozenset[str]:
        """The layers that some finding speaks of."""
        return frozenset(one.layer for one in self.findings)


@dataclass(frozen=True, slots=True)
class ArrivalStory:
    """Everything an arrival's page shows."""

    decision: DecisionStory
    row: ArrivalLine
    history: tuple[Verdict, ...]
    facts: tuple[Line, ...]
    river: River
    banners: tuple[Banner, ...]
    timeline: Timeline

    @property
    def newest_facts(self) -> tuple[Line, ...]:
        """The facts that stand open on the page."""
        return self.facts[:FACTS_OPEN]

    @property
    def older_facts(self) -> tuple[Line, ...]:
        """The facts that are folded away."""
        return self.facts[FACTS_OPEN:]


def decision(
    subject: Any,  # noqa: ANN401 — an arrival's identity
    recorded: Any,  # noqa: ANN401 — recorded, or nothing
    naming: Naming = unnamed,
) -> DecisionStory:
    """Return the story of a decision about a subject, refusing any other entry."""
    if recorded is not None and getattr(recorded.fact, "about", None) != subject:
        raise UnknownSubjectError(
            "This entry is no decision about that arrival.",
            hint="Open the arrival and its history.",
        )
    layers = (
        ""
        if recorded is None
        else ",".join(f"{layer.layer}={layer.state}" for layer in recorded.fact.layers)
    )
    return DecisionStory(
        str(subject),
        subject.key,
        verdict.verdict(recorded),
        strip.cells(layers),
        verdict.findings(recorded),
        None if recorded is None else chips.chip(recorded, naming),
    )


def arrival(
    story: Any,  # noqa: ANN401 — from `actions.show`
    sentence_of: Callable[[Any], str],
    naming: Naming = unnamed,
) -> ArrivalStory:
    """Return the story of an arrival."""
    subject = ids.parse(story.row.arrival)
    return ArrivalStory(
        decision(subject, story.decision, naming),
        rows.arrival(story.row, naming),
        tuple(verdict.verdict(older) for older in story.history),
        lines(reversed(story.facts), sentence_of, naming),
        timeline.river(story.custody, naming),
        banner.banners(story.holds, naming),
        line_of(story),
    )


def lines(
    facts: Iterable[Any], sentence_of: Callable[[Any], str], naming: Naming = unnamed
) -> tuple[Line, ...]:
    """Return recorded facts as sentences with their chips."""
    return tuple(chips.line(fact, sentence_of(fact), naming) for fact in facts)

"""Charts count rightly, show gaps and unknown ends, and say when there is too little to see."""

import pytest

pytest.importorskip("django")

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

from server.signing_site import text
from server.site_world import logged_in, site_desk
from voltrail.actions import show
from voltrail.actions.desk import Desk
from voltrail.ids.subject import ArrivalId, LotId
from voltrail_server.panels.charts import chain, layers, timeline, trend
from voltrail_server.reading import trends
from voltrail_world.cast import KESTREL, TIDERACE
from voltrail_world.story import stories

__all__ = ["site_desk"]

TOLD = {one.tells: one.shipment for one in stories()}
HALF = TOLD["missing hand-over half"]


@dataclass
class Row:
    layers: str = field(default="")


def test_each_layer_is_counted_whole() -> None:
    chart = layers.layers([Row("custody=proven"), Row("custody=contradicted"), Row()])
    assert chart.total == 3
    for bar in chart.bars:
        assert sum(bar.counts) == 3
        assert sum(part.width for part in bar.parts) == layers.WIDTH
    custody = next(one for one in chart.bars if one.layer == "custody")
    assert {part.word.name: part.count for part in custody.parts} == {
        "proven": 1,
        "cannot-tell": 1,
        "contradicted": 1,
    }
    assert layers.layers([]).total == 0


def test_few_arrivals_are_no_trend_and_an_empty_month_stays_empty() -> None:
    few = trend.trend([("2026-11", "release", 2), ("2027-02", "reject", 1)])
    assert few.caution == "3 arrivals: too few to see a trend."
    assert [month.name for month in few.months] == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert [month.total for month in few.months] == [2, 0, 0, 1]
    many = trend.trend([("2026-11", "release", 40)])
    assert not many.caution
    assert trend.trend([]).months == ()
    long_ago = trend.trend([("2020-01", "release", 1), ("2026-01", "release", 1)])
    assert len(long_ago.months) == trend.MONTHS


def test_a_suppliers_months_add_up(site_desk: Desk) -> None:
    found = trends.of_seller(str(TIDERACE))
    sold = [row for row in site_desk.views.rows() if row.seller == TIDERACE]
    assert sum(count for _month, _word, count in found) == len(sold) > 0


def test_a_lots_chain_names_ends_that_nobody_states(site_desk: Desk) -> None:
    lot = LotId.of("kestrel", HALF.lot.key.split(":")[1])
    halves = show.hand_overs(show.subject(site_desk, lot))
    whole = chain.chain(halves, str(KESTREL))
    assert not whole.unknown
    assert [one.state for one in whole.lines].count("open") == 1
    cut = chain.chain(halves, "urn:voltrail:party:sodalith")
    assert cut.unknown == ("Nobody says from whom kestrel had it.",)
    assert "No hand-over of this lot" in chain.chain((), str(KESTREL)).unknown[0]


def test_a_chain_that_goes_round_is_drawn_once() -> None:
    pairs = [("a", "b"), ("b", "a"), ("a", "a")]
    columns = chain._columns(pairs, "a")
    assert columns == {"a": (0, 0), "b": (1, 0)}


def test_an_arrivals_time_goes_one_way_and_shows_its_silences(site_desk: Desk) -> None:
    found = show.arrival(site_desk, ArrivalId.of(HALF.arrival.key))
    line = timeline.timeline(found)
    places = [event.x for event in line.events]
    assert places == sorted(places)
    assert line.events[0].label == "Order"
    assert line.events[-1].label == "Quarantine"
    assert line.width > places[-1]
    entries = [index for event in line.events for index in event.entries]
    assert len(entries) == len(set(entries))


def test_a_long_silence_is_told_in_days() -> None:
    def said(day: int, month: int) -> SimpleNamespace:
        at = datetime(2026, month, day, tzinfo=UTC)
        return SimpleNamespace(
            predicate_type="urn:voltrail:predicate:inspection:v1",
            subjects=("a",),
            fact=None,
            header=SimpleNamespace(claimed_time=at),
            entry=SimpleNamespace(index=day, log_time=at),
        )

    row = SimpleNamespace(arrival="a", order="o", lot="l")
    story = SimpleNamespace(row=row, facts=(said(1, 1), said(2, 3)), history=(), decision=None)
    first, second = timeline.timeline(story).events
    assert (first.gap, second.gap) == ("", "60 days")
    assert first.x < second.gap_x < second.x


def test_pages_say_in_words_what_the_drawings_show(site_desk: Desk) -> None:
    client = logged_in("quality")
    arrival = text(client.get(f"/arrivals/{HALF.arrival.key}/"))
    assert "What happened when; the list below says the same in words" in arrival
    assert 'href="#layer-custody"' in arrival
    assert arrival.count('id="layer-custody"') == 1
    lot = text(client.get(f"/lots/{HALF.lot.key}/"))
    assert "Who handed it to whom" in lot
    assert "Half missing" in lot
    party = text(client.get(f"/parties/{TIDERACE.key}/"))
    assert "too few to see a trend" in party
    listing = text(client.get("/arrivals/"))
    assert "How the layers of these" in listing
    assert '<th scope="row">Custody</th>' in listing

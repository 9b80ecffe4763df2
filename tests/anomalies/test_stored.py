"""The register's own views answer as a heap of everything does, and an honest world is clean."""

from voltrail.ids.subject import is_identity, parse
from voltrail.projections import anomalies
from voltrail.projections.gathering import Gathering
from voltrail.projections.rules.model import tolerances
from voltrail.projections.view import recorded
from world_fixture import played_world


def test_reading_subject_by_subject_gives_what_reading_everything_gives() -> None:
    desk, size = played_world().desk, played_world().desk.entries.size()
    facts = [recorded(entry) for entry in desk.entries.entries(0, size)]
    stored = anomalies.Stored(Gathering(desk.entries, desk.views, size), desk.views)
    subjects = filter(is_identity, desk.views.keys("urn:voltrail:", limit=10**6))
    told = [key.removeprefix("by:") for key in desk.views.keys("by:", limit=10**6)]
    units = [key for one in facts for key in anomalies.affected(one) if is_identity(key)]
    found = {
        one
        for subject in {*subjects, *told, *units}
        for one in anomalies.find_about(stored, parse(subject), tolerances())
    }
    assert anomalies.in_order(found) == anomalies.find(facts, tolerances())
    assert found

"""An appointment names person, function, reach, time and who decided; a training, its end."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, HALL, refused
from voltrail.canonical import Json
from voltrail.statements.appointment import AppointmentVerb

APPOINTMENT = FACTS["appointment"]


def test_a_number_begins_once_and_ends_once() -> None:
    assert replace(APPOINTMENT, reason="another").claim == APPOINTMENT.claim
    assert replace(APPOINTMENT, verb=AppointmentVerb.END).claim != APPOINTMENT.claim
    assert replace(APPOINTMENT, number="AP-2").claim != APPOINTMENT.claim


@pytest.mark.parametrize(
    "changes",
    [
        {"function": "emperor"},
        {"verb": "promote"},
        {"decidedBy": ["Runa"]},
        {"person": str(HALL)},
        {"places": [str(FACTS["appointment"].person)]},
        {"validUntil": "for ever"},
        {"reason": " "},
    ],
)
def test_an_appointment_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("appointment", **changes)

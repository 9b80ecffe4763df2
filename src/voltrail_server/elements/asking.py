"""
Ask the element of a unit, and take its answer, once across all processes.

Whether a challenge was answered is decided by one conditional write: of two processes that take the
same answer, one finds it spent. Does not judge: `voltrail.labels.element` does.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from voltrail.actions import element as act
from voltrail.actions.element import Heard, Reply
from voltrail.errors import MalformedError, StaleEvidenceError, TooOftenError, UnknownSubjectError
from voltrail.ids.subject import UnitId
from voltrail.labels import element
from voltrail.labels.element import Challenge, Purpose
from voltrail_server import wiring
from voltrail_server.elements.models import ElementChallenge

MOST_OPEN = 100  # [challenges] of one asker that wait at a time
KEPT = timedelta(days=1)  # a late answer is told from one nobody asked for


def ask(unit: UnitId, purpose: str, by: str) -> ElementChallenge:
    """Return a new challenge, kept until it is answered or over."""
    if purpose not in tuple(Purpose):
        raise MalformedError(
            _("There is no purpose %(name)s.") % {"name": f"{purpose[:40]!r}"},
            hint=_("Choose: look, receipt, install."),
        )
    at, nonce = wiring.now(), secrets.token_bytes(element.NONCE)
    waiting = ElementChallenge.objects.filter(asked_by=by, answered_at=None, expires_at__gt=at)
    if waiting.count() >= MOST_OPEN:
        raise TooOftenError(
            _("%(most)s challenges wait for an answer.") % {"most": MOST_OPEN},
            hint=_("Answer them, or ask again in ten minutes."),
        )
    made = act.challenge(wiring.desk(), unit, Purpose(purpose), nonce, at)
    return ElementChallenge.objects.create(
        nonce=nonce.hex(),
        unit=str(unit),
        purpose=purpose,
        asked_by=by,
        asked_at=made.asked,
        expires_at=made.expires,
    )


def find(number: int) -> ElementChallenge:
    """Return a challenge that is kept."""
    found = ElementChallenge.objects.filter(pk=number).first()
    if found is None:
        raise UnknownSubjectError(
            _("This challenge is not kept any more."), hint=_("Scan the unit and ask it again.")
        )
    return found


def text_of(kept: ElementChallenge) -> str:
    """Return a challenge as text, for a code or to be copied."""
    return element.text(_challenge(kept))


def answer(text: str, unit: UnitId | None = None) -> Heard:
    """Return what an answer says of a unit; where none is given, of the one that was asked."""
    given = element.read(text[:1_000])
    with transaction.atomic():
        rows = ElementChallenge.objects.filter(nonce=given.nonce.hex())
        kept = rows.first()
        if kept is None:
            raise StaleEvidenceError(
                _("Nobody here asked for this answer, or it was a day ago."),
                hint=_("Scan the unit and ask it again."),
            )
        taken = rows.filter(answered_at=None).update(answered_at=wiring.now())
        reply = Reply(text, unit or UnitId.read(kept.unit), spent=not taken)
        heard = act.answer(wiring.desk(), _challenge(kept), reply, wiring.now())
        if heard.judged.counts:
            rows.update(entry=heard.entry)
        elif taken:  # the unit was not heard, so the challenge still stands
            rows.update(answered_at=None)
    return heard


def tidy() -> int:
    """Remove challenges that ended a day ago; return how many."""
    ended = ElementChallenge.objects.filter(expires_at__lt=wiring.now() - KEPT)
    return ended.delete()[0]


def _challenge(kept: ElementChallenge) -> Challenge:
    return Challenge(
        UnitId.read(kept.unit),
        Purpose(kept.purpose),
        bytes.fromhex(kept.nonce),
        kept.asked_at,
        kept.expires_at,
    )

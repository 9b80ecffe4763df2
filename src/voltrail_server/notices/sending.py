"""
Hand letters over to the mail server, one after the other, with growing pauses where it fails.

A letter is marked before it is handed over and again after. No two processes hand over one letter,
and none that the server took is sent again. A process that dies between the two marks cannot know:
its letter goes once more after a while, under the same Message-ID, by which a mailbox tells that
it is the same one. None is lost.
"""

import logging
import smtplib
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import close_old_connections, connections
from django.db.models import Q

from voltrail_server import wiring
from voltrail_server.notices import letters
from voltrail_server.notices.models import Letter

EVERY_S = 5.0  # [s] between two looks
SILENT = timedelta(minutes=10)  # a letter marked for longer was left by a process that died
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240, 720, 1_440, 1_440))
_MOST = 50  # [letters] over one connection
_FOR_GOOD = 500  # SMTP's first status that says never
_LOG = logging.getLogger(__name__)


def turn(at: datetime) -> int:
    """Send what waits; return how many letters the mail server took."""
    if not letters.is_set_up():
        return 0
    waits = Q(state="waiting", next_at__lte=at) | Q(state="handing", claimed_at__lt=at - SILENT)
    found = list(Letter.objects.filter(waits).order_by("next_at", "id")[:_MOST])
    connection = get_connection() if found else None
    try:
        return sum(_send(one, connection, at) for one in found)
    finally:
        if connection is not None:
            _close(connection)


def run(stop: threading.Event) -> None:
    """Send until told to stop; a turn that fails is logged and tried again."""
    while not stop.wait(EVERY_S):
        close_old_connections()
        try:
            turn(wiring.now())
        except Exception:  # noqa: BLE001 — a thread that dies would stop all mail
            _LOG.exception("Mail could not be sent; the next look tries again.")
        finally:
            close_old_connections()
    connections.close_all()


def _send(one: Letter, connection: BaseEmailBackend | None, at: datetime) -> bool:
    """Mark a letter, hand it over, and mark what came of it."""
    mine = Letter.objects.filter(pk=one.pk, state=one.state, claimed_at=one.claimed_at)
    if not mine.update(state="handing", claimed_at=at, tries=one.tries + 1):
        return False  # another process was faster
    try:
        _message(one, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        _failed(one, at, f"{code} {said!r}", for_good=code >= _FOR_GOOD)
    except smtplib.SMTPResponseException as error:
        never = error.smtp_code >= _FOR_GOOD and not isinstance(error, _OURS)
        _failed(one, at, f"{error.smtp_code} {error.smtp_error!r}", for_good=never)
    except (OSError, smtplib.SMTPException) as error:
        _failed(one, at, type(error).__name__, for_good=False)
    else:
        _mark(one, state="sent", ended_at=at, body="", problem="")
        return True
    if connection is not None:
        _close(connection)  # the next letter begins anew
    return False


# faults of the connection or of our log-in there, not of the letter
_OURS = (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError)


def _failed(one: Letter, at: datetime, problem: str, *, for_good: bool) -> None:
    told = letters.one_line(problem)[:200]
    if for_good:
        _mark(one, state="refused", ended_at=at, body="", problem=told)
    elif one.tries >= len(PAUSES):
        _mark(one, state="given-up", ended_at=at, body="", problem=told)
    else:
        _mark(one, state="waiting", next_at=at + PAUSES[one.tries], claimed_at=None, problem=told)


def _mark(one: Letter, **more: object) -> None:
    Letter.objects.filter(pk=one.pk).update(**more)


def _message(one: Letter, connection: BaseEmailBackend | None) -> EmailMessage:
    return EmailMessage(
        one.subject,
        one.body,
        settings.DEFAULT_FROM_EMAIL,
        [one.to],
        headers={
            "Message-ID": one.message_id,
            "Date": one.created_at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        _LOG.debug("The mail server had closed the connection already.")

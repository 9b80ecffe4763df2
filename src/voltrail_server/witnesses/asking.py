"""
Ask each witness to cosign the newest checkpoint, each in its own time.

    the sequencer signs        rings; every witness that is not silent is asked at once
    a witness is silent        it is asked again after a pause that doubles, up to ten minutes
    it knows another size      it is asked once more from there
    it knows a longer history  alarm: this register went back, or another one signs with its key

Nothing of the register waits for a witness.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import requests
from django.db import close_old_connections, connections
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.actions import prove
from voltrail.actions.desk import Desk
from voltrail.errors import ProductError
from voltrail.register.witness import Outcome, verified_lines
from voltrail_server import wiring
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.witnesses import known
from voltrail_server.witnesses.known import Asked

EVERY_S = 0.5  # [s] between looks for checkpoints that other processes have signed
PAUSES = timedelta(seconds=2), timedelta(minutes=10)  # after silence, the first and the longest
TIMEOUT_S = (5, 15)  # [s] to connect, and between two parts of an answer
WHOLE = timedelta(minutes=1)  # for a whole answer, whoever sends it
MOST = 65_536  # [bytes] read of an answer
AT_ONCE = 8  # [witnesses] asked at a time
_SIZE = 20  # [digits] of a size in an answer
_LOG = logging.getLogger(__name__)


class Asking:
    """Asks witnesses about one register."""

    def __init__(self, desk: Desk, kept: DjangoCosignatures, now: Callable[[], datetime]) -> None:
        """Keep the sockets, and begin with nobody being asked."""
        self._desk, self._kept, self._now = desk, kept, now
        self._busy: set[str] = set()

    def waiting(self) -> list[tuple[Asked, Standing]]:
        """Return who has not cosigned the newest checkpoint, and may be asked now."""
        found, newest, at = known.asked(), self._newest(), self._now()
        if not found or newest is None:
            return []
        stands = self._kept.standings()
        rows = [(one, stands.get(one.url, Standing(one.url))) for one in found]
        return [
            (one, row)
            for one, row in rows
            if one.url not in self._busy
            and row.next_at <= at
            and (row.cosigned != newest or row.problem)
        ]

    def ask(self, one: Asked, row: Standing) -> Standing:
        """Ask one witness, and write what came of it."""
        at = self._now()
        try:
            found = self._asked(one, row, at)
        except (ProductError, requests.RequestException) as error:
            found = failed(row, at, in_words(error))
        self._kept.set(found)
        return found

    def run(self, stop: threading.Event, rung: threading.Event) -> None:
        """Ask whenever a checkpoint was signed or a pause has passed, until told to stop."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="witness") as pool:
            while not stop.is_set():
                rung.wait(EVERY_S)
                rung.clear()
                self._turn(pool)
        connections.close_all()

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        close_old_connections()
        try:
            for one, row in self.waiting():
                self._busy.add(one.url)
                pool.submit(self._beside, one, row)
        except Exception:  # noqa: BLE001 — a thread that dies would stop all asking
            _LOG.exception("Witnesses could not be asked; the next look tries again.")
        finally:
            close_old_connections()

    def _beside(self, one: Asked, row: Standing) -> None:
        try:
            self.ask(one, row)
        except Exception:  # noqa: BLE001 — the next turn tries again
            _LOG.exception("A witness's answer could not be kept.")
        finally:
            self._busy.discard(one.url)
            connections.close_all()

    def _newest(self) -> int | None:
        notes = self._desk.entries.checkpoints()
        return notes[0][0] if notes else None

    def _asked(self, one: Asked, row: Standing, at: datetime) -> Standing:
        """Ask from the size we know of; where the witness knows another, once more from there."""
        size, request = prove.witness_request(self._desk, min(row.cosigned, self._newest() or 0))
        status, body = post(one.url, request.body())
        if status == Outcome.OTHER_SIZE and (told := _size_in(body)) != request.old:
            if told > self._desk.entries.size():
                return _alarmed(row, at, _LONGER)
            size, request = prove.witness_request(self._desk, told)
            status, body = post(one.url, request.body())
        if status == Outcome.COSIGNED:
            lines = b"".join(verified_lines(request.note, body, one.keys))
            self._kept.keep(size, one.url, lines)
            return Standing(one.url, size, at)
        if status in (Outcome.OTHER_SIZE, Outcome.NOT_CONSISTENT):
            return _alarmed(row, at, _OTHER)
        return failed(row, at, _WORDS.get(status, f"It answered {status}."))


_LONGER = N_("It cosigned more entries than are here.")
_OTHER = N_("It cosigned another history than the one here.")
_WORDS = {
    404: N_("It does not know this register yet: give its operator the vkey."),
    403: N_("It knows another key of this register."),
    400: N_("It could not read the request."),
    503: N_("It refuses: its state was restored, and nobody told it what it cosigned since."),
}


def post(url: str, body: bytes) -> tuple[int, bytes]:
    """Return status and body of what a witness answers to a request."""
    status, found = send(f"{url}/add-checkpoint", body, "text/plain; charset=utf-8", MOST)
    return (502, b"") if len(found) > MOST else (status, found)


def send(url: str, body: bytes, media: str, most: int) -> tuple[int, bytes]:
    """Return status and body of one answer; follows nobody, and reads so much and no more."""
    with requests.post(
        url,
        data=body,
        headers={"Content-Type": media},
        timeout=TIMEOUT_S,
        allow_redirects=False,
        stream=True,
    ) as answer:
        return answer.status_code, body_of(answer, most)


def body_of(answer: requests.Response, most: int) -> bytes:
    """Return an answer up to one byte more than is read; give up on one that comes in drops."""
    found, until = bytearray(), wiring.now() + WHOLE
    for part in answer.iter_content(1):  # a larger part would wait until it is full
        found += part
        if len(found) > most:
            break
        if wiring.now() > until:
            raise requests.Timeout(f"{answer.url} answers too slowly")
    return bytes(found)


def in_words(error: Exception) -> str:
    """Return what went wrong between here and an address, as people say it."""
    if isinstance(error, ProductError):
        return str(error)
    if isinstance(error, requests.Timeout):
        return _LATE
    return _NOBODY if isinstance(error, requests.ConnectionError) else _UNREAD


_LATE = N_("It did not answer in time.")
_NOBODY = N_("Nobody answers at its address.")
_UNREAD = N_("Its answer could not be read.")


def _size_in(body: bytes) -> int:
    text = body.decode("ascii", "replace").removesuffix("\n")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _SIZE else 0


def failed(
    row: Standing, at: datetime, problem: str, pauses: tuple[timedelta, timedelta] = PAUSES
) -> Standing:
    """Return how somebody stands who could not be asked, or said no, after one pause more."""
    first, longest = pauses
    pause = min(first * 2 ** min(row.tries, 20), longest)
    return replace(row, tries=row.tries + 1, next_at=at + pause, problem=problem[:300])


def _alarmed(row: Standing, at: datetime, problem: str) -> Standing:
    _LOG.critical("ALARM: witness %s: %s", row.url, problem)
    return replace(failed(row, at, problem), alarm=True)

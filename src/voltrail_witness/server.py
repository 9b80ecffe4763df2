"""
The witness on HTTP: one route, bounded bodies, bounded time, one log line a request.

Speaks plain HTTP on loopback unless told otherwise; TLS is the business of a proxy before it.
"""

import json
import logging
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from voltrail.errors import ProductError
from voltrail.register.witness import MAX_BODY, TEXT_MEDIA, Answer, Witness, WitnessState, cosign

PATH = "/add-checkpoint"
TIMEOUT_S = 10  # [s] for a request to arrive
MOST = 32  # [requests] at a time; the next one waits
_LOG = logging.getLogger("voltrail.witness")


class Door(ThreadingHTTPServer):
    """The listening socket, with the witness behind it."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness, state: WitnessState) -> None:
        """Listen at an address."""
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.witness, self.state = witness, state
        self.free = threading.BoundedSemaphore(MOST)
        super().__init__(address, Asked)

    def judge(self, body: bytes) -> Answer:
        """Judge one request now."""
        return cosign(self.state, body, self.witness, datetime.now(UTC))

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """Note a connection that broke."""
        _LOG.info(json.dumps({"status": 0, "said": "A connection broke."}))


class Asked(BaseHTTPRequestHandler):
    """One connection."""

    server: Door
    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT_S
    server_version, sys_version = "voltrail-witness", ""

    def do_POST(self) -> None:
        """Answer `add-checkpoint`."""
        length = self.headers.get("Content-Length", "")
        if self.path != PATH:
            self._close(404, "There is only /add-checkpoint here.")
        elif not length.isascii() or not length.isdigit():
            self._close(411, "Say the length of the body.")
        elif len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            self._close(413, f"At most {MAX_BODY} bytes are read.")
        else:
            body = self.rfile.read(int(length))
            with self.server.free:
                self._judge(body)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 — the standard library's signature
        """Write nothing here: `_answer` writes the line."""

    def _judge(self, body: bytes) -> None:
        try:
            found = self.server.judge(body)
        except ProductError as error:
            self._close(503, str(error))
        except Exception:  # noqa: BLE001 — one request's fault must not end the others
            _LOG.exception("A request could not be judged.")
            self._close(500, "The witness failed; its operator finds the reason in the log.")
        else:
            self._answer(int(found.outcome), found.body, found.media, found.sentence)

    def _close(self, status: int, sentence: str) -> None:
        self.close_connection = True
        self._answer(status, f"{sentence}\n".encode(), TEXT_MEDIA, sentence)

    def _answer(self, status: int, body: bytes, media: str, sentence: str) -> None:
        _LOG.info(json.dumps({"status": status, "said": sentence}, ensure_ascii=False))
        self.send_response_only(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def serve(door: Door, ready: Callable[[], None]) -> None:
    """Answer requests until SIGTERM or SIGINT; those under way are answered first."""

    def end(*_: Any) -> None:  # noqa: ANN401 — a signal's handler
        threading.Thread(target=door.shutdown, daemon=True).start()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, end)
    ready()
    door.serve_forever(poll_interval=0.2)
    for _ in range(MOST):
        door.free.acquire(timeout=TIMEOUT_S)
    door.server_close()

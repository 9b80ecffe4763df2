"""
A server's API as the command line sees it: one request, its answer, or our error again.

Speaks HTTP with the standard library, so that whoever hands in needs the kernel alone. Does not
follow redirects, and sends a token in the clear to this machine only.
"""

import os
import stat
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from msgspec import Struct

from voltrail.cli.answers import problem, read, value
from voltrail.errors import MalformedError, ProductError, RefusedError, UnverifiableError

API = "/api/v1"
ENVELOPE = "application/vnd.dsse.envelope+json"
JSON = "application/json"
TIMEOUT_S = 60  # [s] a bulk of statements may take its time
_MOST = 4 * 1_048_576  # [bytes] read of an answer
_NOT_SHOWN = (403, 404)  # HTTP: this firm may not read it, or nothing is there
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class _Stay(HTTPRedirectHandler):
    """Follows nobody: a token must not travel to another address."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 — urllib's signature
        return None


class Server(Struct, frozen=True):
    """A server's address and the token that speaks for a firm there."""

    url: str
    token: str

    def __repr__(self) -> str:
        """Return the address; the token is nobody's business."""
        return f"Server({self.url!r})"

    def hand_in(self, envelope: bytes) -> dict[str, Any]:
        """
        Register one signed statement.

        Args:
            envelope: the DSSE envelope's bytes

        Returns:
            Index, digest and whether it is new.

        Raises:
            ProductError: what the server refused it with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/statements", envelope)

    def statement(self, index: int) -> bytes | None:
        """
        Return an envelope as the server received it, or None where it is not shown to this token.

        Args:
            index: place in the register

        Returns:
            The bytes.

        Raises:
            ProductError: nobody issued the token, or what else the server refused it with.

        Source: docs/reference/api.md.
        """
        try:
            return self.send("GET", f"/statements/{index}")
        except ProductError as error:
            if getattr(error.__cause__, "code", 0) in _NOT_SHOWN:
                return None
            raise

    def may_install(self, unit: str) -> dict[str, Any]:
        """
        Return whether a unit may be installed.

        Args:
            unit: its identity

        Returns:
            Whether it is allowed, the sentence, the entries.

        Raises:
            ProductError: what the server refused the question with.

        Source: docs/reference/api.md.
        """
        return self._ask("GET", f"/units/{quote(unit)}/may-install")

    def may_order(self, wanted: bytes) -> dict[str, Any]:
        """
        Return whether something may be ordered, with everything that is unmet.

        Args:
            wanted: JSON of order, product, seller, place, quantity and channel

        Returns:
            Whether it is allowed, the sentence, what is unmet and met.

        Raises:
            ProductError: what the server refused the question with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/orders/check", wanted, JSON)

    def order(self, wanted: bytes) -> dict[str, Any]:
        """
        Place an order.

        Args:
            wanted: JSON of order, product, seller, place, quantity and channel

        Returns:
            The order's index and digest.

        Raises:
            UnmetError: requirements are unmet; the attempt stands on record.
            ProductError: what else the server refused it with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/orders", wanted, JSON)

    def waivers(self) -> list[dict[str, Any]]:
        """
        Return every exception on record, newest first.

        Returns:
            Exceptions as the API gives them.

        Raises:
            ProductError: what the server refused the question with.

        Source: docs/reference/api.md.
        """
        found = value(self.send("GET", "/exceptions"))
        if not isinstance(found, list):
            raise MalformedError("The server's answer is no list.", hint="Check --server.")
        return found

    def ask_waiver(self, wanted: bytes) -> dict[str, Any]:
        """
        Ask two persons to approve an exception.

        Args:
            wanted: JSON of docs/spec/waiver.md, without number and snapshot

        Returns:
            The draft's number, the snapshot's digest, how many arrivals it would cover.

        Raises:
            ProductError: what the server refused it with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/exceptions", wanted, JSON)

    def check_place(self, wanted: bytes) -> dict[str, Any]:
        """
        Return what tier a classification gives; nothing is recorded.

        Args:
            wanted: JSON with the fields of a place

        Returns:
            The tier, how it came about, and whether a second person must sign.

        Raises:
            ProductError: what the server refused the question with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/places/check", wanted, JSON)

    def classify(self, wanted: bytes) -> dict[str, Any]:
        """
        Classify a place.

        Args:
            wanted: JSON with the fields of a place; who assessed it, and who agrees

        Returns:
            The tier, and index and digest, or the number of the draft for two.

        Raises:
            ProductError: what the server refused it with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/places", wanted, JSON)

    def ask_acceptance(self, wanted: bytes) -> dict[str, Any]:
        """
        Ask two persons to accept goods, or to put units into service.

        Args:
            wanted: JSON of docs/spec/acceptance.md, without number, place and time

        Returns:
            The draft's number and what it is for.

        Raises:
            ProductError: what the server refused it with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", "/acceptances", wanted, JSON)

    def draft(self, number: int) -> bytes:
        """
        Return a draft's exact bytes.

        Args:
            number: which draft

        Returns:
            The statement that waits for signatures.

        Raises:
            ProductError: what the server refused it with.

        Source: docs/reference/api.md.
        """
        return self.send("GET", f"/drafts/{number}/payload")

    def add_signatures(self, number: int, envelope: bytes) -> dict[str, Any]:
        """
        Add signatures to a draft; the last one hands it in.

        Args:
            number: which draft
            envelope: the signatures around the draft's own bytes

        Returns:
            The draft as it stands then.

        Raises:
            ProductError: what the server refused it with.

        Source: docs/reference/api.md.
        """
        return self._ask("POST", f"/drafts/{number}/signatures", envelope)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, media: str = ENVELOPE
    ) -> dict[str, Any]:
        return read(self.send(method, path, body, media))

    def send(
        self, method: str, path: str, body: bytes | None = None, media: str = ENVELOPE
    ) -> bytes:
        """
        Return what a route of the API answers.

        Args:
            method: of HTTP
            path: below the API's address, quoted
            body: what is sent, if anything
            media: its media type

        Returns:
            The answer's bytes.

        Raises:
            ProductError: what the server refused it with.
            MalformedError: the answer is larger than is read here.
            UnverifiableError: nobody answers.

        Source: docs/reference/api.md.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": media}
        address = self.url.rstrip("/") + API + path
        request = Request(address, body, headers, method=method)  # noqa: S310 — `connect` saw the scheme
        try:
            with _opener(self.url).open(request, timeout=TIMEOUT_S) as answer:
                found = bytes(answer.read(_MOST + 1))
        except HTTPError as error:
            raise problem(error.code, error.read(_MOST)) from error
        except (URLError, HTTPException, OSError) as error:
            raise UnverifiableError(
                f"{self.url} does not answer: {getattr(error, 'reason', error)}.",
                hint="Check the address, and that the server runs; then send again.",
            ) from error
        if len(found) > _MOST:
            raise MalformedError(
                f"The answer is larger than {_MOST:,} bytes.", hint="Ask for less at a time."
            )
        return found


def connect(url: str, token_file: Path) -> Server:
    """
    Return a server to talk to, refusing what would give the token away.

    Args:
        url: https, or http on this machine
        token_file: holds the token, unreadable for others

    Returns:
        The server.

    Raises:
        MalformedError: the address is none, or the file holds no token.
        RefusedError: the token would travel in the clear, or others may read its file.

    Source: our choice: ADR 0013.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise MalformedError(f"{url} is no server.", hint="Write https://name.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise RefusedError(
            f"{url} would carry the token in the clear.", hint="Use the server's https address."
        )
    return Server(url, read_token(token_file))


def read_token(path: Path) -> str:
    """
    Return the token in a file that not everybody may read.

    Args:
        path: the file

    Returns:
        The token.

    Raises:
        MalformedError: the file holds no token.
        RefusedError: everybody on this machine may read or write it.

    Source: our choice: ADR 0013.
    """
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if mode & stat.S_IRWXO:
            raise RefusedError(
                f"Everybody on this machine may read {path}.", hint=f"Run: chmod 600 {path}."
            )
        token = file.read(1_024).decode(errors="replace").strip()
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise MalformedError(f"{path} holds no token.", hint="Put the token alone on one line.")
    return token


def _opener(url: str) -> OpenerDirector:
    local = urlsplit(url).hostname in _LOOPBACK
    return build_opener(_Stay, *([ProxyHandler({})] if local else []))

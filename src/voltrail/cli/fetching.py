"""
Public files of a register over HTTP: a checkpoint, a tile, a proof. No token is sent.

Speaks http and https alone, follows nobody, and reads so many bytes and no more.
"""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from voltrail.errors import MalformedError, UnknownSubjectError, UnverifiableError

TIMEOUT_S = 30  # [s] between two parts of an answer
MOST = 32 * 1_048_576  # [bytes] 256 entries of 65,535 bytes are 17 MB
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NOT_FOUND = 404
_NONE: Mapping[str, str] = {}


class _Stay(HTTPRedirectHandler):
    """Follows nobody: an address is what its owner was asked for."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 — urllib's signature
        return None


def fetch(url: str, most: int = MOST) -> bytes:
    """
    Return what stands at an address.

    Args:
        url: http or https
        most: bytes that are read [bytes]

    Returns:
        The bytes.

    Raises:
        MalformedError: no such address, or more bytes than are read.
        UnknownSubjectError: nothing stands there.
        UnverifiableError: nobody answers, or with an error.

    Source: C2SP tlog-tiles, parameters; our choice: ADR 0038.
    """
    return _answer(url, most)


def post(url: str, body: bytes, media: str, most: int = MOST) -> bytes:
    """
    Return what an address answers to some bytes.

    Args:
        url: http or https
        body: what is sent
        media: of the body
        most: bytes that are read [bytes]

    Returns:
        The bytes.

    Raises:
        MalformedError: no such address, or more bytes than are read.
        UnknownSubjectError: nothing stands there.
        UnverifiableError: nobody answers, or with an error.

    Source: RFC 3161 section 3.4.
    """
    return _answer(url, most, body, {"Content-Type": media})


def _answer(
    url: str, most: int, body: bytes | None = None, headers: Mapping[str, str] = _NONE
) -> bytes:
    proxies = [ProxyHandler({})] if need_address(url) in _LOOPBACK else []
    asked = Request(url, body, dict(headers))  # noqa: S310 — its scheme was looked at
    try:
        with build_opener(_Stay, *proxies).open(asked, timeout=TIMEOUT_S) as answer:
            found = bytes(answer.read(most + 1))
    except HTTPError as error:
        error.close()
        if error.code == _NOT_FOUND:
            raise UnknownSubjectError(
                f"{url} does not exist.", hint="Check the address."
            ) from error
        raise UnverifiableError(
            f"{url} answers {error.code}.", hint="Ask its operator, or try later."
        ) from error
    except (URLError, HTTPException, OSError) as error:
        raise UnverifiableError(
            f"{url} does not answer: {getattr(error, 'reason', error)}.",
            hint="Check the address, and that the server runs.",
        ) from error
    if len(found) > most:
        raise MalformedError(f"{url} has over {most:,} bytes.", hint="Check the address.")
    return found


def need_address(url: str) -> str:
    """
    Return the host of an address that can be fetched from.

    Args:
        url: http or https

    Returns:
        The host's name.

    Raises:
        MalformedError: no such address.

    Source: our choice: ADR 0038.
    """
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
    except ValueError as error:  # half an IPv6 address, or a name with a part too long
        raise _no_address(url) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii():
        raise _no_address(url)
    return parts.hostname


def _no_address(url: str) -> MalformedError:
    return MalformedError(f"{url} is no address.", hint="Write https://name, in plain ASCII.")

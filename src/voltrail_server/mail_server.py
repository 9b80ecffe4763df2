"""The mail server to hand letters to, as one address: smtp://user:password@host:port?tls=starttls."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from voltrail.errors import MalformedError

_PORTS = {"": 25, "starttls": 587, "ssl": 465}
_HINT = "Write VOLTRAIL_SMTP_URL=smtp://user:password@host:port?tls=starttls, or ssl, or nothing."


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how; no host means that no mail is sent."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: str = ""


def read(url: str) -> MailServer:
    """Return the mail server in a URL; the URL itself is never told, for it holds a password."""
    if not url.strip():
        return MailServer()
    try:
        parts = urlsplit(url.strip())
        tls = parse_qs(parts.query).get("tls", [""])[-1]
        host, port = parts.hostname, parts.port or _PORTS[tls]
    except (ValueError, KeyError) as error:
        raise MalformedError("VOLTRAIL_SMTP_URL cannot be read.", hint=_HINT) from error
    if parts.scheme != "smtp" or not host:
        raise MalformedError("VOLTRAIL_SMTP_URL names no mail server.", hint=_HINT)
    return MailServer(host, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)

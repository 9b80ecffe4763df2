"""
What the log may say: one line an event, as text or JSON, and never a secret.

Every line is masked when it is written, tracebacks included, whoever wrote it. We log no paths of
requests at all, as some of them are secrets.
"""

import json
import logging
import re
from datetime import UTC, datetime

MASK = "[masked]"
REQUESTS = "voltrail.requests"
_FIELDS = ("request_id", "route", "method", "status", "ms", "account")
# Headers to the end of their line; names of secrets with their value; the secret after an address
# that is one; and any long word of mixed letters and digits, which no name of ours is.
_MASKED = (
    re.compile(r"(?i)((?:authorization|cookie|x-api-key)['\"]?\s*[:=,]\s*)([^\r\n]+)"),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)([A-Za-z0-9._~+/=-]+)"),
    re.compile(
        r"(?i)((?:pass(?:word|phrase|wd|code)|secret|token|csrf\w*|session(?:id|_key)?|otp)\w*"
        r"['\"]?\s*[:=]\s*['\"]?)([^\s'\"&,;}\])]+)"
    ),
    re.compile(
        r"(/(?:in|invite|invitation|invitations|join|reset|one-time|first-run|log-in)/)"
        r"([^\s/?'\"<>]+)"
    ),
    re.compile(r"(\b\w+://[^\s:/@]+:)([^\s@]+)(?=@)"),
    re.compile(
        r"()((?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[0-9])(?=[A-Za-z0-9_-]*[A-Z])"
        r"(?=[A-Za-z0-9_-]*[a-z])[A-Za-z0-9_-]{20,})"
    ),
)


def masked(text: str) -> str:
    """Return a text without the secrets that it may hold."""
    for pattern in _MASKED:
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text


class Text(logging.Formatter):
    """A line for people: time, level, logger, message; a traceback below it."""

    def __init__(self) -> None:
        """Keep the shape of a line."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self.converter = lambda seconds: datetime.fromtimestamp(seconds or 0, UTC).timetuple()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        return masked(super().format(record))


class Json(logging.Formatter):
    """A line for programs: one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line, each text in it masked."""
        found: dict[str, object] = {
            "at": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        for name in _FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                found[name] = value if isinstance(value, int | float) else masked(str(value))
        if record.exc_info:
            found["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(found, ensure_ascii=False)


def settings(shape: str, level: str, *, requests: bool) -> dict[str, object]:
    """Return Django's LOGGING: everything to stderr, in one shape, masked."""
    formatter = Json if shape.lower() == "json" else Text
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            REQUESTS: {"level": "INFO" if requests else "ERROR"},
        },
    }

"""
The words and signs of judgement, and the one way to write a time, an age and a number.

Every colour on a page comes from here together with its word. Does not know what leads to a word.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.errors import ProductError
from voltrail.wording import Worded


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the sign and the hue it always has; written in the reader's language."""

    name: str
    said: str
    sign: str
    hue: str
    context: str = ""  # where one English word means two things

    @property
    def text(self) -> str:
        """The word as the reader reads it."""
        return pgettext(self.context, self.said) if self.context else gettext(self.said)


DISPOSITIONS = {
    "release": Word("release", "Release", "release", "release"),
    "quarantine": Word("quarantine", "Quarantine", "hold", "hold"),
    "reject": Word("reject", "Reject", "refuse", "refuse"),
    "isolate": Word("isolate", "Isolate", "isolate", "refuse"),
    "": Word("undecided", "Undecided", "unknown", "unknown"),
}

OUTCOMES = {
    "violated": Word("violated", "Violated", "refuse", "refuse"),
    "error": Word("error", "Could not run", "unknown", "unknown"),
    "unproven": Word("unproven", "Unproven", "unknown", "unknown"),
    "holds": Word("holds", "Holds", "release", "release", context="outcome of a control"),
    "not-applicable": Word("not-applicable", "Does not apply", "dot", "quiet"),
}

STATES = {
    "proven": Word("proven", "Proven", "release", "release"),
    "single-source": Word("single-source", "One source", "one", "release"),
    "waived": Word("waived", "Waived", "waived", "hold"),
    "cannot-tell": Word("cannot-tell", "Cannot tell", "unknown", "unknown"),
    "contradicted": Word("contradicted", "Contradicted", "refuse", "refuse"),
    "not-required": Word("not-required", "Not required", "dot", "quiet"),
}

INSTALL = {
    True: Word("may-install", "May be installed", "release", "release"),
    False: Word("may-not-install", "Do not install", "refuse", "refuse"),
}

BROUGHT = Word("in-service-before", "Unproven", "unknown", "unknown")

ORDER = {
    True: Word("may-order", "May be ordered", "release", "release"),
    False: Word("may-not-order", "Do not order", "refuse", "refuse"),
}

REQUIREMENTS = {
    True: Word("met", "Met", "release", "release"),
    False: Word("unmet", "Unmet", "refuse", "refuse"),
}

WAIVED = Word("waived", "Waived", "waived", "hold")

ORDERED = {
    True: Word("ordered", "Ordered", "dot", "quiet"),
    False: Word("order-refused", "Refused", "refuse", "refuse"),
}

CONSEQUENCES = {
    "none": N_("no consequence"),
    "note": N_("noted only"),
    "quarantine": N_("leads to quarantine"),
    "reject": N_("leads to reject"),
    "isolate": N_("leads to isolate"),
}

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400  # [s]
_AGES = (
    (2 * _MINUTE, 1, N_("%(count)s s ago")),
    (2 * _HOUR, _MINUTE, N_("%(count)s min ago")),
    (2 * _DAY, _HOUR, N_("%(count)s h ago")),
)


def disposition(name: str) -> Word:
    """Return the word of a disposition; an unknown one reads as undecided."""
    return DISPOSITIONS.get(name, DISPOSITIONS[""])


def outcome(name: str) -> Word:
    """Return the word of a control's outcome."""
    return OUTCOMES.get(name, OUTCOMES["error"])


def state(name: str) -> Word:
    """Return the word of a layer's state; an unknown one cannot be told."""
    return STATES.get(name, STATES["cannot-tell"])


def install(allowed: bool) -> Word:  # noqa: FBT001 — the answer itself
    """Return the word for whether a unit may be installed."""
    return INSTALL[allowed]


def order(allowed: bool) -> Word:  # noqa: FBT001 — the answer itself
    """Return the word for whether something may be ordered."""
    return ORDER[allowed]


def requirement(met: bool) -> Word:  # noqa: FBT001 — the answer itself
    """Return the word for whether a requirement is met."""
    return REQUIREMENTS[met]


def stamp(at: datetime | None) -> str:
    """Return an absolute time with its zone."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def moment(text: str) -> str:
    """Return the absolute time in an RFC 3339 text, or the text where it is none."""
    try:
        return stamp(datetime.fromisoformat(text))
    except (ValueError, TypeError):
        return str(text)


def age(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in one unit."""
    seconds = int((now - at).total_seconds())
    if seconds < 0:
        return gettext("in the future")
    for limit, unit, text in _AGES:
        if seconds < limit:
            return gettext(text) % {"count": seconds // unit}
    return gettext("%(count)s d ago") % {"count": number(seconds // _DAY)}


def number(value: int) -> str:
    """Return a whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def kind_of(predicate_type: str) -> str:
    """Return the short name in a predicate type URI, in the reader's language where it has one."""
    name = predicate_type.removeprefix("urn:voltrail:predicate:").rpartition(":v")[0]
    return said((name or predicate_type).replace("-", " "))


def said(text: object) -> str:
    """Return a text of our tables, a sentence or an error's in the reader's language."""
    inner = text.args[0] if isinstance(text, ProductError) and text.args else text
    if isinstance(inner, Worded):
        return gettext(inner.form) % {name: _value(one) for name, one in inner.values.items()}
    known = str(inner)
    return gettext(known) if known else ""


def _value(value: object) -> str:
    """Return what stands in a sentence: another sentence in the reader's language, else as is."""
    return said(value) if isinstance(value, Worded) else str(value)


def begun(text: str) -> str:
    """Return a text with a great first letter, and the rest as it stands."""
    return text[:1].upper() + text[1:]

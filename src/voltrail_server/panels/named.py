"""An identity with its recorded name beside it, and the page it leads to. Guesses no name."""

from collections.abc import Callable
from dataclasses import dataclass

_DESKS = {
    "arrival": "arrivals",
    "lot": "lots",
    "order": "orders",
    "party": "parties",
    "place": "places",
    "unit": "units",
}
_PARTS = 4  # urn, voltrail, kind, key


@dataclass(frozen=True, slots=True)
class Named:
    """An identity; its name is looked up when a page writes it, and empty where none is known."""

    subject: str
    look_up: Callable[[str], str]

    def __str__(self) -> str:
        """Return the whole identity."""
        return self.subject

    def __bool__(self) -> bool:
        """Return whether there is an identity at all."""
        return bool(self.subject)

    @property
    def key(self) -> str:
        """The identity without prefix and kind."""
        return key_of(self.subject)

    @property
    def name(self) -> str:
        """The name on record, or nothing."""
        return self.look_up(self.subject)

    @property
    def text(self) -> str:
        """The name on record, else the key."""
        return self.name or self.key

    @property
    def href(self) -> str:
        """The page of the subject."""
        return address(self.subject)


Naming = Callable[[str], Named]


def unnamed(subject: str) -> Named:
    """Return an identity that nobody looks up a name for."""
    return Named(subject, lambda _: "")


def key_of(subject: str) -> str:
    """Return an identity without prefix and kind."""
    parts = subject.split(":", _PARTS - 1)
    return parts[-1] if len(parts) == _PARTS else subject


def address(subject: str) -> str:
    """Return the address of a subject's page."""
    parts = subject.split(":", _PARTS - 1)
    desk = _DESKS.get(parts[2]) if len(parts) == _PARTS else None
    return f"/{desk}/{parts[3]}/" if desk else f"/subjects/{subject}/"

"""What somebody typed into a new order's form: every word kept, each problem beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.actions.order import Wanted
from voltrail.errors import MalformedError
from voltrail.ids.subject import OrderId, PartyId, PersonId, PlaceId, ProductId, SubjectId
from voltrail_server import wiring

_DIGITS = 12  # [digits] of a quantity
_LETTERS = 100  # [letters] of a channel's name
_SUBJECTS: dict[str, type[SubjectId]] = {
    "order": OrderId,
    "product": ProductId,
    "seller": PartyId,
    "place": PlaceId,
}
FIELDS = ("order", "product", "seller", "place", "quantity", "channel")
_ASKED = {
    "order": N_("Give the order a number."),
    "product": N_("Choose a product."),
    "seller": N_("Choose who sells it."),
    "place": N_("Choose the place it is for."),
    "quantity": N_("Give a quantity from 1."),
    "channel": N_("Name the channel it is bought through."),
}
_NOT_NEEDED_TO_ASK = {"order": "not-numbered-yet", "quantity": "1"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, what is wrong with which field, and the order it makes where nothing is."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    wanted: Wanted | None = None


def asked(form: Mapping[str, str]) -> Typed:
    """Return what is asked about; an empty field is no problem yet, a number is not needed."""
    values = _values(form)
    filled = {name: text or _NOT_NEEDED_TO_ASK.get(name, "") for name, text in values.items()}
    read, problems = _read(filled)
    problems = {name: said for name, said in problems.items() if filled[name]}
    return Typed(values, problems, Wanted(**read) if len(read) == len(FIELDS) else None)


def ordered(form: Mapping[str, str], person: str) -> Typed:
    """Return what is to be ordered, and by whom it was entered; every field is needed."""
    values = _values(form)
    read, problems = _read(values)
    if problems:
        return Typed(values, problems)
    by = PersonId.read(person) if person else None
    return Typed(values, {}, Wanted(**read, by=by))


def _values(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "").strip() for name in FIELDS}


def _read(values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields that read, and what is wrong with the others."""
    read: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, text in values.items():
        try:
            read[name] = _field(name, text)
        except MalformedError as error:
            problems[name] = str(error)
    return read, problems


def _field(name: str, text: str) -> object:
    if not text:
        raise MalformedError(_ASKED[name])
    if name == "channel":
        if len(text) > _LETTERS:
            raise MalformedError(
                _("A channel's name has at most %(letters)s letters.") % {"letters": _LETTERS}
            )
        return text
    if name == "quantity":
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text)):
            raise MalformedError(_ASKED[name])
        return int(text)
    kind = _SUBJECTS[name]
    if text.startswith("urn:"):
        return kind.read(text)
    if kind is OrderId and ":" not in text:
        return kind.of(*wiring.desk().operator.parts, text)
    return kind.of(*text.split(":"))

"""What the box at the top found, in words: each meaning with its kind, its name and its page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels.named import address, key_of

_KINDS = {
    "unit": N_("Unit"),
    "lot": N_("Lot"),
    "arrival": N_("Arrival"),
    "order": N_("Order"),
    "party": N_("Party"),
    "place": N_("Place"),
    "product": N_("Product"),
    "document": N_("Certificate or document"),
    "case": N_("Case"),
    "firmware": N_("Firmware"),
    "person": N_("Person"),
    "instrument": N_("Instrument"),
    "entry": N_("Register entry"),
}


@dataclass(frozen=True, slots=True)
class FindLine:
    """One meaning of what was looked for."""

    kind: str
    text: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a code: name for programs and for people, text, and what it means."""

    name: str
    label: object
    text: str
    said: object


@dataclass(frozen=True, slots=True)
class CodeStory:
    """How a code was read: scheme, parts, what is odd; or why it was refused, and what to do."""

    scheme: str = ""
    name: object = ""
    canonical: str = ""
    parts: tuple[PartLine, ...] = ()
    warnings: tuple[object, ...] = ()
    others: tuple[str, ...] = ()
    refusal: object = ""
    hint: object = ""
    clash: object = ""
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FindStory:
    """What was looked for, what it may mean, and what it is as a code."""

    text: str
    exact: tuple[FindLine, ...]
    like: tuple[FindLine, ...]
    code: CodeStory | None = None


def address_of(hit: Any) -> str:  # noqa: ANN401 — from `reading.find`
    """Return the page of a hit."""
    return f"/register/{hit.index}/" if hit.index is not None else address(hit.subject)


def told(found: Any) -> FindStory:  # noqa: ANN401 — from `reading.find`
    """Return what was found in words."""
    exact, like = (tuple(map(_line, hits)) for hits in (found.exact, found.like))
    return FindStory(found.text, exact, like, code(found))


def code(found: Any) -> CodeStory | None:  # noqa: ANN401 — from `reading.find`
    """Return how a code was read; nothing where the text is plain words."""
    read = found.understood
    if read is None:
        return None
    if read.code is None:
        return CodeStory(refusal=read.refusal.args[0], hint=read.refusal.hint)
    one = read.code
    parts = tuple(PartLine(part.name, part.label, part.text, part.said) for part in one.parts)
    return CodeStory(
        scheme=str(one.scheme),
        name=one.name,
        canonical=one.canonical,
        parts=parts,
        warnings=one.warnings,
        others=one.others,
        clash=read.meant.clash or "",
        entries=read.meant.entries,
    )


def _line(hit: Any) -> FindLine:  # noqa: ANN401 — from `reading.find`
    text = f"#{hit.index}" if hit.index is not None else key_of(hit.subject)
    return FindLine(_KINDS.get(hit.kind, hit.kind), text, hit.name, address_of(hit))

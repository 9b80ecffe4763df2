"""
The one box: what a scan or a few typed words may mean, by identity, by number and by name.

An identity is looked for under every owner of its kind, walking the links' index from owner to
owner; a bounded number of short questions however long the register is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.identified import Identified, Scheme
from voltrail.ids.identify import identify
from voltrail.ids.subject import Kind
from voltrail.labels import scan
from voltrail.projections import identities
from voltrail.projections.identities import Meant
from voltrail.projections.owners import owners
from voltrail_server import wiring
from voltrail_server.reading.names import look_up

MOST = 20  # [hits] shown
_NAMED = 400  # [names] of one kind that are read through
_LOOKED = (
    Kind.UNIT,
    Kind.LOT,
    Kind.ARRIVAL,
    Kind.ORDER,
    Kind.PARTY,
    Kind.PLACE,
    Kind.PRODUCT,
    Kind.DOCUMENT,
    Kind.CASE,
)
_WITH_NAMES = (Kind.PARTY, Kind.PLACE, Kind.PRODUCT)
_DIGEST = 64  # [hexadecimal digits] of a statement's digest


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that the words may mean: a subject with its name, or an entry of the register."""

    kind: str
    subject: str = ""
    name: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a code was read as, or why it was refused, and what the record says against it."""

    code: Identified | None = None
    refusal: MalformedError | None = None
    meant: Meant = field(default_factory=Meant)
    is_bare: bool = False  # digits alone: most such are a serial or an entry

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody has to read this before following what was found."""
        if self.meant.clash is not None:
            return True
        if self.code is not None:
            return bool(self.code.warnings) and not self.is_bare
        return self.refusal is not None


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for, what it means outright, what resembles it, and how it was read."""

    text: str
    exact: tuple[Hit, ...] = ()
    like: tuple[Hit, ...] = ()
    understood: Understood | None = None

    @property
    def only(self) -> Hit | None:
        """The one thing that is meant, where there is just one and no doubt."""
        every = self.exact or self.like
        is_plain = self.understood is None or not self.understood.is_doubtful
        return every[0] if len(every) == 1 and is_plain else None


def find(typed: str, on: date) -> Found:
    """Return what some words, or a scan, may mean."""
    understood = _understood(typed, on)
    return replace(_found(typed, understood), understood=understood)


def _understood(typed: str, on: date) -> Understood | None:
    """Return what a text is as a code; nothing for plain words that hold nothing odd."""
    try:
        code = identify(typed, on)
    except MalformedError as error:
        is_code = typed.strip() and not typed.strip().isdigit()
        return Understood(refusal=error) if is_code and len(typed) <= scan.LONGEST else None
    if code.scheme is Scheme.TEXT and not code.warnings:
        return None
    desk = wiring.desk()
    claimed = identities.meant(desk.entries, desk.views, code)
    return Understood(code, meant=claimed, is_bare=typed.strip().isdigit())


def _found(typed: str, understood: Understood | None) -> Found:
    read = scan.read(typed)
    text = read.text
    if text.startswith(ids.PREFIX) and ids.is_identity(text):
        about = ids.parse(text)
        return Found(text, (Hit(about.kind, str(about)),))
    if understood is not None and understood.meant.is_owned:
        return Found(text, tuple(_hits([str(one) for one in understood.meant.subjects])))
    exact = [*_entries(text), *(hit for word in read.words for hit in _exactly(word))]
    if exact or not text:
        return Found(text, tuple(dict.fromkeys(exact))[:MOST])
    like = (hit for word in read.words for hit in (*_beginning(word), *_called(word)))
    return Found(text, like=tuple(islice(dict.fromkeys(like), MOST)))


def _entries(text: str) -> Iterator[Hit]:
    """Yield the entry that a number, or a statement's digest, names."""
    entries, bare = wiring.desk().entries, text.removeprefix("#").replace(" ", "")
    if bare.isascii() and bare.isdigit() and len(bare) <= 12 and int(bare) < entries.size():  # noqa: PLR2004 — fits
        yield Hit("entry", index=int(bare))
    if len(bare) == _DIGEST:
        for index in entries.find([bare.lower()]).values():
            yield Hit("entry", index=index)


def _exactly(word: str) -> Iterator[Hit]:
    """Yield the subjects whose key, or last part of it, is just this word."""
    views = wiring.desk().views
    wanted = [one for kind in _LOOKED for one in _candidates(kind, word)]
    units = [one for one in wanted if one.startswith(f"{ids.PREFIX}{Kind.UNIT}:")]
    known = {*views.indices_many(wanted), *views.sightings(units)} if wanted else set()
    yield from _hits([one for one in wanted if one in known])


def _candidates(kind: Kind, word: str) -> Iterator[str]:
    for form in dict.fromkeys((word, word.upper(), word.lower())):
        for key in (form, *(f"{owner}:{form}" for owner in _owners(kind))):
            found = f"{ids.PREFIX}{kind}:{key}"
            if ids.is_identity(found):
                yield found


def _owners(kind: Kind) -> Sequence[str]:
    """Return the first parts of the keys of a kind; a unit's owners are those of lots."""
    whose = Kind.LOT if kind is Kind.UNIT else kind
    if whose in (Kind.PARTY, Kind.CASE):
        return ()
    return owners(wiring.desk().views, whose)


def _beginning(word: str) -> Iterator[Hit]:
    """Yield subjects whose key begins with a word, under any owner."""
    views = wiring.desk().views
    for kind in _LOOKED:
        for owner in ("", *_owners(kind)):
            begins = f"{ids.PREFIX}{kind}:{owner}{':' if owner else ''}{word}"
            yield from _hits([str(one) for one in views.keys(begins, "", MOST)])


def _called(word: str) -> Iterator[Hit]:
    """Yield firms, places and products in whose name a word stands."""
    views, low = wiring.desk().views, word.casefold()
    for kind in _WITH_NAMES:
        keys = [str(one) for one in views.keys(f"{ids.PREFIX}{kind}:", "", _NAMED)]
        named = look_up(keys)
        yield from _hits([one for one in keys if low in named.get(one, "").casefold()])


def _hits(subjects: Sequence[str]) -> Iterator[Hit]:
    named = look_up(subjects)
    for one in subjects:
        try:
            kind = ids.parse(one).kind
        except MalformedError:
            continue
        yield Hit(kind, one, named.get(one, ""))

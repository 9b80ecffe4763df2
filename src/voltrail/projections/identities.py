"""
Which of our subjects a foreign code is: by what is on record, never by what it looks like.

    GTIN            a product says it                 → product
    GTIN, serial    a unit's record says it           → unit; or the product's maker and the serial
    GTIN, lot       the product's maker and the lot   → lot
    GLN LEI USCC …  a firm's record says it           → party

One code is one subject. Where two claim it, both are told and the contradiction is said; which of
them is right, no code knows. A claim that was withdrawn counts no more.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids import gs1
from voltrail.ids import subject as ids
from voltrail.ids.elements import need_form
from voltrail.ids.identified import Identified
from voltrail.ids.subject import Kind, SubjectId
from voltrail.projections.gathering import Gathering
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded
from voltrail.register.store import EntryStore
from voltrail.statements import identifiers
from voltrail.statements.party import Party
from voltrail.statements.product import Product
from voltrail.statements.unit import UnitRecord
from voltrail.wording import Worded, worded

IS = "is:"  # link key: the canonical form of a code → the entries that say whose it is
MOST = 50  # [entries] that claim one code and are read
_PLACE, _PARTY = f"{gs1.CANONICAL}/414/", f"{gs1.CANONICAL}/417/"


class Meant(Struct, frozen=True):
    """
    The subjects that a code means, the entries that say so, and what they say against each other.

    `is_owned`: whose item it is stands on record, so that nothing else is to be guessed.
    """

    subjects: tuple[SubjectId, ...] = ()
    entries: tuple[int, ...] = ()
    clash: Worded | None = None
    is_owned: bool = False


def keys_of(fact: Any) -> Iterator[str]:  # noqa: ANN401 — any fact
    """
    Yield the link keys under which a fact is found by what names its subject elsewhere.

    Args:
        fact: of any kind

    Source: our choice: ADR 0046.
    """
    match fact:
        case Party():
            yield from (IS + identifiers.of_party(one) for one in fact.identifiers)
        case Product() if fact.gtin:
            yield IS + gs1.Gtin(gs1.full_gtin(fact.gtin)).link
        case UnitRecord():
            yield from (IS + identifiers.of_unit(one) for one in fact.identifiers)
            yield from _serial_of(fact)
        case _:
            return


def meant(entries: EntryStore, views: ViewStore, found: Identified) -> Meant:
    """
    Return which of our subjects a code is.

    Args:
        entries: the register
        views: the links
        found: from `identify`

    Returns:
        The subjects, those that claim it first; none where nothing on record says.

    Source: mission, PV-01; ADR 0046.
    """
    if isinstance(found.value, SubjectId):
        return Meant(tuple(_known(views, [found.value])), is_owned=True)
    gathering = Gathering(entries, views)
    told = [one for key in _asked(found) for one in claims(gathering, key)]
    products = list(_products(gathering, found))
    derived = [one for one in map(_of_maker(found), products) if one is not None]
    known = _known(views, derived)
    subjects = tuple(dict.fromkeys((*map(subject_of, told), *known)))
    said = tuple(dict.fromkeys(one.entry.index for one in (*told, *products)))
    return Meant(subjects, said, _clash(found, subjects), bool(told or products))


def subject_of(one: Recorded[Any]) -> SubjectId:
    """
    Return the subject that a claim speaks of.

    Args:
        one: a recorded party, product or unit

    Returns:
        Its identity.

    Source: our choice: ADR 0046.
    """
    match one.fact:
        case Party():
            return one.fact.party
        case Product():
            return one.fact.product
        case _:
            unit: SubjectId = one.fact.unit
            return unit


def _serial_of(fact: UnitRecord) -> Iterator[str]:
    """Yield the key of GTIN and serial, where the record has a right GTIN and GS1 takes both."""
    try:
        serial = need_form("21", fact.unit.parts[-1])
        if fact.gtin:
            yield IS + gs1.Sgtin(gs1.full_gtin(fact.gtin), serial).link
    except MalformedError:
        return


def _asked(found: Identified) -> Iterator[str]:
    """Yield the link keys that a code may stand under; a GLN is a place's and a party's."""
    for one in found.readings:
        yield IS + one
        if one.startswith(_PLACE):
            yield IS + one.replace(_PLACE, _PARTY)


def claims(gathering: Gathering, key: str) -> Iterator[Recorded[Any]]:
    """
    Yield the facts that claim a code and stand.

    Args:
        gathering: what is on record
        key: the link key of the code

    Yields:
        Records of firms, products and units; of a firm and a product the newest.

    Source: our choice: ADR 0046.
    """
    told = gathering.at(gathering.indices(key)[-MOST:])
    for subject in dict.fromkeys(map(subject_of, told.values())):
        view = gathering.view(subject)
        for kind in (Party, Product, UnitRecord):
            newest = view.newest(kind)
            standing = view.standing(kind) if kind is UnitRecord else (newest,) if newest else ()
            yield from (one for one in standing if key in keys_of(one.fact))


def _products(gathering: Gathering, found: Identified) -> Iterator[Recorded[Product]]:
    """Yield the products whose trade item a code with serial or lot is of."""
    if isinstance(found.value, gs1.Sgtin | gs1.Lgtin):
        yield from claims(gathering, IS + gs1.Gtin(found.value.gtin).link)


def _of_maker(found: Identified) -> Callable[[Recorded[Product]], SubjectId | None]:
    """Return how the unit or the lot of a code is called under the maker of a product."""
    is_unit = isinstance(found.value, gs1.Sgtin)
    kind = Kind.UNIT if is_unit else Kind.LOT
    last = found.part("serial" if is_unit else "lot")

    def made(product: Recorded[Product]) -> SubjectId | None:
        text = f"{ids.PREFIX}{kind}:{product.fact.maker.key}:{last}"
        return ids.parse(text) if ids.is_identity(text) else None

    return made


def _known(views: ViewStore, wanted: list[SubjectId]) -> list[SubjectId]:
    """Return those of some subjects that anything on record speaks of."""
    if not wanted:
        return []
    units = [str(one) for one in wanted if one.kind is Kind.UNIT]
    spoken = {*views.indices_many(wanted), *(views.sightings(units) if units else ())}
    return [one for one in wanted if one in spoken]


def _clash(found: Identified, subjects: tuple[SubjectId, ...]) -> Worded | None:
    """Return that more than one subject of a kind claims the code."""
    for kind in dict.fromkeys(one.kind for one in subjects):
        same = [one.key for one in subjects if one.kind is kind]
        if len(same) > 1:
            return worded(
                "%(count)s on record claim %(code)s: %(listed)s. At most one of them is it.",
                count=len(same),
                code=found.canonical,
                listed=", ".join(same[:3]),
            )
    return None

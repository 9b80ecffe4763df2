"""
What changed between two parts lists, line by line.

Lines meet by package address, else CPE, else supplier and part number, else name. What is left over
meets by name and place, so that another supplier's part in the same place is seen as swapped.
Knows no product and no notice; whether a change was announced, others say.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from voltrail.readers.cyclonedx import Bom, Component


class Change(StrEnum):
    """What can change; a line may change in several ways."""

    SUPPLIER = "supplier-swapped"
    PART = "part-swapped"
    QUANTITY = "quantity"
    VERSION = "version"
    CONTENT = "content"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


class Difference(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One change of one line: which, as it was, as it is."""

    change: Change
    line: str
    before: str = ""
    after: str = ""


_MOST_ALIKE = 64  # [lines] of one key among which the nearest is looked for; our choice

Key = Callable[[Component], str]


def compare(old: Bom, new: Bom) -> tuple[Difference, ...]:
    """
    Return what changed from one parts list to another.

    Args:
        old: as it was
        new: as it is

    Returns:
        Changes, those of the whole first, then by line.

    Source: our choice: ADR 0047.
    """
    pairs, gone, come = _matched(list(old.components), list(new.components))
    found = [one for before, after in pairs for one in _changes(before, after)]
    found += [Difference(Change.REMOVED, _title(one), _named(one)) for one in gone]
    found += [Difference(Change.ADDED, _title(one), "", _named(one)) for one in come]
    found.sort(key=lambda one: (one.line, one.change, one.before, one.after))
    whole: list[Difference] = []
    if old.subject is not None and new.subject is not None:
        whole = list(_changes(old.subject, new.subject))
    return (*whole, *found)


def _matched(
    old: list[Component], new: list[Component]
) -> tuple[list[tuple[Component, Component]], list[Component], list[Component]]:
    pairs: list[tuple[Component, Component]] = []
    for key in _KEYS:
        waiting: dict[str, list[Component]] = {}
        for one in new:
            if key(one):
                waiting.setdefault(key(one), []).append(one)
        left: list[Component] = []
        for one in old:
            same = waiting.get(key(one)) if key(one) else None
            if same:
                pairs.append((one, same.pop(_nearest(one, same))))
            else:
                left.append(one)
        taken = {id(after) for _, after in pairs}
        old, new = left, [one for one in new if id(one) not in taken]
    return pairs, old, new


def _nearest(one: Component, several: Sequence[Component]) -> int:
    """Return which of several of one key stands in the same place, else the first."""
    if len(several) > _MOST_ALIKE:
        return len(several) - 1
    places = [(two.within, two.location, two.version) for two in several]
    here = (one.within, one.location, one.version)
    return max(range(len(several)), key=lambda at: sum(map(str.__eq__, places[at], here)))


def _package(one: Component) -> str:
    """Return a package address without version and qualifiers."""
    bare = one.purl.partition("#")[0].partition("?")[0]
    head, mark, _ = bare.rpartition("@")
    return head if mark and "/" in head else bare


def _product(one: Component) -> str:
    """Return part, vendor and product of a CPE."""
    return ":".join(
        one.cpe.split(":")[:5] if one.cpe.startswith("cpe:2.3:") else one.cpe.split(":")[:4]
    )


def _part(one: Component) -> str:
    return f"{one.supplier}\n{one.part_number}" if one.supplier and one.part_number else ""


def _called(one: Component) -> str:
    return f"{one.type}\n{one.group}\n{one.name}"


def _role(one: Component) -> str:
    """Return the role of a device: what it does, and where."""
    if one.type != "device" or not one.function:
        return ""
    return f"{one.within}\n{one.location}\n{one.function}\n{one.device_type}"


_KEYS: tuple[Key, ...] = (_package, _product, _part, _called, _role)


def _changes(old: Component, new: Component) -> Iterator[Difference]:
    fields = (
        (Change.SUPPLIER, old.supplier, new.supplier),
        (Change.PART, old.part_number or old.name, new.part_number or new.name),
        (Change.QUANTITY, old.quantity, new.quantity),
        (Change.VERSION, old.version, new.version),
        (Change.MOVED, _place(old), _place(new)),
    )
    for change, before, after in fields:
        if before != after:
            yield Difference(change, _title(new), before, after)
    if old.hashes and new.hashes and old.version == new.version and old.hashes != new.hashes:
        yield Difference(Change.CONTENT, _title(new), ", ".join(old.hashes), ", ".join(new.hashes))


def _place(one: Component) -> str:
    return " / ".join(part for part in (one.within, one.location) if part)


def _title(one: Component) -> str:
    return f"{one.group}/{one.name}" if one.group else one.name


def _named(one: Component) -> str:
    return " ".join(
        part for part in (one.supplier, one.part_number or one.name, one.version) if part
    )

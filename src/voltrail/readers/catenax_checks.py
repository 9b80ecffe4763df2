"""
Defects that files of aspects are known to hold, by name: across parts and links of one file.

child-made-after-parent, wrong-owner, usage-without-bom, level-differs. Looks only at what the file
itself says; a part that it does not hold is no defect.
"""

from collections.abc import Iterator, Sequence

from voltrail.readers.catenax_fields import Link, Links, Part, day_of
from voltrail.readers.foreign import Draft, Remark


def defects(drafts: Sequence[Draft]) -> Iterator[Remark]:
    """
    Yield what parts and links of one file contradict.

    Args:
        drafts: of the file

    Yields:
        Remarks with the defect's name.

    Source: our choice: ADR 0047.
    """
    parts = {_key(one.said.id.text): one.said for one in drafts if isinstance(one.said, Part)}
    down = [one for one in drafts if isinstance(one.said, Links) and one.said.direction == "down"]
    up = [one for one in drafts if isinstance(one.said, Links) and one.said.direction == "up"]
    built = {
        (_key(one.said.id.text), _key(link.id.text)) for one in down for link in one.said.links
    }
    wholes = {whole for whole, _ in built}
    for one in down:
        for link in one.said.links:
            yield from _about(one, link, parts.get(_key(one.said.id.text)), parts)
    for one in up:
        for link in one.said.links:
            yield from _owner(one, link, parts)
            pair = (_key(link.id.text), _key(one.said.id.text))
            if pair not in built and (pair[0] in parts or pair[0] in wholes):
                said = f"{one.said.id.text} names {link.id.text} as its whole, whose parts lack it."
                yield Remark(one.place, said, "usage-without-bom")


def _about(one: Draft, link: Link, whole: Part | None, parts: dict[str, Part]) -> Iterator[Remark]:
    child = parts.get(_key(link.id.text))
    if child is not None and whole is not None and child.made and whole.made:
        first, then = day_of(child.made), day_of(whole.made)
        if first > then:
            said = f"{child.id.text} was made on {first}, after {whole.id.text} on {then}."
            yield Remark(one.place, said, "child-made-after-parent")
    yield from _owner(one, link, parts)


def _owner(one: Draft, link: Link, parts: dict[str, Part]) -> Iterator[Remark]:
    other = parts.get(_key(link.id.text))
    if other is not None and link.owner and other.owner and link.owner != other.owner:
        said = f"{link.id.text} is of {other.owner}, the link says {link.owner}."
        yield Remark(one.place, said, "wrong-owner")


def _key(text: str) -> str:
    return text.lower()

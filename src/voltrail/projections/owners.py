"""
Whose subjects of one kind are on record: the first parts of their keys.

Reads the views' keys in order; knows no names.
"""

from voltrail.ids.subject import PREFIX, Kind
from voltrail.projections.store import ViewStore

MOST = 50  # [owners] our choice: a bare serial is looked for under no more
_LOOKS = 200  # [questions] to the store; keys without an owner may be many
_CHUNK = 20  # [keys] of one question
_ENDS = ":~~"  # sorts after every key of an owner


def owners(views: ViewStore, kind: Kind) -> tuple[str, ...]:
    """
    Return the owners of the subjects of a kind.

    Args:
        views: the keys
        kind: for example lot, whose owners are makers

    Returns:
        The first 50 in order; a key of one part has no owner and hides none.

    Source: our choice: ADR 0043.
    """
    prefix, after, found = f"{PREFIX}{kind}:", "", list[str]()
    for _ in range(_LOOKS):
        keys = views.keys(prefix, after, _CHUNK)
        for key in keys:
            owner, _colon, rest = key.removeprefix(prefix).partition(":")
            after = f"{prefix}{owner}{_ENDS}" if rest else key
            if rest:
                found.append(owner)
                break
        else:
            if len(keys) < _CHUNK:
                break
        if len(found) == MOST:
            break
    return tuple(found)

"""What a command of labels is shown: a text or its photo, and the keys it may trust offline."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.errors import MalformedError

if TYPE_CHECKING:
    from voltrail.trust.anchors import Anchors

_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"}


def text_of(what: str) -> str:
    """
    Return the text of a code as typed, or of the one code in a photo.

    Args:
        what: the text, or the path of a picture

    Returns:
        The text.

    Raises:
        MalformedError: no code in the picture, or more than one.

    Source: ADR 0039.
    """
    path = Path(what)
    if path.suffix.lower() not in _PICTURES:
        return what
    from voltrail.labels import code  # noqa: PLC0415 — only when needed

    texts = code.read(path.read_bytes())
    if len(texts) > 1:
        raise MalformedError(
            f"There are {len(texts)} codes in the picture.", hint="Take a photo of one label alone."
        )
    return texts[0]


def pinned_of(arguments: argparse.Namespace) -> "Anchors":
    """
    Return the keys that an offline command is told to trust.

    Args:
        arguments: key or trust

    Returns:
        The keys.

    Raises:
        MalformedError: neither is named, or a file holds none.

    Source: design, section 7, keys.
    """
    from voltrail.trust import anchors  # noqa: PLC0415 — only when needed

    if arguments.key:
        return anchors.of_public_halves([Path(path).read_bytes() for path in arguments.key])
    if arguments.trust:
        return anchors.parse(Path(arguments.trust).read_bytes())[0]
    raise MalformedError(
        "Nothing is named to judge it by.",
        hint="Add --folder, --server, or --lot with --key; a signed label needs --key alone.",
    )

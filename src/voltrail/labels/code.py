"""
QR codes as vector and as picture, and what codes a picture holds.

Symbols are made and read by zxing-cpp, pictures opened by Pillow; both come with the extra
`labels`. Knows texts and pictures; does not know what a text says.
"""

import warnings
from io import BytesIO
from math import isqrt
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError, UnverifiableError

QUIET = 4  # [modules] of white around a code: ISO/IEC 18004, 9.1
MODULE_MM = 0.5  # [mm] our choice: a phone reads it from 30 cm
LONGEST = 2_300  # [characters] of a code at level M, bytes: ISO/IEC 18004, table 7
MAX_PICTURE = 12 * 1_048_576  # [bytes] a phone's photo
MAX_PIXELS = 60_000_000  # of a picture before it is opened: a bomb has more
MOST_CODES = 32  # [codes] told of one picture
_WIDE = 2_400  # [pixels] a larger picture is made smaller before it is read
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_HINT = "Take the photo again, close and sharp, as JPEG or PNG."


class Matrix(Struct, frozen=True):
    """A symbol without its quiet zone: modules on a side, and one byte each, not 0 where dark."""

    size: int
    modules: bytes

    def runs(self) -> list[tuple[int, int, int]]:
        """
        Return the dark runs, which draw the symbol with few shapes.

        Returns:
            Column, row and length of each [modules].

        Source: our choice: ADR 0039.
        """
        found = []
        for row in range(self.size):
            line = self.modules[row * self.size : (row + 1) * self.size]
            at = line.find(1)
            while at >= 0:
                ends = line.find(0, at)
                length = (self.size if ends < 0 else ends) - at
                found.append((at, row, length))
                at = line.find(1, at + length)
        return found


def matrix(text: str) -> Matrix:
    """
    Return the QR symbol of a text, error correction M.

    Args:
        text: what it says

    Returns:
        The smallest symbol that holds it.

    Raises:
        MalformedError: no text, or one that is too long.
        UnverifiableError: the extra `labels` is not installed.

    Source: ISO/IEC 18004.
    """
    if not 0 < len(text.encode()) <= LONGEST:
        raise MalformedError("The text does not fit a code.", hint="Shorten it.")
    zxing = _zxing()
    made = zxing.create_barcode(text, zxing.BarcodeFormat.QRCode, ec_level="M")
    drawn = bytes(made.to_image(scale=1, add_quiet_zones=False))
    return Matrix(isqrt(len(drawn)), drawn.translate(_DARK))


def svg(text: str, module_mm: float = MODULE_MM) -> str:
    """
    Return a QR code as a vector picture of its own, in millimetres.

    Args:
        text: what it says
        module_mm: side of a module [mm]

    Returns:
        SVG 1.1 with its quiet zone.

    Raises:
        MalformedError: no text, or one that is too long.
        UnverifiableError: the extra `labels` is not installed.

    Source: ISO/IEC 18004; SVG 1.1.
    """
    found = matrix(text)
    side = found.size + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z" for x, y, run in found.runs())
    wide = f"{side * module_mm:g}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{wide}" '
        f'viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def png(text: str, scale: int = 8) -> bytes:
    """
    Return a QR code as a picture.

    Args:
        text: what it says
        scale: pixels on a side of a module, 1 to 40

    Returns:
        A PNG in black and white with its quiet zone.

    Raises:
        MalformedError: no text, one that is too long, or another scale.
        UnverifiableError: the extra `labels` is not installed.

    Source: ISO/IEC 18004; ISO/IEC 15948.
    """
    if not 1 <= scale <= 40:  # noqa: PLR2004 — a poster
        raise MalformedError("The scale is 1 to 40.", hint="8 suits most printers.")
    found, image = matrix(text), _pillow()
    white = found.modules.translate(_WHITE)
    small = image.frombytes("L", (found.size, found.size), white)
    side = found.size + 2 * QUIET
    whole = image.new("L", (side, side), 255)
    whole.paste(small, (QUIET, QUIET))
    out = BytesIO()
    whole.resize((side * scale, side * scale), image.Resampling.NEAREST).convert("1").save(
        out, "PNG"
    )
    return out.getvalue()


def read(picture: bytes) -> tuple[str, ...]:
    """
    Return the texts of the codes in a picture: QR, Data Matrix and others.

    Args:
        picture: JPEG, PNG, WebP, GIF or BMP

    Returns:
        Each text once, from top to bottom.

    Raises:
        MalformedError: no picture, one that is too large, or no code in it.
        UnverifiableError: the extra `labels` is not installed.

    Source: ISO/IEC 18004; ISO/IEC 16022.
    """
    zxing = _zxing()
    found = sorted(zxing.read_barcodes(_opened(picture)), key=lambda one: one.position.top_left.y)
    texts = tuple(dict.fromkeys(one.text for one in found if one.valid))[:MOST_CODES]
    if not texts:
        raise MalformedError("There is no code in the picture.", hint=_HINT)
    return texts


def _opened(picture: bytes) -> Any:  # noqa: ANN401 — a picture of Pillow
    if not 0 < len(picture) <= MAX_PICTURE:
        raise MalformedError("The picture is empty or too large.", hint=_HINT)
    image = _pillow()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", image.DecompressionBombWarning)  # judged just below
            found = image.open(BytesIO(picture), formats=_FORMATS)
        if found.width * found.height > MAX_PIXELS:
            raise MalformedError("The picture has too many pixels.", hint=_HINT)
        found.draft("L", (_WIDE, _WIDE))
        grey = found.convert("L")
    except (OSError, ValueError, SyntaxError, image.DecompressionBombError) as error:
        raise MalformedError("This is no picture that can be opened.", hint=_HINT) from error
    grey.thumbnail((_WIDE, _WIDE))
    return grey


def _zxing() -> Any:  # noqa: ANN401 — a package
    try:
        import zxingcpp  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise _missing() from error
    return zxingcpp


def _pillow() -> Any:  # noqa: ANN401 — a package
    try:
        from PIL import Image  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise _missing() from error
    return Image


def _missing() -> UnverifiableError:
    hint = "Install it: pip install 'voltrail[labels]'."
    return UnverifiableError("Codes can be neither drawn nor read here.", hint=hint)


_DARK = bytes([1 if one < 128 else 0 for one in range(256)])  # noqa: PLR2004 — half of a byte
_WHITE = bytes([255, 0]) + bytes(254)

"""QR codes as SVG, drawn on the server: an address that a phone at the goods can open."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(text: str) -> SafeString:
    """Return a QR code of a text as SVG without a size of its own."""
    drawn = BytesIO()
    code = segno.make(text, micro=False, error="m")
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False)
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 — made of squares by the library

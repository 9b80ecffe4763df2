"""Codes drawn and read again, sheets of them, and pictures that are none."""

import re
from io import BytesIO

import pytest
from PIL import Image

from voltrail.errors import MalformedError
from voltrail.labels import code, sheet
from voltrail.labels.sheet import Printed

TEXT = "https://id.example/u/kestrel/K26-0001"


def picture(*texts: str, kind: str = "PNG") -> bytes:
    whole = Image.new("RGB", (420, 420 * len(texts)), "white")
    for place, text in enumerate(texts):
        whole.paste(Image.open(BytesIO(code.png(text))).convert("RGB"), (20, 420 * place + 20))
    out = BytesIO()
    whole.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_code_is_read_from_a_picture_of_each_kind(kind: str) -> None:
    assert code.read(picture(TEXT, kind=kind)) == (TEXT,)


def test_codes_are_told_from_top_to_bottom_and_each_once() -> None:
    assert code.read(picture("one", "two", "one")) == ("one", "two")


def test_the_vector_draws_the_same_modules_as_the_matrix() -> None:
    found, drawn = code.matrix(TEXT), code.svg(TEXT, 0.4)
    dark = {(x + at, y) for x, y, run in found.runs() for at in range(run)}
    assert dark == {(n % found.size, n // found.size) for n, one in enumerate(found.modules) if one}
    assert f'viewBox="0 0 {found.size + 8} {found.size + 8}"' in drawn
    path = re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn)
    assert {(int(x) - 4 + at, int(y) - 4) for x, y, run in path for at in range(int(run))} == dark
    assert f'width="{(found.size + 8) * 0.4:g}mm"' in drawn


@pytest.mark.parametrize("text", ["", "a" * 2_301, "ü" * 1_200])
def test_a_text_that_fits_no_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        code.matrix(text)


def test_a_bomb_is_not_opened() -> None:
    out = BytesIO()
    Image.new("1", (11_000, 9_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(MalformedError, match="pixels"):
        code.read(out.getvalue())


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG", b"GIF89a", b"<svg/>", b"%PDF-1.4", picture(TEXT)[:200], bytes(13_000_000)],
    ids=["empty", "head only", "head of a GIF", "SVG", "PDF", "cut", "too large"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        code.read(data)


def test_a_picture_without_a_code_is_refused() -> None:
    out = BytesIO()
    Image.new("L", (300, 300), 200).save(out, "JPEG")
    with pytest.raises(MalformedError, match="no code"):
        code.read(out.getvalue())


@pytest.mark.parametrize("layout", sheet.LAYOUTS)
def test_a_sheet_holds_what_its_grid_holds_and_nothing_leaves_the_page(layout: str) -> None:
    grid = sheet.LAYOUTS[layout]
    per_page = grid.grid[0] * grid.grid[1]
    labels = [Printed(f"{TEXT}{n}", f"K{n}", ("kestrel", "lot 7")) for n in range(per_page + 1)]
    found = sheet.sheet(labels, layout)
    assert found.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", found)) == 2
    assert sheet.sheet(labels, layout) == found
    for side in (0, 1):
        used = 2 * grid.margin[side] + grid.grid[side] * grid.label[side]
        assert used + (grid.grid[side] - 1) * grid.gap[side] <= grid.page[side] + 0.5


@pytest.mark.parametrize(("labels", "layout"), [([], "a4-24"), ([Printed("a", "b")], "a5")])
def test_a_sheet_of_nothing_or_of_another_grid_is_refused(
    labels: list[Printed], layout: str
) -> None:
    with pytest.raises(MalformedError):
        sheet.sheet(labels, layout)

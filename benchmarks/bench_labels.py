"""Claim 13: a label costs little more than its bare code, whether it is drawn, printed or read."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO

import measure
import zxingcpp
from measure import FULL, Row
from PIL import Image

from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import code, link, offline, sheet, signed
from voltrail.labels.link import Label
from voltrail.labels.sheet import Printed
from voltrail.labels.verdict import Scanned
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors

LABELS = 20_000 if FULL else 1_000
PHOTOS, CHECKS = (200, 10_000) if FULL else (60, 2_000)
ROUNDS = 5
MAKER, BEGUN = "kestrel", datetime(2026, 1, 1, tzinfo=UTC)
UNITS = [UnitId.of(MAKER, f"K26-{n:08}") for n in range(LABELS)]


def addresses() -> Iterator[tuple[UnitId, str]]:
    for one in UNITS:
        yield one, link.address(Label(one, "4012345678901", "L26-7"), "id.kestrel.example")


def bare() -> None:
    """What the library alone does: a symbol of each text, no picture of it."""
    for text in TEXTS:
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
            scale=1, add_quiet_zones=False
        )


def drawn() -> None:
    for _, text in addresses():
        code.svg(text)


def printed() -> None:
    sheet.sheet(Printed(text, one.parts[1], (MAKER, "lot L26-7")) for one, text in addresses())


def photo(text: str) -> bytes:
    """A code in the middle of a phone's photo of two million pixels."""
    whole = Image.new("RGB", (1_600, 1_200), (170, 165, 150))
    whole.paste(Image.open(BytesIO(code.png(text))).convert("RGB"), (500, 300))
    out = BytesIO()
    whole.save(out, "JPEG", quality=85)
    return out.getvalue()


def opened_and_read(data: bytes) -> None:
    """What the libraries alone do with a photo."""
    zxingcpp.read_barcodes(Image.open(BytesIO(data)).convert("L"))


def over(photos: list[bytes], read: Callable[[bytes], object]) -> Callable[[], None]:
    def work() -> None:
        for at in range(PHOTOS):
            read(photos[at % len(photos)])

    return work


def signatures() -> tuple[Callable[[], None], Callable[[], None]]:
    """Return bare checks of a signature, and verdicts on signed labels."""
    key = signer.generate()
    pinned = Anchors((Anchor(key.public, PartyId.of(MAKER), BEGUN),))
    texts = [signed.sign(one, key) for one in UNITS[:200]]
    message, given = b"x" * 100, key.sign(b"x" * 100)

    def checks() -> None:
        for _ in range(CHECKS):
            key.public.check(given, message)

    def verdicts() -> None:
        for at in range(CHECKS):
            if offline.judge(texts[at % len(texts)], pinned).verdict is not Scanned.MATCH:
                raise AssertionError

    return checks, verdicts


def row(claim: str, count: int, pairs: list[tuple[float, float]], wanted: float) -> Row:
    bound, found = (measure.spread(count / one[at] for one in pairs) for at in (0, 1))
    ratio = measure.spread(one[0] / one[1] for one in pairs).middle
    return Row(claim, bound.text("/s"), found.text("/s"), ratio, wanted)


TEXTS = [text for _, text in addresses()]


def main() -> None:
    photos = [photo(text) for text in TEXTS[:10]]
    checks, verdicts = signatures()
    reads = measure.pairs(over(photos, opened_and_read), over(photos, code.read), ROUNDS)
    found = [
        row("SVG | bare symbols", LABELS, measure.pairs(bare, drawn, ROUNDS), 0.6),
        row("PDF sheets | bare symbols", LABELS, measure.pairs(bare, printed, ROUNDS), 0.3),
        row("photos read | libraries alone", PHOTOS, reads, 0.9),
        row(
            "signed labels judged | bare checks",
            CHECKS,
            measure.pairs(checks, verdicts, ROUNDS),
            0.5,
        ),
    ]
    measure.show(f"13 {LABELS:,} labels, {PHOTOS} photos of 2 million pixels", found)


if __name__ == "__main__":
    main()

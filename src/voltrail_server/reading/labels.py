"""Labels as pages and programs ask for them: what a scan says, one code, sheets of an arrival."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from voltrail.actions import element, label, rack
from voltrail.actions.label import Shown
from voltrail.actions.rack import AtRack
from voltrail.errors import MalformedError, RefusedError, UnknownSubjectError
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail.labels import code, link
from voltrail.labels import sheet as sheets
from voltrail.labels.code import MAX_PICTURE
from voltrail.labels.link import Label
from voltrail.labels.sheet import Printed
from voltrail_server import wiring

__all__ = ["MAX_PICTURE", "Shown", "in_picture", "need_layout", "of_text", "one", "printed"]
LAYOUTS = tuple(sheets.LAYOUTS)


def of_text(shown: Shown) -> AtRack:
    """Return the one answer to a scanned text."""
    cut = Shown(shown.text[:1_000], shown.seal.strip()[:100], shown.place)
    return rack.at_rack(wiring.desk(), cut, wiring.now())


def in_picture(data: bytes) -> str:
    """Return the text of the one code in a picture."""
    texts = code.read(data)
    if len(texts) > 1:
        raise MalformedError(
            _("There are %(count)s codes in the picture.") % {"count": len(texts)},
            hint=_("Take a photo of one label alone."),
        )
    return texts[0]


def unit_of(text: str) -> UnitId:
    """Return the one unit that a scanned text means."""
    return label.unit_of(wiring.desk(), text.strip()[:1_000])


def can_be_asked(unit: UnitId | None) -> bool:
    """Return whether the maker bound a key to a unit's element."""
    return unit is not None and element.has_key(wiring.desk(), unit)


def one(unit: UnitId, form: str) -> tuple[bytes, str]:
    """Return the code of one unit's label and its media type."""
    if len(unit.parts) != 2:  # noqa: PLR2004 — maker and serial
        raise UnknownSubjectError(
            _("No unit is called so."), hint=_("Name maker and serial, parted by a colon.")
        )
    text = link.address(Label(unit), _host())
    if form == "png":
        return code.png(text), "image/png"
    if form != "svg":
        raise MalformedError(_("A code is drawn as svg or png."), hint=_("Choose one of them."))
    return code.svg(text).encode(), "image/svg+xml"


def printed(which: ArrivalId) -> list[Printed]:
    """Return what stands on the labels of an arrival's delivered units."""
    units = label.delivered(wiring.desk(), which)
    if not units:
        raise RefusedError(
            _("No serial of this arrival is on record."), hint=_("Record the list of serials.")
        )
    if len(units) > sheets.MOST:
        raise RefusedError(
            _("These are more than %(most)s labels.") % {"most": f"{sheets.MOST:,}"},
            hint=_("Print them from the list: voltrail label print."),
        )
    lines = (units[0].parts[0], which.key, _host())
    return [Printed(link.address(Label(one), _host()), one.parts[1], lines) for one in units]


def need_layout(layout: str) -> None:
    """Refuse a layout that nobody knows, before any work is begun."""
    if layout not in LAYOUTS:
        raise MalformedError(
            _("There is no layout %(name)s.") % {"name": f"{layout[:40]!r}"},
            hint=_("Choose: %(names)s.") % {"names": ", ".join(LAYOUTS)},
        )


def _host() -> str:
    return urlsplit(settings.VOLTRAIL_ORIGIN).netloc or "localhost"


def typed(
    query: Mapping[str, str], form: Mapping[str, str], files: Mapping[str, Any]
) -> tuple[str, str]:
    """Return the text and the seal that a page was given: of a photo, a form or an address."""
    seal = form.get("seal", "") or query.get("seal", "")
    photo = files.get("photo")
    if photo is not None:
        return in_picture(photo.read(MAX_PICTURE + 1)), seal
    return (form.get("text", "") or query.get("text", "")).strip(), seal

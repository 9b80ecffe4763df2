"""
Labels of an arrival as sheets: a few at once, many by a worker, in parts that outlive it.

A part is placed whole and not drawn again by whoever goes on. Does not know what a label says.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from voltrail.ids.subject import ArrivalId
from voltrail.labels import sheet
from voltrail.labels.sheet import Printed
from voltrail_server.exporting import shelf
from voltrail_server.people.models import Account
from voltrail_server.reading import labels
from voltrail_server.work import queue
from voltrail_server.work.models import State, Work
from voltrail_server.work.progress import Progress

AT_ONCE = 2_000  # [labels] drawn while somebody waits
PART = 10_000  # [labels] of one file; more are an archive of such files
VERB = "print-labels"


def begun(by: Account | None, which: ArrivalId, layout: str) -> bytes | Work:
    """Return the sheets of a small delivery themselves, or the work that draws many."""
    labels.need_layout(layout)
    found = labels.printed(which)
    if len(found) <= AT_ONCE:
        return sheet.sheet(found, layout)
    return _begin(by, which, layout)


def begin(by: Account | None, which: ArrivalId, layout: str) -> Work:
    """Return the work that draws the sheets of a delivery of any size."""
    labels.need_layout(layout)
    labels.printed(which)
    return _begin(by, which, layout)


def _begin(by: Account | None, which: ArrivalId, layout: str) -> Work:
    wanted = {"arrival": str(which), "layout": layout}
    going = Work.objects.filter(
        started_by=by, verb=VERB, state__in=(State.WAITING, State.RUNNING), stop_asked=False
    )
    same = next((one for one in going if one.arguments == wanted), None)
    title = _("The labels of %(arrival)s") % {"arrival": which.key}
    return same or queue.begin(by, VERB, title, wanted)


def run(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Draw the labels of an arrival; begun again, it goes on after the last whole part."""
    shelf.tidy()
    progress.count(_("labels"))
    which, layout = ArrivalId.read(arguments["arrival"]), str(arguments["layout"])
    found = labels.printed(which)
    parts = []
    for begins in range(0, len(found), PART):
        part = shelf.place(progress.work, f"part-{begins // PART + 1:02}")
        if not part.is_file():
            _draw(progress, (found, begins), layout, part)
        parts.append(part)
    ending = "pdf" if len(parts) == 1 else "zip"
    _join(parts, shelf.place(progress.work, ending), which)
    progress.tell(len(found), len(found))
    sentence = _("%(n)s labels are drawn. The file is kept for a week.") % {"n": f"{len(found):,}"}
    name = f"labels-{which.key.replace(':', '-')}.{ending}"
    link = f"/long-work/{progress.work}/file"
    return {"link": link, "sentence": sentence, "name": name, "ending": ending}


def _draw(
    progress: Progress, which: tuple[Sequence[Printed], int], layout: str, part: Path
) -> None:
    found, begins = which

    def told(count: int) -> None:
        progress.tell(min(begins + count, len(found) - 1), len(found), _("Drawing the labels."))

    draft = part.with_suffix(".draft")
    draft.write_bytes(sheet.sheet(found[begins : begins + PART], layout, told))
    draft.replace(part)


def _join(parts: Sequence[Path], final: Path, which: ArrivalId) -> None:
    """Place the one part, or an archive of all, whole; and remove the parts."""
    if len(parts) > 1:
        draft = final.with_suffix(".draft")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for number, part in enumerate(parts, 1):
                archive.write(part, f"labels-{which.key.replace(':', '-')}-{number:02}.pdf")
        draft.replace(final)
        for part in parts:
            part.unlink(missing_ok=True)
    else:
        parts[0].replace(final)

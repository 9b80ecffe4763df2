"""The work that writes a long list into a file, as CSV or XLSX."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.exporting import shelf
from voltrail_server.panels import book, sheet
from voltrail_server.reading import exports
from voltrail_server.work.progress import Progress

ENDINGS = ("csv", "xlsx")


def run(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a list; begun again, it is written anew."""
    name, ending = str(arguments["list"]), str(arguments["ending"])
    shelf.tidy()
    progress.count(_("rows"))
    head, rows = exports.sheet_of(name, arguments["asked"])
    final = shelf.place(progress.work, ending)
    draft = final.with_suffix(".part")

    def told(count: int) -> None:
        progress.tell(count, 0, _("Writing the list."))

    with draft.open("wb") as file:
        if ending == "xlsx":
            count = book.write(file, name, head, rows, told)
        else:
            counted = _Counted(rows, told)
            for line in sheet.lines(head, counted):
                file.write(line.encode())
            count = counted.count
    draft.replace(final)
    progress.tell(count, count)
    sentence = _("%(n)s rows are written. The file is kept for a week.") % {"n": f"{count:,}"}
    link = f"/long-work/{progress.work}/file"
    return {"link": link, "sentence": sentence, "name": f"{name}.{ending}", "ending": ending}


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Sequence[object]], told: book.Told) -> None:
        """Keep the rows, and whom to tell how many passed."""
        self._rows, self._told, self.count = rows, told, 0

    def __iter__(self) -> Any:  # noqa: ANN401 — an iterator of rows
        for row in self._rows:
            self.count += 1
            self._told(self.count)
            yield row

"""Folding every view again, as work."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server import wiring
from voltrail_server.jobs.rebuild import rebuild as again
from voltrail_server.work.progress import Progress


def rebuild(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Fold every view again from the register, in one transaction."""
    total = wiring.desk().entries.size()
    progress.tell(0, total, _("Folding every entry again."))
    count = again(wiring.desk(), wiring.now())
    progress.tell(count, count, _("Every entry is folded."))
    return {"link": "/register/", "sentence": _("Folded %(n)s entries.") % {"n": f"{count:,}"}}

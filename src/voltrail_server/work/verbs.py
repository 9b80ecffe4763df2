"""
What a worker can do: verb → the function that does it.

A function takes a `Progress` and the arguments, and returns a result. Each is idempotent: begun
again after a worker died, it goes on where the last one came to. Functions are found by name when
they are first called, so that this table leans on nobody.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError
from voltrail_server.work.progress import Progress

Function = Callable[[Progress, Mapping[str, Any]], Mapping[str, Any]]

# verb → module:function
VERBS: dict[str, str] = {
    "export": "voltrail_server.exporting.write:run",
    "read-list": "voltrail_server.importing.imports:read_list",
    "import": "voltrail_server.importing.commit:run",
    "keep-foreign": "voltrail_server.importing.foreign:run",
    "print-labels": "voltrail_server.exporting.printing:run",
    "rebuild": "voltrail_server.work.rebuilding:rebuild",
}


def function_of(verb: str) -> Function:
    """Return the function of a verb."""
    if verb not in VERBS:
        raise MalformedError(
            _("No worker knows how to %(verb)s.") % {"verb": f"{verb[:40]!r}"},
            hint="Bring server and worker to one version.",
        )
    module, _colon, name = VERBS[verb].partition(":")
    found: Function = getattr(import_module(module), name)
    return found

"""The passports about a subject against the record, for pages and programs."""

from typing import Any

from voltrail.actions.passport import Passports, passports
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail_server import wiring


def asked(about: str) -> Passports:
    """Return the passports about an identity, written whole."""
    if not about:
        raise MalformedError(
            "Nothing is named.", hint="Name a unit, a lot or a product by its whole URN."
        )
    return passports(wiring.desk(), ids.parse(about))


def shown(found: Passports) -> dict[str, Any]:
    """Return them for programs."""
    return {
        "subject": found.subject,
        "size": found.size,
        "passports": [
            {
                "entry": one.passport.entry.index,
                "sender": one.passport.fact.said_by,
                "file": one.passport.fact.file,
                "lines": [
                    {
                        "field": line.field,
                        "said": line.said,
                        "found": line.found,
                        "agreement": line.agreement,
                        "entries": list(line.entries),
                    }
                    for line in one.lines
                ],
            }
            for one in found.held
        ],
    }

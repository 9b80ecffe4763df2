"""Which practices a form asks for: one choice for each area and tier that changes."""

from collections.abc import Mapping

from voltrail.catalogue.load import TIERS
from voltrail.catalogue.practices import areas
from voltrail.errors import MalformedError


def read_choices(form: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Return the practices chosen, by area and tier; what stays as it is is left out."""
    wanted = {
        (area.id, tier): form.get(f"{area.id}-{tier}", "").strip()
        for area in areas()
        for tier in TIERS
    }
    found = {one: level for one, level in wanted.items() if level}
    if not found:
        raise MalformedError(
            "No practice is chosen, so there is nothing to propose.",
            hint="Choose another practice in one of the cells.",
        )
    return found

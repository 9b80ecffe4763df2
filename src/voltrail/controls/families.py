"""The families of controls, imported together so that each registers its functions."""

from functools import cache
from importlib import import_module

FAMILIES = (
    "supplier",
    "channel",
    "provenance",
    "custody",
    "trace",
    "certificate",
    "inspection",
    "installation",
    "firmware",
    "keys",
    "recall",
)


@cache
def load_all() -> None:
    """
    Import every family.

    Source: design, section 5.1.
    """
    for family in FAMILIES:
        import_module(f"voltrail.controls.{family}")

"""What the first-run page asks, and the plan made of what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from voltrail.errors import RefusedError
from voltrail_server import wiring
from voltrail_server.operations.installing import Administrator, FirstPlace, Plan, install

_KINDS = ("data-center", "substation", "telecom", "warehouse", "factory", "office")
_KEPT = (
    "operator",
    "operator_name",
    "country",
    "origin",
    "administrator",
    "place",
    "place_name",
    "place_class",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, without the secrets; and the kinds of places to choose from."""

    values: Mapping[str, str]
    kinds: tuple[str, ...] = _KINDS


def empty() -> Typed:
    """Return the form as it is first shown."""
    return Typed(dict.fromkeys(_KEPT, "") | {"place_class": _KINDS[0]})


def read(form: Mapping[str, str]) -> Typed:
    """Return what was typed, so that a refusal loses nothing but the secrets."""
    return Typed({name: form.get(name, "").strip()[:200] for name in _KEPT})


def install_plan(form: Mapping[str, str]) -> Plan:
    """Return the plan in a form."""
    typed = read(form).values
    password = form.get("password", "")
    if password != form.get("password_again", ""):
        raise RefusedError("The two passwords differ.", hint="Type the same one twice.")
    operator = typed["operator"]
    if not operator.startswith("urn:"):
        operator = f"urn:voltrail:party:{operator}"
    return Plan(
        operator,
        typed["origin"],
        None,
        Administrator(typed["administrator"], password),
        FirstPlace(
            typed["place"],
            typed["place_name"] or typed["place"],
            typed["place_class"],
            typed["operator_name"],
            typed["country"],
        ),
    )


def make(form: Mapping[str, str]) -> None:
    """Make the installation that a form asks for."""
    install(install_plan(form), wiring.now())

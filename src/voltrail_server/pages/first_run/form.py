"""What the first-run page asks, and the plan made of what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

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


def plan_of(form: Mapping[str, str]) -> Plan:
    """Return the plan in a form; a short name of the operator becomes its identity."""
    typed, password = read(form).values, form.get("password", "")
    if password != form.get("password_again", ""):
        raise RefusedError(_("The two passwords differ."), hint=_("Type the same one twice."))
    operator = typed["operator"]
    if not operator.startswith("urn:"):
        operator = f"urn:voltrail:party:{operator}"
    administrator = Administrator(typed["administrator"], password)
    return Plan(operator, typed["origin"], None, administrator, _place(typed))


def _place(typed: Mapping[str, str]) -> FirstPlace:
    named = typed["place_name"] or typed["place"]
    kind, firm, country = (typed[name] for name in ("place_class", "operator_name", "country"))
    return FirstPlace(typed["place"], named, kind, firm, country)


def make(form: Mapping[str, str]) -> None:
    """Make the installation that a form asks for."""
    install(plan_of(form), wiring.now())

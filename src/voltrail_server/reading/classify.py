"""A place's classification as a form says it, and as the register has it."""

from typing import Any

from msgspec.structs import replace

from voltrail.actions import classify
from voltrail.actions.classify import Derived
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids.subject import PersonId, PlaceId
from voltrail.statements import fields as codec
from voltrail.statements.place import Environment, Grade, Overrule, Place, PlaceClass
from voltrail_server import wiring

CHOICES = {
    "place_class": tuple(map(str, PlaceClass)),
    "grade": tuple(map(str, Grade)),
    "environment": tuple(map(str, Environment)),
    "tier": ("1", "2", "3"),
}
_TO_BE_NAMED = PersonId.of("to-be-named")


def typed(key: str, form: Any) -> dict[str, str]:  # noqa: ANN401 — form data
    """Return what a form holds; at first what is on record of the place."""
    if form:
        return {name: str(form.get(name, "")).strip() for name in form}
    stands = classify.standing(wiring.desk(), PlaceId.read(place_of(key)))
    if stands is None:
        return {"zone": "UTC"}
    fact = stands.fact
    run_time = "" if fact.required_run_time is None else str(fact.required_run_time.value)
    return {
        "name": fact.name,
        "place_class": str(fact.place_class),
        "impact": str(fact.impact),
        "lead_time": str(fact.lead_time),
        "environment": str(fact.environment),
        "zone": fact.zone,
        "redundancy": fact.redundancy or "",
        "run_time": run_time,
    }


def place_of(key: str) -> str:
    """Return the place that the key in an address names."""
    return str(PlaceId.read(f"urn:voltrail:place:{key}"))


def read(key: str, form: Any) -> Place:  # noqa: ANN401 — form data
    """Return the classification that a form says."""
    desk, text = wiring.desk(), {name: str(form.get(name, "")).strip() for name in form}
    given: dict[str, Json] = {
        "place": place_of(key),
        "name": text.get("name", ""),
        "placeClass": text.get("place_class", ""),
        "operator": str(desk.operator),
        "impact": text.get("impact", ""),
        "leadTime": text.get("lead_time", ""),
        "environment": text.get("environment", ""),
        "zone": text.get("zone", "") or "UTC",
        **{name: text[name] for name in ("redundancy", "reason") if text.get(name)},
    }
    if text.get("run_time"):
        given["requiredRunTime"] = {"value": text["run_time"], "unit": "h"}
    found = codec.read(Place, given, "The classification")
    return found if not text.get("tier") else _by_hand(found, text)


def second_of(form: Any) -> PersonId | None:  # noqa: ANN401 — form data
    """Return the second person that a form names, if any."""
    given = str(form.get("second", "")).strip()
    return PersonId.read(given) if given else None


def derived(key: str, form: Any) -> Derived | None:  # noqa: ANN401 — form data
    """Return the tier that a whole form gives, or nothing while something is not chosen."""
    needed = ("place_class", "impact", "lead_time", "environment")
    if not all(form.get(name) for name in needed):
        return None
    return classify.derive(wiring.desk(), read(key, form))


def key_of(form: Any) -> str:  # noqa: ANN401 — form data
    """Return the key of a new place: its operator and the short name in a form."""
    short = str(form.get("key", "")).strip()
    if not short:
        raise MalformedError("The place has no short name.", hint="Write one, for example hall-7.")
    return PlaceId.of(wiring.desk().operator.key, short).key


def _by_hand(found: Place, text: dict[str, str]) -> Place:
    tier = text["tier"]
    if tier not in CHOICES["tier"] or not text.get("reason"):
        raise MalformedError(
            "A tier set by hand needs a tier and a reason.", hint="Choose 1, 2 or 3, and say why."
        )
    return replace(found, overrule=Overrule(int(tier), text["reason"], _TO_BE_NAMED))

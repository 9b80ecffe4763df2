"""
Make an installation: operator and register, keys, the first administrator, the first place.

Each step asks whether it was done, so a second run completes a first one that died, and changes
nothing that stands. What is asked for and what stands must be the same.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from voltrail.actions import prove
from voltrail.actions.record import state
from voltrail.errors import MalformedError, RefusedError
from voltrail.ids.subject import PartyId, PlaceId
from voltrail.register.note import key_id
from voltrail.statements import party
from voltrail.statements.party import Party
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.statement import Header
from voltrail.trust import signer as signers
from voltrail_server import own_keys, wiring
from voltrail_server.operations import first_run, standing, upgrading
from voltrail_server.people import bindings, functions, invitations
from voltrail_server.people.models import Account, Role

FIRST = "First administrator, made with the installation."


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first person who may log in."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """The operator as a party, and the first place: what the register begins with."""

    key: str
    name: str
    place_class: str = "data-center"
    operator_name: str = ""
    country: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody asked for."""

    operator: str
    origin: str
    operator_pem: bytes | None = None
    administrator: Administrator | None = None
    place: FirstPlace | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """What was made now, in words."""

    identity: wiring.Identity
    made: tuple[str, ...]


def install(plan: Plan, at: datetime) -> Installed:
    """Make what is missing of an installation; refuse where it is another one."""
    at = at.replace(microsecond=0)
    identity = wiring.Identity(PartyId.read(plan.operator), plan.origin)
    key_id(plan.origin, 1, b"")  # a name that cannot sign is refused before anything is made
    standing.need_whole()
    _need_same(identity, plan.operator_pem)
    if plan.administrator:
        _need_password(plan.administrator)
    facts = _facts(identity, plan.place) if plan.place else ()
    home = standing.home()
    standing.only_ours(home)
    made = ["tables"] if upgrading.upgrade(None, at).steps else []
    if wiring.initialise(home, identity, plan.operator_pem, at):
        made.append("keys and register")
        wiring.desk.cache_clear()
    upgrading.state_functions()  # of accounts that are older than the register
    if facts:
        made += _stated(facts, wiring.now())
    if plan.administrator and _let_in(plan.administrator, wiring.now()):
        made.append(f"administrator {plan.administrator.name}")
    first_run.close_door()
    return Installed(identity, tuple(made))


def _need_same(identity: wiring.Identity, pem: bytes | None) -> None:
    found = standing.identity()
    asked = (str(identity.operator), identity.origin)
    if found and (found.operator, found.origin) != asked:
        raise RefusedError(
            f"{found.origin} of {found.operator} stands here already.",
            hint="Name the same operator and origin, or set VOLTRAIL_DATA to another folder.",
        )
    path = standing.home() / "keys" / own_keys.OPERATOR
    if pem and path.exists():
        theirs, ours = signers.load(pem).public, own_keys.load(path).public
        if theirs.key_id != ours.key_id:
            raise RefusedError(
                "Another operator key stands here already.", hint="Leave out --operator-key."
            )
    if not found and standing.entries():
        raise RefusedError(
            "The database holds a register, and the data folder does not say whose.",
            hint="Bring the data folder back with voltrail restore; keys cannot be made anew.",
        )


def _need_password(asked: Administrator) -> None:
    if not asked.name or len(asked.name) > 64 or not asked.name.isprintable():  # noqa: PLR2004 — the column
        raise MalformedError("This name cannot log in.", hint="Write up to 64 letters.")
    try:
        validate_password(asked.password, Account(username=asked.name))
    except ValidationError as error:
        raise RefusedError(
            "The password is too easy to guess.", hint=" ".join(error.messages)
        ) from error


def _facts(identity: wiring.Identity, asked: FirstPlace) -> tuple[Party | Place, ...]:
    """Return operator and place as statements; the grades are the careful ones until assessed."""
    operator = identity.operator
    where = PlaceId.of(*operator.parts, asked.key)
    try:
        kind = PlaceClass(asked.place_class)
    except ValueError as error:
        raise MalformedError(
            f"{asked.place_class!r} is no kind of place.",
            hint=f"Write one of: {', '.join(PlaceClass)}.",
        ) from error
    named = asked.operator_name or operator.parts[-1]
    return (
        Party(operator, named, asked.country or "not stated", (party.Role.OPERATOR,)),
        Place(
            place=where,
            name=asked.name,
            place_class=kind,
            operator=operator,
            impact=Grade.HIGH,
            lead_time=Grade.HIGH,
            environment=Environment.CONTROLLED,
            zone=asked.zone,
        ),
    )


def _stated(facts: tuple[Party | Place, ...], at: datetime) -> list[str]:
    """Register what the register does not say yet."""
    desk, made = wiring.desk(), []
    for fact in facts:
        subject = fact.place if isinstance(fact, Place) else fact.party
        if not desk.views.indices(str(subject)):
            state(desk, fact, Header(desk.operator, at), subject)
            made.append(f"{subject}")
    prove.own_checkpoint(desk)
    return made


def _let_in(asked: Administrator, at: datetime) -> bool:
    """Add and appoint the first administrator; False where there is one, whoever it is."""
    with transaction.atomic():
        if functions.holders({Role.ADMINISTRATOR}, at):
            return False
        if Account.objects.filter(username=asked.name).exists():
            raise RefusedError(f"{asked.name} has an account already.", hint="Choose another name.")
        person = str(invitations.pseudonym())
        made = Account.objects.create_user(asked.name, asked.password, person=person)
        bindings.by_hand(made, Role.ADMINISTRATOR, FIRST)
    prove.own_checkpoint(wiring.desk())
    return True

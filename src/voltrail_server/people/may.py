"""
Who may do what on the pages: every form by the name of its address, and the functions that may.

What is not listed nobody may. An auditor reads, asks, and signs what somebody else asks of them;
an auditor begins nothing. Whose draft or key it is, is judged where drafts and keys are kept.
"""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from voltrail.errors import NotPermittedError
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Role

# Those who may say whose key it is.
CONFIRMS = frozenset({Role.ADMINISTRATOR, Role.SECURITY})
_EVERYBODY = frozenset(Role) - {Role.SUPPLIER}  # of the operator
_WORKERS = _EVERYBODY - {Role.AUDITOR}
_BUYERS = frozenset({Role.PROCUREMENT, Role.ADMINISTRATOR})
_PROPOSERS = frozenset({Role.SECURITY, Role.QUALITY, Role.ADMINISTRATOR})
_FACILITY = frozenset({Role.FACILITIES, Role.OT})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

MAY: dict[str, frozenset[Role]] = {
    # Asking records nothing.
    "order-new": _EVERYBODY,
    "policy-simulate": _EVERYBODY,
    "proposal-simulate": _EVERYBODY,
    "keys-read": CONFIRMS | {Role.AUDITOR},
    "people-read": CONFIRMS | {Role.AUDITOR},
    # One's own keys, sign-in and sessions, and one's own signature where somebody asked for it.
    "passkey-add": _EVERYBODY,
    "passkey-remove": _EVERYBODY,
    "key-end": _EVERYBODY,
    "factor-begin": _EVERYBODY,
    "factor-confirm": _EVERYBODY,
    "factor-codes": _EVERYBODY,
    "factor-end": _EVERYBODY,
    "own-password": _EVERYBODY,
    "own-session-end": _EVERYBODY,
    "own-sessions-end": _EVERYBODY,
    "own-deputy": _EVERYBODY,
    "own-deputy-end": _EVERYBODY,
    "own-identity": _EVERYBODY,
    "own-identity-end": _EVERYBODY,
    "notices-read": _EVERYBODY,
    "own-notices": _EVERYBODY,
    "filter-save": _EVERYBODY,
    "filter-remove": _EVERYBODY,
    "ask": _EVERYBODY,
    "own-address": _EVERYBODY,
    "own-address-confirm": _EVERYBODY,
    "draft-sign": _EVERYBODY,
    "draft-upload": _EVERYBODY,
    "draft-withdraw": _EVERYBODY,
    "acceptance-ask": _WORKERS,
    # One's own long work.
    "work-again": _EVERYBODY,
    "work-stop": _EVERYBODY,
    # Beginning something, and bringing in what others signed.
    "draft-begin": _WORKERS,
    "draft-hand-in": _WORKERS,
    "draft-hand-on": _WORKERS,
    "hand-in": _WORKERS,
    "hold-lift": _WORKERS,
    "hold-place": _WORKERS,
    "sign-off": _WORKERS,
    "waiver-ask": _WORKERS,
    "waiver-end": _WORKERS,
    "remark-new": _WORKERS,
    "remark-withdraw": _WORKERS,
    # Bringing in lists; orders need more, and so do people.
    "import-columns": _WORKERS,
    "import-confirm": _WORKERS,
    "import-drop": _WORKERS,
    "import-upload": _WORKERS,
    "import-people": frozenset({Role.ADMINISTRATOR}),
    "order-place": _BUYERS,
    "place-classify": _PROPOSERS | _FACILITY,
    "place-new": _PROPOSERS | _FACILITY,
    "policy-propose": _PROPOSERS,
    "practices": _PROPOSERS,
    "proposal": _PROPOSERS,
    "proposal-begin": _PROPOSERS,
    "proposal-control": _PROPOSERS,
    "proposal-drop": _PROPOSERS,
    "proposal-freeze": _PROPOSERS,
    "key-confirm": CONFIRMS,
    "key-refuse": CONFIRMS,
    "training-record": CONFIRMS | {Role.QUALITY},
    # Who is here and what they may do.
    "person-invite": _ADMINISTRATORS,
    "person-link-again": _ADMINISTRATORS,
    "person-invitation-back": _ADMINISTRATORS,
    "person-appoint": _ADMINISTRATORS,
    "person-end-function": _ADMINISTRATORS,
    "person-leave": _ADMINISTRATORS,
    "person-erase": _ADMINISTRATORS,
    "person-sessions-end": CONFIRMS,
    "person-identity": _ADMINISTRATORS,
    "person-unlock": CONFIRMS,
    "person-reset": _ADMINISTRATORS,
    "request-settle": _ADMINISTRATORS,
}

# What needs a second factor of those who hold one of these functions.
GUARDED = frozenset(act for act in MAY if act.startswith(("person-", "request-"))) | {
    "key-confirm",
    "key-refuse",
    "training-record",
    "import-people",
}

# What adds or removes a way in, or gives a function: whoever has a factor must have shown it.
SHOWN = GUARDED | frozenset(
    act
    for act in MAY
    if act.startswith(("key-", "passkey-", "factor-", "own-password", "own-identity", "own-deputy"))
)

# What is done at a place, and whose page asks again with that place.
AT_A_PLACE = frozenset({"acceptance-ask", "place-classify", "waiver-ask"})

# What is done at a place or reaches every one: where no place is known, it takes a function that
# holds everywhere.
PLACED = (
    AT_A_PLACE
    | GUARDED
    | {"import-columns", "import-confirm", "import-drop", "import-upload", "place-new"}
    | {"policy-propose", "practices", "proposal", "proposal-begin", "proposal-control"}
    | {"proposal-drop", "proposal-freeze"}
)


def acts_of(holdings: Collection[Holding]) -> frozenset[str]:
    """Return everything that somebody with some functions may do, somewhere."""
    return frozenset(act for act in MAY if somewhere(holdings, act))


def somewhere(holdings: Collection[Holding], act: str) -> tuple[Holding, ...]:
    """Return the functions by which somebody may do something at some place or other."""
    if act not in AT_A_PLACE:
        return allowing(holdings, act)
    return _sorted(one for one in holdings if one.function in MAY[act])


def allowing(
    holdings: Collection[Holding], act: str, place: str | None = None
) -> tuple[Holding, ...]:
    """Return the functions by which somebody may do something at a place, own ones first."""
    roles = MAY.get(act, frozenset())
    return _sorted(one for one in holdings if one.function in roles and reaches(one, act, place))


def reaches(one: Holding, act: str, place: str | None) -> bool:
    """Return whether a function reaches where an act is done; unknown is everywhere if placed."""
    return one.is_everywhere if place is None and act in PLACED else one.covers(place)


def need(holdings: Collection[Holding], act: str, place: str | None = None) -> Holding:
    """Return the function by which somebody may do something, or refuse them."""
    found = allowing(holdings, act, place)
    if found:
        return found[0]
    roles = MAY.get(act, frozenset())
    elsewhere = [one for one in holdings if one.function in roles]
    if elsewhere:
        raise _explained(
            NotPermittedError(
                _("Your function %(function)s does not reach %(place)s.")
                % {
                    "function": _(elsewhere[0].function),
                    "place": place or _("every place, as this does"),
                },
                hint="Ask somebody who holds it there.",
            ),
            act,
        )
    held = ", ".join(sorted({_(one.function) for one in holdings})) or _("none")
    who = ", ".join(sorted(map(_, roles)))
    hint = (
        _("Ask somebody of these roles: %(names)s.") % {"names": who}
        if roles
        else _("This page is only read; no form is sent to it.")
    )
    refused = NotPermittedError(
        _("Your role, %(held)s, may not do this.") % {"held": held}, hint=hint
    )
    raise _explained(refused, act if roles else "")


def _sorted(found: Iterable[Holding]) -> tuple[Holding, ...]:
    return tuple(sorted(found, key=lambda one: (bool(one.deputy_for), one.function)))


def _explained(error: NotPermittedError, act: str) -> NotPermittedError:
    """Return an error that knows which act was refused, so that its page can lead to why."""
    error.act = act  # type: ignore[attr-defined]  # read by pages.errors alone
    return error

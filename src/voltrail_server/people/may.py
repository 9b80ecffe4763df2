"""
Who may do what on the pages: every form by the name of its address, in one row that says it all.

What is not listed nobody may. An auditor reads, asks, and signs what somebody else asks of them;
an auditor begins nothing. Whose draft or key it is, is judged where drafts and keys are kept.
"""

from collections.abc import Collection, Iterable
from enum import Enum
from typing import NamedTuple

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


class Shows(Enum):
    """What the log-in must have shown of a second factor."""

    NOT_ASKED = "not asked"
    SHOWN = "shown"  # whoever has one must have shown it: a way in, a key, a deputy, an address
    NEEDED = "needed"  # there must be one, and it must have been shown: power over others


class Where(Enum):
    """How far a function must reach."""

    ANYWHERE = "anywhere"  # a function at any place does; a place that is known must be among them
    PLACE = "place"  # done at a place, whose page asks again with it; unknown, it takes everywhere
    EVERYWHERE = (
        "everywhere"  # it reaches every place, so it takes a function that holds everywhere
    )


class Row(NamedTuple):
    """Who may do something, what their log-in must have shown, how far their function reaches."""

    who: frozenset[Role]
    factor: Shows
    where: Where


NOT_ASKED, SHOWN, NEEDED = Shows.NOT_ASKED, Shows.SHOWN, Shows.NEEDED
ANYWHERE, PLACE, EVERYWHERE = Where.ANYWHERE, Where.PLACE, Where.EVERYWHERE
_NOBODY = Row(frozenset(), NEEDED, EVERYWHERE)

MAY: dict[str, Row] = {
    # Asking records nothing.
    "moves": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "move-frame": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "scan": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "order-new": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "checkpoint-compare": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "policy-simulate": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "proposal-simulate": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "keys-read": Row(CONFIRMS | {Role.AUDITOR}, NOT_ASKED, ANYWHERE),
    "people-read": Row(CONFIRMS | {Role.AUDITOR}, NOT_ASKED, ANYWHERE),
    # One's own keys, sign-in and sessions, and one's own signature where somebody asked for it.
    "passkey-add": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "passkey-remove": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "key-end": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "factor-begin": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "factor-confirm": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "factor-codes": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "factor-end": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "own-password": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "own-session-end": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "own-sessions-end": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "own-deputy": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "own-deputy-end": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "own-identity": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "own-identity-end": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "notices-read": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "own-notices": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "filter-save": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "filter-remove": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "ask": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "own-address": Row(_EVERYBODY, SHOWN, ANYWHERE),
    "own-address-confirm": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "draft-sign": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "draft-upload": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "draft-withdraw": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "acceptance-ask": Row(_WORKERS, NOT_ASKED, PLACE),
    # What a unit's element answers stands on record.
    "element-ask": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "element-answer": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    # One's own long work.
    "work-again": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    "work-stop": Row(_EVERYBODY, NOT_ASKED, ANYWHERE),
    # Beginning something, and bringing in what others signed.
    "draft-begin": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "draft-hand-in": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "draft-hand-on": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "hand-in": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "hold-lift": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "hold-place": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "sign-off": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "waiver-ask": Row(_WORKERS, NOT_ASKED, PLACE),
    "waiver-end": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "move-record": Row(_WORKERS, NOT_ASKED, PLACE),
    "move-undo": Row(_WORKERS, NOT_ASKED, PLACE),
    "move-undo-any": Row(_PROPOSERS, NOT_ASKED, PLACE),
    "remark-new": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "remark-withdraw": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    # A recall reaches every place; who answers for a place answers there.
    "recall-new": Row(_WORKERS, NOT_ASKED, EVERYWHERE),
    "recall-answer": Row(_WORKERS, NOT_ASKED, PLACE),
    # Bringing in lists; orders need more, and so do people.
    "import-columns": Row(_WORKERS, NOT_ASKED, EVERYWHERE),
    "import-confirm": Row(_WORKERS, NOT_ASKED, EVERYWHERE),
    "import-drop": Row(_WORKERS, NOT_ASKED, EVERYWHERE),
    "import-upload": Row(_WORKERS, NOT_ASKED, EVERYWHERE),
    "foreign-upload": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "foreign-keep": Row(_WORKERS, NOT_ASKED, ANYWHERE),
    "import-people": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "order-place": Row(_BUYERS, NOT_ASKED, ANYWHERE),
    "place-classify": Row(_PROPOSERS | _FACILITY, NOT_ASKED, PLACE),
    "place-permission": Row(_PROPOSERS | _FACILITY, NOT_ASKED, PLACE),
    "place-permission-end": Row(_PROPOSERS | _FACILITY, NOT_ASKED, PLACE),
    "place-new": Row(_PROPOSERS | _FACILITY, NOT_ASKED, EVERYWHERE),
    "policy-propose": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "practices": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "proposal": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "proposal-begin": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "proposal-control": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "proposal-drop": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "proposal-freeze": Row(_PROPOSERS, NOT_ASKED, EVERYWHERE),
    "key-confirm": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "key-refuse": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "training-record": Row(CONFIRMS | {Role.QUALITY}, NEEDED, EVERYWHERE),
    # Who is here and what they may do.
    "person-invite": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-link-again": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-invitation-back": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-appoint": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-end-function": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-leave": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-erase": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-sessions-end": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "person-identity": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "person-unlock": Row(CONFIRMS, NEEDED, EVERYWHERE),
    # A firm's key: two give it, one takes it away.
    "firm-key-ask": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "firm-key-confirm": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "firm-key-refuse": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "firm-key-restrict": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "firm-key-end": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "pass-issue": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "pass-end": Row(CONFIRMS, NEEDED, EVERYWHERE),
    "person-reset": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
    "request-settle": Row(_ADMINISTRATORS, NEEDED, EVERYWHERE),
}


def of(act: str) -> Row:
    """Return the row of an act; nobody may what is not listed."""
    return MAY.get(act, _NOBODY)


def acts_of(holdings: Collection[Holding]) -> frozenset[str]:
    """Return everything that somebody with some functions may do, somewhere."""
    return frozenset(act for act in MAY if somewhere(holdings, act))


def somewhere(holdings: Collection[Holding], act: str) -> tuple[Holding, ...]:
    """Return the functions by which somebody may do something at some place or other."""
    row = of(act)
    if row.where is not PLACE:
        return allowing(holdings, act)
    return _sorted(one for one in holdings if one.function in row.who)


def allowing(
    holdings: Collection[Holding], act: str, place: str | None = None
) -> tuple[Holding, ...]:
    """Return the functions by which somebody may do something at a place, own ones first."""
    roles = of(act).who
    return _sorted(one for one in holdings if one.function in roles and reaches(one, act, place))


def reaches(one: Holding, act: str, place: str | None) -> bool:
    """Return whether a function reaches where an act is done, at a place or wherever it may be."""
    if place is None and of(act).where is not ANYWHERE:
        return one.is_everywhere
    return one.covers(place)


def need(holdings: Collection[Holding], act: str, place: str | None = None) -> Holding:
    """Return the function by which somebody may do something, or refuse them."""
    found = allowing(holdings, act, place)
    if found:
        return found[0]
    roles = of(act).who
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

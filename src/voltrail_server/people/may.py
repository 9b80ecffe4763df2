"""
Who may do what on the pages: every form by the name of its address, and the roles that may send it.

What is not listed nobody may. An auditor reads, asks, and signs what somebody else asks of them;
an auditor begins nothing. Whose draft or key it is, is judged where drafts and keys are kept.
"""

from voltrail.errors import NotPermittedError
from voltrail_server.people.models import Role

# Those who may say whose key it is.
CONFIRMS = frozenset({Role.ADMINISTRATOR, Role.SECURITY})
_EVERYBODY = frozenset(Role) - {Role.SUPPLIER}  # of the operator
_WORKERS = _EVERYBODY - {Role.AUDITOR}
_BUYERS = frozenset({Role.PROCUREMENT, Role.ADMINISTRATOR})
_PROPOSERS = frozenset({Role.SECURITY, Role.QUALITY, Role.ADMINISTRATOR})
_FACILITY = frozenset({Role.FACILITIES, Role.OT})

MAY: dict[str, frozenset[Role]] = {
    # Asking records nothing.
    "order-new": _EVERYBODY,
    "policy-simulate": _EVERYBODY,
    "proposal-simulate": _EVERYBODY,
    "keys-read": CONFIRMS | {Role.AUDITOR},
    # One's own keys, and one's own signature where somebody asked for it.
    "passkey-add": _EVERYBODY,
    "passkey-remove": _EVERYBODY,
    "key-end": _EVERYBODY,
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
}


def acts_of(role: str) -> frozenset[str]:
    """Return everything that a role may do."""
    return frozenset(act for act, roles in MAY.items() if role in roles)


def need(role: str, act: str) -> None:
    """Refuse a role that may not do something."""
    roles = MAY.get(act, frozenset())
    if role not in roles:
        raise NotPermittedError(
            f"Your role, {role or 'none'}, may not do this.",
            hint=f"Ask somebody of these roles: {', '.join(sorted(roles))}."
            if roles
            else "This page is only read; no form is sent to it.",
        )

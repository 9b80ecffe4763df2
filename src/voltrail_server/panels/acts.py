"""What each act is called for people; one line for each row of the table of acts."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# the name of an act → what somebody does
_WORDS = {
    "draft-begin": _("begin a draft from a file"),
    "draft-hand-in": _("hand in a draft that everybody signed"),
    "draft-hand-on": _("upload what somebody else signed"),
    "draft-sign": _("sign what somebody asked for"),
    "draft-upload": _("upload an own signature"),
    "draft-withdraw": _("withdraw an own draft"),
    "factor-begin": _("set up codes as second factor"),
    "factor-codes": _("make new recovery codes"),
    "factor-confirm": _("turn codes on"),
    "factor-end": _("turn codes off"),
    "hand-in": _("hand in a signed statement"),
    "hold-lift": _("lift a hold"),
    "hold-place": _("place a hold"),
    "key-confirm": _("confirm whose passkey it is"),
    "key-end": _("end an own key"),
    "key-refuse": _("refuse a passkey"),
    "keys-read": _("read everybody's keys"),
    "order-new": _("ask whether something may be ordered"),
    "order-place": _("place an order"),
    "own-deputy": _("name a deputy for an own function"),
    "own-deputy-end": _("end an own deputy"),
    "own-identity": _("link oneself to the provider"),
    "own-identity-end": _("end the own link to the provider"),
    "own-password": _("set an own password"),
    "own-session-end": _("end one of the own sessions"),
    "own-sessions-end": _("end all other own sessions"),
    "passkey-add": _("add a passkey"),
    "passkey-remove": _("remove a passkey that waits"),
    "people-read": _("read the list of people"),
    "person-appoint": _("give somebody a function"),
    "person-end-function": _("end somebody's function"),
    "person-erase": _("erase the name of somebody who left"),
    "person-identity": _("link somebody to the provider"),
    "person-invitation-back": _("take an invitation back"),
    "person-invite": _("invite somebody"),
    "person-leave": _("close the account of somebody who leaves"),
    "person-link-again": _("make another link for somebody invited"),
    "person-reset": _("ask that a lost sign-in be reset"),
    "person-sessions-end": _("end somebody's sessions"),
    "person-unlock": _("unlock a log-in"),
    "policy-propose": _("propose a policy from a file"),
    "policy-simulate": _("try a policy on past arrivals"),
    "proposal": _("change a proposal"),
    "proposal-begin": _("begin a proposal"),
    "proposal-control": _("change a rule of a proposal"),
    "proposal-drop": _("drop a proposal"),
    "proposal-freeze": _("ask two persons to sign a proposal"),
    "proposal-simulate": _("try a proposal on past arrivals"),
    "request-settle": _("confirm what another administrator asked for"),
    "sign-off": _("sign off an entry"),
    "training-record": _("record a course passed"),
    "waiver-ask": _("ask for an exception"),
    "waiver-end": _("end an exception early"),
}


def text(act: str) -> str:
    """Return what an act is called for people; one that has no words keeps its name."""
    found = _WORDS.get(act)
    return gettext(act.replace("-", " ")) if found is None else str(found)

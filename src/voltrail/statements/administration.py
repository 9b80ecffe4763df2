"""
Somebody ran the installation: invited a person, closed an account, reset a sign-in.

So that what administrators do is as replayable as what is decided about goods. Names, addresses and
secrets never stand here. Does not appoint anybody and enrols no key: those kinds stand apart.
"""

from enum import StrEnum

from voltrail.ids.subject import PersonId, SubjectId
from voltrail.statements.fields import Fact, Many, Text


class Act(StrEnum):
    """What was done."""

    INVITE = "invite"
    OPEN_ACCOUNT = "open-account"
    TAKE_BACK_INVITATION = "take-back-invitation"
    CLOSE_ACCOUNT = "close-account"
    ASK_RESET = "ask-reset"
    RESET_SIGN_IN = "reset-sign-in"
    END_SESSIONS = "end-sessions"
    LINK_IDENTITY = "link-identity"
    UNLINK_IDENTITY = "unlink-identity"
    END_FACTOR = "end-factor"
    UNLOCK = "unlock"
    ERASE_NAME = "erase-name"
    LEAVE = "leave"
    ISSUE_TOKEN = "issue-token"  # noqa: S105 — the name of an act
    END_TOKEN = "end-token"  # noqa: S105 — the name of an act
    IMPORT = "import"
    CHANGE_SETTING = "change-setting"
    BACK_UP = "back-up"
    RESTORE = "restore"
    UPGRADE = "upgrade"


class Administration(Fact, frozen=True):
    """One administrative act: by whom, about whom or what, and why."""

    act: Act
    by: Many[PersonId]
    about: SubjectId
    reason: Text
    detail: Text | None = None

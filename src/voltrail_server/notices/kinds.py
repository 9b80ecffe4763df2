"""The kinds of notices, what each is called, and how a person is told who never chose."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

NOW, DAILY, NONE = "now", "daily", "none"
HOWS = {
    NOW: N_("Mail at once"),
    DAILY: N_("In the daily mail"),
    NONE: N_("No mail"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice."""

    name: str
    title: str
    mail: str
    hint: str


KINDS = {
    one.name: one
    for one in (
        Kind("signature", N_("A draft waits for your signature"), NOW, N_("Read it and sign it.")),
        Kind("asked", N_("Somebody asks you for something"), NOW, N_("Do it, or answer them.")),
        Kind("duty", N_("A duty of yours is due or overdue"), DAILY, N_("See what is missing.")),
        Kind("decision", N_("An arrival was decided anew"), DAILY, N_("Read why.")),
        Kind("alarm", N_("A hold, recall, incident or change"), NOW, N_("Read what it bears on.")),
        Kind("ending", N_("Something of yours ends soon"), DAILY, N_("Renew it, or let it end.")),
        Kind("work", N_("Work you began has ended"), NONE, N_("Look at what came of it.")),
    )
}

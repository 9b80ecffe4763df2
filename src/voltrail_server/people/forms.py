"""The log-in form in our words; wrong passwords are counted by account and by address."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from voltrail.errors import TooOftenError
from voltrail_server import wiring
from voltrail_server.people import limits, sessions

MOST_ACCOUNT = 30  # [wrong passwords] for an account in a window, from wherever
MOST_ADDRESS = 60  # [wrong passwords] from an address in a window, for whomever


class LogInForm(AuthenticationForm):
    """Name and password; the sentence for a wrong pair tells nothing about which was wrong."""

    username = forms.CharField(
        label=_("Name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username webauthn"}),
    )
    error_messages = {
        "invalid_login": _("Name and password do not match. Check both, or ask an administrator."),
        "inactive": _("This account is closed. Ask an administrator to open it."),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse what was tried too often, before the password is looked at."""
        at, counted = wiring.now(), self._counted()
        try:
            for what, who, most in counted:
                limits.need_room(what, who, most, at)
        except TooOftenError as error:
            raise ValidationError(
                f"{gettext(str(error))} {gettext(error.hint)}", code="too_often"
            ) from error
        try:
            found: dict[str, Any] = super().clean()
        except ValidationError:
            for what, who, _ in counted:
                limits.count(what, who, at)
            raise
        return found

    def _counted(self) -> tuple[tuple[str, str, int], ...]:
        name = str(self.cleaned_data.get("username", "")).lower()
        address = "" if self.request is None else sessions.network_of(self.request)
        return (
            ("password account", name, MOST_ACCOUNT),
            ("password address", address, MOST_ADDRESS),
        )

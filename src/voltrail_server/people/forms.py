"""The log-in form in our words."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class LogInForm(AuthenticationForm):
    """Name and password; the sentence for a wrong pair tells nothing about which was wrong."""

    username = forms.CharField(
        label="Name", widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": "Name and password do not match. Check both, or ask an administrator.",
        "inactive": "This account is closed. Ask an administrator to open it.",
    }

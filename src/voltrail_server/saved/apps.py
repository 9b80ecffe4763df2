"""The app of saved filters."""

from django.apps import AppConfig


class SavedConfig(AppConfig):
    """One table."""

    name = "voltrail_server.saved"
    label = "saved"

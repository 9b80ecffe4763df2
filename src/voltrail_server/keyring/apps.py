"""The app of firms' keys that wait."""

from django.apps import AppConfig


class KeyringConfig(AppConfig):
    """One table."""

    name = "voltrail_server.keyring"
    label = "keyring"

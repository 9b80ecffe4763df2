"""The app of challenges."""

from django.apps import AppConfig


class ElementsConfig(AppConfig):
    """One table."""

    name = "voltrail_server.elements"
    label = "elements"

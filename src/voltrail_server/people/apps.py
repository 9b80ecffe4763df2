"""The app that holds accounts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts under the label people."""

    name = "voltrail_server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

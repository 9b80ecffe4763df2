"""The app that holds accounts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts under the label people."""

    name = "voltrail_server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of log-ins."""
        from voltrail_server.people import sessions  # noqa: PLC0415 — tables are not ready before

        sessions.listen()

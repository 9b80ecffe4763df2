"""The app that owns tokens and intake links."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens and links under the label api."""

    name = "voltrail_server.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

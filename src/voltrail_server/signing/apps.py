"""The app that holds drafts to sign."""

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """Drafts under the label signing."""

    name = "voltrail_server.signing"
    label = "signing"
    default_auto_field = "django.db.models.BigAutoField"

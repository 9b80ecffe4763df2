"""The app of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices, what each person wants told how, letters that wait, and how far was told."""

    name = "voltrail_server.notices"
    label = "notices"

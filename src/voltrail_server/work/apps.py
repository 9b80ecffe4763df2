"""The app of long work."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """One table of work; django-tasks-db keeps the queue beside it."""

    name = "voltrail_server.work"
    label = "work"

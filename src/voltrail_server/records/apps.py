"""The app that owns the product's tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Register, views and outbox."""

    name = "voltrail_server.records"
    label = "records"
    verbose_name = "Records"

"""The app of imports."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Two tables: imports, and mappings that people saved."""

    name = "voltrail_server.importing"
    label = "importing"

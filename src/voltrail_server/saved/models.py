"""Filters that people saved: whose, of which list, its name, and what the address asks for."""

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """One filter of one list, of one person."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    path = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1_000, blank=True)

    class Meta:
        """One table, by name; a name once for a person and list."""

        db_table = "saved_filter"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "path", "name"], name="saved_name_once")
        ]

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @property
    def address(self) -> str:
        """Where the list stands, narrowed so."""
        return f"{self.path}?{self.query}" if self.query else self.path

"""Tokens and links let a firm in without an account. Only digests of the secrets are kept."""

from django.db import models


class Pass(models.Model):
    """A secret that speaks for one firm until it expires or is revoked."""

    party = models.CharField(max_length=200)
    label = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Tokens and links have a table each."""

        abstract = True

    def __str__(self) -> str:
        """Return what the secret is for, never the secret."""
        return f"{self.label} ({self.party})"


class ApiToken(Pass):
    """Lets a firm's program use the API."""

    class Meta:
        """One table of tokens."""

        db_table = "api_token"


class IntakeLink(Pass):
    """Lets a firm's people answer on a page without an account."""

    predicate_types = models.JSONField(default=list)

    class Meta:
        """One table of links."""

        db_table = "intake_link"

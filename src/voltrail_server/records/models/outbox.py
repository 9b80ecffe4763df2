"""Events that wait to be told to somebody."""

from django.db import models


class Outbox(models.Model):
    """One event, written in the transaction that caused it."""

    index = models.BigIntegerField()
    topic = models.TextField()
    subject = models.TextField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        """Jobs ask for what waits."""

        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_waiting",
                condition=models.Q(delivered_at__isnull=True),
            )
        ]

"""What witnesses answered: their cosignatures by size, and how each of them stands."""

from django.db import models


class Cosignature(models.Model):
    """Signature lines of one witness on one checkpoint."""

    pk = models.CompositePrimaryKey("size", "url")
    size = models.BigIntegerField()
    url = models.CharField(max_length=400)
    lines = models.BinaryField()


class WitnessStanding(models.Model):
    """How far a witness cosigned, and when to ask it again; times in µs, 0 where never."""

    url = models.CharField(max_length=400, primary_key=True)
    cosigned = models.BigIntegerField()
    cosigned_at = models.BigIntegerField()
    tries = models.IntegerField()
    next_at = models.BigIntegerField()
    problem = models.TextField()
    alarm = models.BooleanField()

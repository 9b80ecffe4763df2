"""Entries in order, identities claimed, tiles of the tree, the lease and the checkpoints."""

from django.db import models


class Entry(models.Model):
    """One line of the register; triggers refuse to change or delete it."""

    index = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    predicate_type = models.TextField()
    issuer = models.TextField()
    log_time = models.TextField()
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()
    raw = models.BinaryField()


class Claim(models.Model):
    """Which envelope holds a claimed identity, by the identity's SHA-256."""

    claim = models.CharField(max_length=64, primary_key=True)
    index = models.BigIntegerField()
    digest = models.CharField(max_length=64)


class Tile(models.Model):
    """256 hashes of a full C2SP tile, and the hash over them."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    root = models.BinaryField()
    hashes = models.BinaryField()


class Lease(models.Model):
    """One row that the sequencer locks: size, frontier and newest log time."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    peaks = models.BinaryField()
    last_time = models.TextField()


class Checkpoint(models.Model):
    """A signed checkpoint; triggers refuse to change or delete it."""

    size = models.BigIntegerField(primary_key=True)
    note = models.BinaryField()


class SequencerLease(models.Model):
    """Row 1: which process publishes checkpoints; row 2: which one looks at the clock; in µs."""

    id = models.SmallIntegerField(primary_key=True)
    holder = models.TextField()
    until = models.BigIntegerField()

    class Meta:
        """The table's own name."""

        db_table = "sequencer_lease"


class DueCursor(models.Model):
    """One row: until when the clock was looked at, in µs, and after which arrival to go on."""

    id = models.SmallIntegerField(primary_key=True)
    until = models.BigIntegerField()
    after = models.TextField()

    class Meta:
        """The table's own name."""

        db_table = "due_cursor"

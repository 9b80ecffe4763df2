"""What is derived from the register and can be rebuilt from it."""

from django.db import models


class Link(models.Model):
    """The entry at an index speaks of a key."""

    pk = models.CompositePrimaryKey("key", "index")
    key = models.TextField()
    index = models.BigIntegerField()


class Sighting(models.Model):
    """A unit was seen in an arrival, says the entry at an index."""

    pk = models.CompositePrimaryKey("unit", "arrival", "index")
    unit = models.TextField()
    arrival = models.TextField()
    index = models.BigIntegerField()


class ArrivalRow(models.Model):
    """What lists of arrivals filter, join and sort on."""

    arrival = models.TextField(primary_key=True)
    order = models.TextField()
    lot = models.TextField()
    place = models.TextField()
    product = models.TextField()
    seller = models.TextField()
    maker = models.TextField()
    tier = models.SmallIntegerField()
    quantity = models.BigIntegerField()
    received_at = models.TextField()
    disposition = models.TextField()
    sentence = models.TextField()
    layers = models.TextField()
    assurance = models.TextField()
    decided = models.BigIntegerField()

    class Meta:
        """What lists of arrivals ask by."""

        indexes = [
            models.Index(fields=["received_at", "arrival"], name="arrival_received"),
            *(
                models.Index(fields=[one, "received_at", "arrival"], name=f"arrival_{one}_received")
                for one in ("disposition", "place", "lot", "seller", "order", "product", "tier")
            ),
            *(
                models.Index(fields=[one, "disposition"], name=f"arrival_{one}_tally")
                for one in ("lot", "order")
            ),
            # Pairs that people filter by; two conditions that never meet then walk nothing.
            *(
                models.Index(
                    fields=[one, other, "received_at", "arrival"], name=f"arrival_{one}_{other}"
                )
                for one, other in (
                    ("place", "disposition"),
                    ("seller", "disposition"),
                    ("product", "disposition"),
                    ("tier", "disposition"),
                    ("place", "seller"),
                    ("place", "product"),
                )
            ),
        ]


class Found(models.Model):
    """A finding about an arrival's goods."""

    pk = models.CompositePrimaryKey("arrival", "number")
    arrival = models.TextField()
    number = models.BigIntegerField()
    received_at = models.TextField()
    place = models.TextField()
    rule = models.TextField()
    severity = models.TextField()
    subject = models.TextField()
    sentence = models.TextField()
    entries = models.TextField()

    class Meta:
        """What the list of contradictions asks by, and a subject's page."""

        db_table = "records_found"
        indexes = [
            models.Index(
                fields=["subject", "rule", "received_at", "arrival"], name="found_subject"
            ),
            models.Index(fields=["received_at", "arrival", "number"], name="found_received"),
            *(
                models.Index(
                    fields=[*some, "received_at", "arrival", "number"],
                    name=f"found_{'_'.join(some)}",
                )
                for some in (("severity",), ("rule",), ("place",), ("place", "severity"))
            ),
        ]


class ReachName(models.Model):
    """A lot or an asset, written once; the rows of reach and stays hold its number."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(unique=True)


class Reach(models.Model):
    """A lot is in an asset: in so many ways for sure, and in so many more that can be."""

    pk = models.CompositePrimaryKey("lot", "asset")
    lot = models.BigIntegerField()
    asset = models.BigIntegerField()
    definite = models.BigIntegerField()
    possible = models.BigIntegerField()

    class Meta:
        """The other way to ask."""

        indexes = [models.Index(fields=["asset", "lot"], name="records_reach_back")]


class Stay(models.Model):
    """An asset is at a place, or with a firm, since a time, says the entry."""

    pk = models.CompositePrimaryKey("asset", "place", "since", "entry")
    asset = models.BigIntegerField()
    place = models.TextField()
    since = models.TextField()
    entry = models.BigIntegerField()

    class Meta:
        """The other way to ask."""

        indexes = [models.Index(fields=["place", "asset"], name="records_stay_back")]


class ViewState(models.Model):
    """How many entries the views hold, and which revision of the folds made them; one row."""

    id = models.SmallIntegerField(primary_key=True)
    projected = models.BigIntegerField()
    revision = models.IntegerField(default=0, db_default=0)

"""Indexes over the pairs that people filter arrivals by; two tallies are their first columns."""

from django.db import migrations, models

_PAIRS = (
    ("place", "disposition"),
    ("seller", "disposition"),
    ("product", "disposition"),
    ("tier", "disposition"),
    ("place", "seller"),
    ("place", "product"),
)


class Migration(migrations.Migration):
    """Six longer indexes come, the two short ones they begin with go."""

    dependencies = [("records", "0004_sequencer_lease")]
    operations = [
        *(
            migrations.AddIndex(
                model_name="arrivalrow",
                index=models.Index(
                    fields=[one, other, "received_at", "arrival"], name=f"arrival_{one}_{other}"
                ),
            )
            for one, other in _PAIRS
        ),
        migrations.RemoveIndex(model_name="arrivalrow", name="arrival_place_tally"),
        migrations.RemoveIndex(model_name="arrivalrow", name="arrival_seller_tally"),
    ]

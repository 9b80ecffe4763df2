"""Cosignatures, and how each witness stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [("records", "0007_views_revision")]
    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("pk", models.CompositePrimaryKey("size", "url", blank=True, editable=False, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("url", models.CharField(max_length=400)),
                ("lines", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="WitnessStanding",
            fields=[
                ("url", models.CharField(max_length=400, primary_key=True, serialize=False)),
                ("cosigned", models.BigIntegerField()),
                ("cosigned_at", models.BigIntegerField()),
                ("tries", models.IntegerField()),
                ("next_at", models.BigIntegerField()),
                ("problem", models.TextField()),
                ("alarm", models.BooleanField()),
            ],
        ),
    ]

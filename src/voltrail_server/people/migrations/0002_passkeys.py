"""Table of passkeys."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Create the table."""

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=60)),
                ("credential", models.CharField(max_length=1400)),
                ("key", models.CharField(max_length=64)),
                ("algorithm", models.CharField(max_length=30)),
                ("spki", models.TextField()),
                ("relying_party", models.CharField(max_length=253)),
                ("added_at", models.DateTimeField()),
                ("confirmed_by", models.CharField(blank=True, max_length=200)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("entry", models.BigIntegerField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "passkey",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "key"), name="passkey_once_an_account"
                    )
                ],
            },
        ),
    ]

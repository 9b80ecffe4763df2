"""What the rules found about each arrival's goods, so that lists need not look again."""

from django.db import migrations, models

TEXTS = ("arrival", "received_at", "place", "rule", "severity", "subject", "sentence", "entries")
WALKED = ("received_at", "arrival", "number")
ASKED = (("severity",), ("rule",), ("place",), ("place", "severity"))


def order(apps, schema_editor):
    """Let PostgreSQL sort texts by their bytes, as SQLite and memory do."""
    if schema_editor.connection.vendor == "postgresql":
        for column in TEXTS:
            schema_editor.execute(
                f'ALTER TABLE records_found ALTER COLUMN "{column}" TYPE text COLLATE "C"'
            )


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("records", "0009_reach")]
    operations = [
        migrations.CreateModel(
            name="Found",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "arrival",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("arrival", models.TextField()),
                ("number", models.BigIntegerField()),
                *((name, models.TextField()) for name in TEXTS[1:]),
            ],
            options={
                "db_table": "records_found",
                "indexes": [
                    models.Index(
                        fields=["subject", "rule", "received_at", "arrival"], name="found_subject"
                    ),
                    models.Index(fields=[*WALKED], name="found_received"),
                    *(
                        models.Index(fields=[*some, *WALKED], name=f"found_{'_'.join(some)}")
                        for some in ASKED
                    ),
                ],
            },
        ),
        migrations.RunPython(order, migrations.RunPython.noop),
    ]

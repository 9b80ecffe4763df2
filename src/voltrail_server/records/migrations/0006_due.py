"""A lease of its own for looking at the clock, and how far the last look came."""

from django.db import migrations, models


def begin(apps, schema_editor):
    """Write the second lease, held by nobody, and the cursor at the beginning of time."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("INSERT INTO sequencer_lease (id, holder, until) VALUES (2, '', 0)")
        cursor.execute("INSERT INTO due_cursor (id, until, after) VALUES (1, 0, '')")


class Migration(migrations.Migration):
    """The table and both rows."""

    dependencies = [("records", "0005_pair_indexes")]
    operations = [
        migrations.CreateModel(
            name="DueCursor",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("until", models.BigIntegerField()),
                ("after", models.TextField()),
            ],
            options={"db_table": "due_cursor"},
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

"""One row that names which process publishes checkpoints."""

from django.db import migrations, models


def begin(apps, schema_editor):
    """Write the one lease, held by nobody."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("INSERT INTO sequencer_lease (id, holder, until) VALUES (1, '', 0)")


class Migration(migrations.Migration):
    """The table and its row."""

    dependencies = [("records", "0003_list_indexes")]
    operations = [
        migrations.CreateModel(
            name="SequencerLease",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("holder", models.TextField()),
                ("until", models.BigIntegerField()),
            ],
            options={"db_table": "sequencer_lease"},
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

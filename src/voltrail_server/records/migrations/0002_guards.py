"""Entries and checkpoints are never changed: the database itself refuses. One row of each state."""

from django.db import migrations

GUARDED = {"records_entry": ('"index"', "digest"), "records_checkpoint": ("size",)}
# Text order must be the order of code points, the same on every machine.
ORDERED = {"records_link": ("key",), "records_sighting": ("unit", "arrival"), "records_arrivalrow": ("arrival",)}

SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: nothing is changed'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: nothing is deleted'); END;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
BEGIN SELECT RAISE(ABORT, '{table} is append-only: nothing is replaced'); END;
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only: nothing is changed or deleted', TG_TABLE_NAME; END $$;
"""
POSTGRES = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION records_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""


def guard(apps, schema_editor):
    """Create the triggers of this database."""
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
        for table in GUARDED:
            schema_editor.execute(POSTGRES.format(table=table), params=None)
        for table, columns in ORDERED.items():
            for column in columns:
                schema_editor.execute(
                    f'ALTER TABLE {table} ALTER COLUMN "{column}" TYPE text COLLATE "C"', params=None
                )
        return
    for table, columns in GUARDED.items():
        same = " OR ".join(f"{column} = NEW.{column}" for column in columns)
        for statement in SQLITE.format(table=table, same=same).split("END;"):
            if statement.strip():
                schema_editor.execute(f"{statement}END", params=None)


def unguard(apps, schema_editor):
    """Drop the triggers."""
    postgres = schema_editor.connection.vendor == "postgresql"
    kinds = ("no_change", "no_truncate") if postgres else ("no_update", "no_delete", "no_replace")
    for table in GUARDED:
        for kind in kinds:
            on = f" ON {table}" if postgres else ""
            schema_editor.execute(f"DROP TRIGGER {table}_{kind}{on}")
    if postgres:
        schema_editor.execute("DROP FUNCTION records_refuse()")


def begin(apps, schema_editor):
    """Write the one lease and the one view state."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_lease (id, size, peaks, last_time) VALUES (1, 0, %s, '')", [b""]
        )
        cursor.execute("INSERT INTO records_viewstate (id, projected) VALUES (1, 0)")


class Migration(migrations.Migration):
    """Triggers and first rows."""

    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

"""Databases refuse to change history; where they were bent, fsck says which entry."""

import pytest
from django.db import DatabaseError, connections, transaction

from stores.support import Place, Speaker
from voltrail.register.fsck import fsck

CHANGES = [
    "UPDATE records_entry SET raw = 'x' WHERE \"index\" = 1",
    'UPDATE records_entry SET "index" = 9 WHERE "index" = 1',
    'DELETE FROM records_entry WHERE "index" = 1',
    "DELETE FROM records_entry",
    "UPDATE records_checkpoint SET note = 'x'",
    "DELETE FROM records_checkpoint",
]
REPLACE = """INSERT OR REPLACE INTO records_entry
("index", digest, predicate_type, issuer, log_time, leaf, leaf_hash, raw)
SELECT "index", digest, predicate_type, issuer, log_time, leaf, leaf_hash, 'x'
FROM records_entry WHERE "index" = 1"""
UPSERT = """INSERT INTO records_entry
("index", digest, predicate_type, issuer, log_time, leaf, leaf_hash, raw)
SELECT "index", digest, predicate_type, issuer, log_time, leaf, leaf_hash, 'x'
FROM records_entry WHERE "index" = 1 ON CONFLICT ("index") DO UPDATE SET raw = 'x'"""
ONLY = {
    "sqlite": [REPLACE],
    "postgres": [
        UPSERT,
        "TRUNCATE records_entry",
        "TRUNCATE records_checkpoint",
        "SET LOCAL session_replication_role = replica; DELETE FROM records_entry",
    ],
}
DROPPED = {
    "sqlite": ["DROP TRIGGER records_entry_no_update", "DROP TRIGGER records_entry_no_delete"],
    "postgres": ["DROP TRIGGER records_entry_no_change ON records_entry"],
}


def run(place: Place, *commands: str, values: tuple[object, ...] = ()) -> None:
    with transaction.atomic(using=place.alias), connections[place.alias].cursor() as cursor:
        for command in commands:
            cursor.execute(command, values or None)


def test_no_sql_changes_or_deletes_what_was_registered(database: Place, speaker: Speaker) -> None:
    store, _ = database.open()
    kept = speaker.extend(store, 3)
    store.put_checkpoint(3, b"note")
    for command in CHANGES + ONLY[database.kind]:
        with pytest.raises(DatabaseError, match="append-only"):
            run(database, command)
    assert list(store.entries(0, 9)) == kept
    assert list(store.checkpoints()) == [(3, b"note")]


def test_fsck_names_the_entry_whose_bytes_were_altered(database: Place, speaker: Speaker) -> None:
    store, _ = database.open()
    kept = speaker.extend(store, 3)
    run(database, *DROPPED[database.kind])
    forged = speaker.envelope(77).raw
    run(database, 'UPDATE records_entry SET raw = %s WHERE "index" = 1', values=(forged,))
    (fault,) = fsck(store, ()).faults
    assert fault.startswith("Entry 1:")
    assert kept[1].raw != forged


def test_fsck_names_the_entry_that_was_removed(database: Place, speaker: Speaker) -> None:
    store, _ = database.open()
    speaker.extend(store, 4)
    run(database, *DROPPED[database.kind], 'DELETE FROM records_entry WHERE "index" = 2')
    faults = fsck(store, ()).faults
    assert faults[0].startswith("Entry 2 is missing")
    assert faults[-1] == "The stored tree does not match the entries."


def test_fsck_sees_a_leaf_that_was_altered_with_its_envelope(
    database: Place, speaker: Speaker
) -> None:
    store, _ = database.open()
    speaker.extend(store, 3)
    run(database, *DROPPED[database.kind])
    other = speaker.entry(50)
    run(
        database,
        'UPDATE records_entry SET raw = %s, leaf = %s, leaf_hash = %s WHERE "index" = 1',
        values=(other.raw, other.leaf, other.leaf_hash),
    )
    assert fsck(store, ()).faults == ("The stored tree does not match the entries.",)

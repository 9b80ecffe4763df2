"""
What a server does between a statement and a cosignature, and a ceremony of a key, told as it goes.

Each line is printed once what it says was acknowledged. Importing this sets Django up, in the
installation that VOLTRAIL_DATA names.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from pathlib import Path

from voltrail.actions import firm_keys
from voltrail.actions.firm_keys import Bound
from voltrail.actions.keys import Material
from voltrail.ids.subject import PartyId
from voltrail.register.fsck import fsck
from voltrail.register.note import parse_vkey
from voltrail_server import wiring
from voltrail_server.keyring import ceremony
from voltrail_server.keyring.ceremony import Asked
from voltrail_server.keyring.models import KeyRequest
from voltrail_server.operations import acts
from voltrail_server.people.models import Account
from voltrail_server.records.cosignatures import DjangoCosignatures
from voltrail_server.witnesses import knowing, known

FIRM, ROUNDS = PartyId.of("weircells"), 2
PEOPLE = [
    Account.objects.get_or_create(username=name, person=f"urn:voltrail:person:p-{name}")[0]
    for name in ("asker", "other")
]


def main(words: list[str]) -> int:
    """Do one of the two."""
    {"exchange": exchange, "ceremony": ring}[words[0]](words[1:])
    entries, keys = wiring.desk().entries, wiring.desk().log.verifier_keys
    report = fsck(entries, [parse_vkey(one) for one in keys])
    said("sound", not report.faults, *report.faults)
    said("digests", *(one.parsed.envelope for one in entries.entries(0, entries.size())))
    return 0


def said(*words: object) -> None:
    """Tell on standard output, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def exchange(_: list[str]) -> None:
    """Append, sign a checkpoint as the sequencer does, and ask the witness; twice."""
    desk = wiring.desk()
    for number in range(ROUNDS):
        placed = acts.kept(desk, f"round {number} of {os.getpid()}", "", wiring.now())
        said("entry", placed.index, placed.digest)
        assert wiring.sequencer("drill").turn()
        said("checkpoint", desk.entries.checkpoints()[0][0])
        (row,) = knowing.told(desk, DjangoCosignatures(), known.asked(), 1)
        assert not row.problem, row.problem
        said("cosigned", row.cosigned)


def ring(words: list[str]) -> None:
    """Ask for a firm's key and confirm it, going on where an earlier run died."""
    spki = Path(words[0]).read_bytes()
    asker, other = PEOPLE
    if not enrolled():
        if not ceremony.waiting():
            asked = Asked(FIRM, Material("ed25519", spki), Bound(), "Handed over at the fair.")
            said("asked", ceremony.ask(asker, asked).pk)
        (waits,) = ceremony.waiting()
        said("enrolled", ceremony.confirm(other, waits.pk).entry)
    rows = [[row.asked_by, row.settled_by, row.entry] for row in KeyRequest.objects.all()]
    said("rows", len(rows), sum(row[2] is not None for row in rows))
    said("keys", len(enrolled()))


def enrolled() -> list[firm_keys.FirmKey]:
    """The firm's keys in force."""
    return list(firm_keys.firm_keys(wiring.desk(), FIRM, wiring.now()))

"""Chips asked through a server by hand: the answer stands on record there."""

import json
from pathlib import Path

import pytest

pytest.importorskip("django")

from actions.chips import LOT
from cli.test_elements import UNIT, key, signs
from cli.test_remote import Said, answering, serving, token_file
from server.signing_site import Site, site
from voltrail.cli.main import main
from voltrail.ids.subject import UnitId
from voltrail.statements.statement import Header
from voltrail.statements.unit import BoundKey, ElementScheme, Level, UnitRecord
from voltrail_server.api import tokens
from voltrail_server.elements.models import ElementChallenge
from voltrail_world.cast import KESTREL
from world_fixture import NOW

__all__ = ["answering", "site"]


@pytest.mark.usefixtures("answering")
def test_a_server_asks_hears_and_records(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.chdir(tmp_path)
    key("chip")
    told = BoundKey(ElementScheme.ED25519, json.loads(Path("chip.pem.pub").read_text())["spki"])
    unit = UnitId.read(UNIT)
    fact = UnitRecord(unit, LOT, Level.PACK, key=told)
    site.seen.hand_in(site.seen.world.say(fact, Header(KESTREL, NOW), unit))
    token = token_file(tmp_path / "token", tokens.issue(str(site.desk.operator), "test"))
    with serving() as address:
        where = ("--server", address, "--token-file", token)
        assert main(["scan", "challenge", UNIT, *where, "--qr", "q.svg"]) == 0
        said = capsys.readouterr().out.split("\n")
        assert Path("q.svg").read_text().startswith("<svg")
        signs(what=next(one for one in said if one.startswith("VTC1:")))
        assert main(["scan", "answer", "a.txt", *where]) == 0
        assert "On record as entry" in capsys.readouterr().out
        assert main(["scan", "answer", "a.txt", "--unit", UNIT, *where, "--json"]) == 75
        assert json.loads(capsys.readouterr().out)["result"] == "answered-before"
        assert main(["scan", "challenge", "K-NEVER", *where]) == 66
        assert main(["label", "read", UNIT, *where]) == 1  # on record, but on no delivery
        assert "MATCH, DO NOT INSTALL" in capsys.readouterr().out
    ElementChallenge.objects.all().delete()

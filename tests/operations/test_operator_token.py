"""The operator's key in a token, from the first run to a pack that is checked offline."""

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("pkcs11")

from operations.installation import Installation
from trust.soft_token import LABEL, PIN, Tokens, tokens
from voltrail.cli.main import main

__all__ = ["tokens"]

pytestmark = pytest.mark.softhsm
NORDLICHT = "urn:voltrail:party:nordlicht"
OPERATOR = ("--operator", NORDLICHT, "--origin", "test.example")
URI = f"pkcs11:token={LABEL};object=operator"
READY = """
import base64, json, os, sys
from pathlib import Path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail.actions import firm_keys, prove
from voltrail.actions.keys import Material
from voltrail.actions.pack import evidence_pack
from voltrail.actions.record import hand_in
from voltrail.ids.subject import ArrivalId, PersonId
from voltrail.statements import envelope
from voltrail_server import wiring
desk = wiring.desk()
"""
JUDGE = """
arrival, signed, pack = sys.argv[1:]
hand_in(desk, Path(signed).read_bytes(), wiring.now())
prove.own_checkpoint(desk)
Path(pack).write_bytes(evidence_pack(desk, ArrivalId.read(arrival)))
(newest,) = desk.entries.at([desk.entries.size() - 1])
assert newest.parsed.predicate_type.endswith(":decision:v1"), newest.parsed
print(json.dumps([one.keyid for one in envelope.parse(newest.raw).signatures]))
"""
HEALTH = """
from voltrail_server.operations import health
found = health.look(wiring.now())[1]["keys"]
print(json.dumps([found["ok"], found["word"]]))
"""
ENROL = """
half = json.loads(Path(sys.argv[1]).read_text())
material = Material(half["algorithm"], base64.b64decode(half["spki"]))
two = tuple(PersonId.read(f"urn:voltrail:person:{name}") for name in ("p-runa", "p-otto"))
firm_keys.enrol_firm_key(desk, desk.operator, material, firm_keys.Bound(), two, wiring.now())
prove.own_checkpoint(desk)
"""


@pytest.fixture
def at_hand(tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the server is told, with a key in the token and its public half in a file."""
    monkeypatch.chdir(tmp_path)
    Path("pin").write_text(f"{PIN}\n")
    told = {"VOLTRAIL_PKCS11_MODULE": tokens.library, "VOLTRAIL_PIN_FILE": str(tmp_path / "pin")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    new = ["key", "new", "--issuer", NORDLICHT, "--in", URI, "--out", "operator.pub"]
    assert main([*new, "--algorithm", "ecdsa-p256-sha256"]) == 0
    return {**told, "VOLTRAIL_OPERATOR_KEY": URI}


def said(made: Installation, script: str, *words: str) -> str:
    done = made.child(sys.executable, "-c", READY + script, *words)
    assert done.returncode == 0, done.stderr
    assert PIN not in done.stdout + done.stderr
    return done.stdout


def judged(made: Installation, number: str, key: str) -> list[str]:
    """Ids of the keys that sealed the decision on an arrival; its pack holds offline."""
    arrival, folder = f"urn:voltrail:arrival:nordlicht:{number}", Path.cwd()
    fields = (
        f"arrival={arrival}",
        "order=urn:voltrail:order:nordlicht:PO-1",
        "lot=urn:voltrail:lot:kestrel:L26-1",
        "place=urn:voltrail:place:nordlicht:hall-7",
        "quantity=40",
        "receivedAt=2026-11-20T08:00:00Z",
    )
    draft, signed, pack = (str(folder / f"{number}.{kind}") for kind in ("d", "json", "zip"))
    assert main(["draft", "arrival", *fields, "--issuer", NORDLICHT, "--out", draft]) == 0
    assert main(["sign", draft, "--key", key, "--out", signed]) == 0
    found: list[str] = json.loads(said(made, JUDGE, arrival, signed, pack))
    assert main(["pack", "check", pack, "--trust", str(made.home / "anchors.json")]) == 0
    return found


def test_decisions_are_sealed_in_the_token_and_hold_offline(
    at_hand: dict[str, str], tokens: Tokens, tmp_path: Path
) -> None:
    made = Installation(tmp_path / "made", more=at_hand)
    words = tmp_path / "words"
    words.write_text("correct horse battery")
    made.more = {**at_hand, "VOLTRAIL_KEY_PASSPHRASE_FILE": str(words)}
    assert PIN not in made.run("init", *OPERATOR, "--place", "hall-7")
    assert not (made.home / "keys/operator.pem").exists()
    own = json.loads(Path("operator.pub").read_text())["key"]
    assert judged(made, "1", URI) == [own]
    assert json.loads(said(made, HEALTH)) == [True, "encrypted"]
    tokens.pull_out()
    assert json.loads(said(made, HEALTH)) == [False, "out of reach"]
    assert made.look()["covered"]  # whoever reads does without the token
    fault = made.run("init", *OPERATOR, "--place", "hall-8", code=75)
    assert "finds not what it needs" in fault
    assert "Traceback" not in fault
    tokens.put_in()
    Path("pin").write_text("000000")
    assert "refuses this PIN" in made.run("init", *OPERATOR, "--place", "hall-8", code=1)
    Path("pin").unlink()
    assert "VOLTRAIL_PIN_FILE names" in made.run("init", *OPERATOR, "--place", "hall-8", code=75)


def test_the_operator_goes_from_a_file_to_a_token_and_old_trust_still_holds(
    at_hand: dict[str, str], tmp_path: Path
) -> None:
    made = Installation(tmp_path / "made")
    made.run("init", *OPERATOR, "--place", "hall-7")
    first, trust = str(made.home / "keys/operator.pem"), (made.home / "anchors.json").read_bytes()
    (old,) = judged(made, "1", first)
    half = json.loads(Path("operator.pub").read_text())["key"]
    early = Installation(made.home, more=at_hand)
    refused = early.run("init", *OPERATOR, "--place", "hall-8", code=75)
    assert "No key enrolled here made this signature" in refused
    said(made, ENROL, str(tmp_path / "operator.pub"))
    made.more = at_hand
    assert judged(made, "2", URI) == [half] != [old]
    assert (made.home / "anchors.json").read_bytes() == trust

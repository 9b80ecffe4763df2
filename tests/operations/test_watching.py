"""Health in words, numbers for those who may read them, and a log that keeps secrets."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("django")

from django.conf import settings
from django.db import OperationalError
from django.test import Client

from operations.installation import Installation
from server.site_world import site_desk
from voltrail.actions.desk import Desk
from voltrail.trust import signer
from voltrail_server.operations import health, logs, metrics, standing

__all__ = ["site_desk"]

SECRET = "aB3dEf6hIj9kLm2nOp5qRs8t"
HOLDING = [
    f"Authorization: Bearer {SECRET}",
    f"authorization=Token {SECRET}",
    f"{{'Authorization': 'Bearer {SECRET}', 'x': 1}}",
    f"('HTTP_AUTHORIZATION', 'Basic {SECRET}')",
    f"Cookie: sessionid={SECRET}; csrftoken={SECRET}",
    f"{{'HTTP_COOKIE': 'sessionid={SECRET}'}}",
    f"password={SECRET}&name=x",
    f'{{"password": "{SECRET}"}}',
    f"Passphrase: {SECRET}",
    f"Not Found: /in/{SECRET}",
    f"GET /in/{SECRET}?x=1",
    f"https://voltrail.example/invitation/{SECRET}",
    f"/first-run/?code=1&token={SECRET}",
    f"postgresql://user:{SECRET}@db.example/voltrail",
    f"session_key '{SECRET}' is gone",
    f"the words {SECRET} stand alone",
]


def _fail(said: str) -> None:
    raise ValueError(said)


@pytest.mark.parametrize("said", HOLDING)
@pytest.mark.parametrize("shape", [logs.Text, logs.Json])
def test_a_secret_never_gets_into_a_line(said: str, shape: type[logging.Formatter]) -> None:
    with pytest.raises(ValueError, match="it") as raised:
        _fail(f"it: {said}")
    fault = (raised.type, raised.value, raised.tb)
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "it was: %s", (said,), fault)
    line = shape().format(record)
    assert SECRET not in line
    assert "ValueError" in line


@pytest.mark.parametrize("shape", [logs.Text, logs.Json])
def test_what_is_no_secret_stays_readable(shape: type[logging.Formatter]) -> None:
    digest = "0f" * 32
    said = f"Entry 12 of urn:voltrail:lot:kestrel:L26-101 has digest {digest}."
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, said, (), None)
    assert said in shape().format(record)


def test_health_says_a_word_for_each_part(site_desk: Desk) -> None:
    answer = Client().get("/healthz")
    found = answer.json()
    assert found["register"] == site_desk.entries.size()
    assert found["parts"].keys() == {
        "database",
        "schema",
        "register",
        "checkpoint",
        "clock",
        "worker",
        "disk",
        "processes",
        "keys",
    }
    assert all(part["word"] for part in found["parts"].values())


def test_a_database_that_is_gone_is_said_without_its_name(
    site_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> int:
        raise OperationalError("could not connect to postgresql://user:hunter22@db")

    monkeypatch.setattr(standing, "entries", gone)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"]["word"] == "cannot be read"
    assert "hunter22" not in answer.content.decode()
    assert "db" not in str(answer.json()["parts"]["database"].values())


def test_an_entry_that_waits_too_long_for_its_checkpoint_is_late(
    site_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(site_desk.entries), "checkpoints", lambda _: [])
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["checkpoint"]["word"] == "late"


def test_a_full_disk_is_no_good_sign(site_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1_000})())
    assert Client().get("/healthz").json()["parts"]["disk"] == {
        "ok": False,
        "word": "full",
        "free_bytes": 1_000,
    }


def token() -> str:
    """The token that this installation made for itself."""
    return (Path(settings.VOLTRAIL_DATA) / "metrics_token").read_text()


def test_numbers_are_told_to_whoever_has_the_token(site_desk: Desk) -> None:
    Client().get("/healthz")
    answer = Client(REMOTE_ADDR="192.0.2.7").get(
        "/metrics", headers={"authorization": f"Bearer {token()}"}
    )
    told = answer.content.decode()
    assert answer.status_code == 200
    assert f"voltrail_register_entries {float(site_desk.entries.size())}" in told
    assert 'route="healthz"' in told
    assert 'voltrail_arrivals{disposition="quarantine"}' in told


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "192.0.2.7", ""])
@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", "Basic TOKEN", "TOKEN", "Bearer é"]
)
def test_nobody_else_reads_them_on_this_machine_either(
    site_desk: Desk, address: str, given: str
) -> None:
    """A proxy that adds no head of its own makes everybody look like this machine."""
    head = {"authorization": given.replace("TOKEN", token())} if given else {}
    assert Client(REMOTE_ADDR=address).get("/metrics", headers=head).status_code == 403


def test_a_token_of_ones_own_counts_alone(site_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VOLTRAIL_METRICS_TOKEN", f"{SECRET}\n")
    for given, status in ((SECRET, 200), (f"{SECRET}x", 403), (token(), 403)):
        answer = Client().get("/metrics", headers={"authorization": f"Bearer {given}"})
        assert answer.status_code == status
    monkeypatch.setattr(settings, "VOLTRAIL_METRICS_TOKEN", "")
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 403


def test_the_token_is_made_once_for_the_servers_user_alone(tmp_path: Path) -> None:
    made = Installation(tmp_path / "made")
    made.run("init", "--operator", "urn:voltrail:party:x", "--origin", "x.example")
    path = made.home / "metrics_token"
    before = path.read_text()
    assert len(before) > 60
    assert path.stat().st_mode & 0o777 == 0o600
    made.run("check-register")
    assert path.read_text() == before


def test_a_method_nobody_knows_makes_no_new_row(site_desk: Desk) -> None:
    for number in range(3):
        Client().generic(f"ODD{number}", "/healthz")
    told = metrics.text().decode()
    assert 'method="other"' in told
    assert "ODD" not in told


def test_addresses_make_no_new_row(site_desk: Desk) -> None:
    Client().get("/in/one-secret-link")
    assert "one-secret-link" not in metrics.text().decode()


def test_health_says_whether_the_keys_are_encrypted_and_names_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = SimpleNamespace(signer=signer.generate())
    monkeypatch.setattr(health.wiring, "desk", lambda: nobody)
    monkeypatch.setattr(standing, "home", lambda: tmp_path)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/log.pem").write_bytes(signer.generate().pem(b"correct horse battery"))
    assert health._keys() == {"ok": True, "word": "encrypted"}
    (tmp_path / "keys/operator.pem").write_bytes(signer.generate().pem())
    found = health._keys()
    assert found["ok"]
    assert "voltrail key protect" in found["advice"]
    assert not {one for one in (str(tmp_path), "operator", ".pem") if one in str(found)}

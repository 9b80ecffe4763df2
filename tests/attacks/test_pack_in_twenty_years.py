"""A pack and one pinned file give the same verdict for ever: no network, any clock, age stated."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from trust.foreign import stamp_service
from voltrail.actions import time_proof
from voltrail.actions.pack import anchors_file, evidence_pack, statement_pack
from voltrail.cli import packs
from voltrail.cli.main import main
from voltrail.trust.foreign import timestamp
from world_fixture import PlayedWorld, clean_shipment, fresh_world

YEARS = (-30, -10, 0, 10, 20, 50)


class Shelf:
    """A folder somebody kept: two packs, the pinned keys, the certificates of a service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def words(self, kind: str) -> list[str]:
        verb = ["pack", "check"] if kind == "decision" else ["verify"]
        files = ["--trust", "anchors.json", "--roots", "roots.pem"]
        return [*verb, str(self.folder / f"{kind}.zip"), *self._whole(files)]

    def _whole(self, words: list[str]) -> list[str]:
        return [one if one.startswith("--") else str(self.folder / one) for one in words]


def filled(folder: Path) -> Shelf:
    seen: PlayedWorld = fresh_world()
    shipment = clean_shipment()
    seen.deliver(shipment)
    roots = stamp_service.made(folder / "service")
    with stamp_service.stamping(folder / "service") as url:
        asked = time_proof.request(seen.desk)
        with urlopen(Request(url, asked.query)) as answer:
            token = answer.read()
    trusted = timestamp.service(roots.read_bytes())
    time_proof.from_service(seen.desk, asked, token, trusted, datetime.now(UTC))
    (folder / "roots.pem").write_bytes(roots.read_bytes())
    (folder / "anchors.json").write_bytes(anchors_file(seen.desk))
    (folder / "decision.zip").write_bytes(evidence_pack(seen.desk, shipment.arrival))
    (folder / "statement.zip").write_bytes(statement_pack(seen.desk, 3))
    return Shelf(folder)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return filled(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(autouse=True)
def _no_sockets(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a pack is checked without a network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def clock(monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    """Let this machine's clock be wrong by some years."""
    wrong = datetime.now(UTC) + timedelta(days=365.25 * years)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # noqa: ARG003 — always UTC here
            return wrong

    monkeypatch.setattr(packs, "datetime", Clock)


@pytest.mark.parametrize("kind", ["decision", "statement"])
def test_the_verdict_does_not_depend_on_the_clock(
    shelf: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told, ages = [], []
    for years in YEARS:
        clock(monkeypatch, years)
        assert main([*shelf.words(kind), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        ages.append(found.pop("ageDays"))
        told.append(found)
    assert all(one == told[0] for one in told)
    assert told[0]["existedBy"]
    assert ages == sorted(ages)
    assert ages[-1] > 365 * 49


@pytest.mark.parametrize(
    ("years", "said"), [(20, "20.0 years by this machine's clock"), (-10, "is behind the pack")]
)
@pytest.mark.parametrize("kind", ["decision", "statement"])
def test_its_age_is_said_beside_the_verdict(
    shelf: Shelf,
    kind: str,
    years: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock(monkeypatch, years)
    assert main(shelf.words(kind)) == 0
    out = capsys.readouterr().out
    assert said in out
    assert "what was registered later is not in the pack" in out
    assert "stamped by CN=Stamps & Sons" in out

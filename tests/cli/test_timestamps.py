"""`voltrail timestamp` on a machine with the kernel alone, beside a service of its own process."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from trust.foreign import stamp_service
from voltrail.cli.main import main


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("stamps") / "one"
    roots = stamp_service.made(folder)
    with stamp_service.stamping(folder) as url:
        yield url, roots


def words(service: tuple[str, Path]) -> list[str]:
    return ["--url", service[0], "--roots", str(service[1])]


def test_a_file_is_stamped_and_the_token_verifies(
    service: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, token = tmp_path / "lot.json", tmp_path / "lot.tsr"
    given.write_text("{}")
    assert main(["timestamp", "file", str(given), *words(service), "--out", str(token)]) == 0
    assert "vouches that" in capsys.readouterr().out
    judged = ["verify", str(token), "--as", "timestamp", "--of", str(given)]
    assert main([*judged, "--roots", str(service[1]), "--at", "2999-01-01T00:00:00Z"]) == 0
    given.write_text("{ }")
    assert main([*judged, "--roots", str(service[1]), "--at", "2999-01-01T00:00:00Z"]) == 1


def test_a_folder_register_is_stamped_and_shows_it(
    service: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reg"
    main(["register", "init", str(folder), "--operator", "urn:voltrail:party:acme"])
    assert main(["timestamp", "show", "0", "--folder", str(folder)]) == 66
    assert main(["timestamp", "register", str(folder), *words(service)]) == 0
    capsys.readouterr()
    assert main(["timestamp", "show", "0", "--folder", str(folder)]) == 0
    assert "Nobody else vouches" in capsys.readouterr().out
    assert main(["timestamp", "register", str(folder), *words(service), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["index"] == 1
    out = tmp_path / "evidence"
    asked = ["timestamp", "show", "0", "--folder", str(folder), "--out", str(out)]
    assert main(asked) == 0
    assert "time-stamp-service" in capsys.readouterr().out
    assert sorted(one.name for one in out.iterdir()) == ["0-by-1.tlog-proof", "0-by-1.tsr"]
    assert main(asked) == 1  # the folder is not empty


@pytest.mark.parametrize(
    ("url", "code"), [("http://127.0.0.1:9/", 75), ("ftp://a/", 65), ("tsa", 65), ("", 65)]
)
def test_a_service_that_cannot_be_asked_is_said_and_nothing_is_written(
    service: tuple[str, Path], tmp_path: Path, url: str, code: int
) -> None:
    given, token = tmp_path / "a", tmp_path / "a.tsr"
    given.write_text("x")
    asked = ["timestamp", "file", str(given), "--url", url, "--roots", str(service[1])]
    assert main([*asked, "--out", str(token)]) == code
    assert not token.exists()

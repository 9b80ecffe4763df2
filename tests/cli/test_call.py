"""`voltrail call` to a server: every route by name, what it prints, how it says no."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django")

from cli.test_remote import Said, answering, serving, token_file
from server.api_samples import SAMPLES
from server.signing_site import Site, site
from voltrail.actions import remark
from voltrail.cli.main import main
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.importing.models import Import
from voltrail_server.notices.models import Habit, Notice, Wish
from voltrail_server.saved.models import SavedFilter
from voltrail_server.work.models import Work
from voltrail_world.cast import MERET
from world_fixture import clean_shipment

__all__ = ["answering", "site"]
GOODS = clean_shipment("781")


@dataclass
class Line:
    """A command line with the operator's token, and what it printed."""

    site: Site
    where: tuple[str, ...]
    said: Said

    def calls(self, *words: str, code: int = 0) -> str:
        assert main(["call", *words, *self.where]) == code, self.said.readouterr()
        found = self.said.readouterr()
        return found.err if code else found.out

    def json(self, *words: str) -> Any:  # noqa: ANN401
        return json.loads(self.calls(*words))


@pytest.fixture
def line(site: Site, tmp_path: Path, capsys: Said) -> Iterator[Line]:
    for name in ("meret", "otto"):
        site.browser(name)
    site.seen.deliver(GOODS)
    token = token_file(tmp_path / "token", tokens.issue(str(site.desk.operator), "test"))
    with serving() as address:
        yield Line(site, ("--server", address, "--token-file", token), capsys)
    for table in (ApiToken, Notice, Wish, Habit, Import, Work):
        table.objects.all().delete()


def test_the_list_names_every_route(line: Line) -> None:
    named = {one.split()[0] for one in line.calls("list").splitlines()}
    assert named == set(SAMPLES)


def test_notices_settings_and_filters_are_read_and_changed(line: Line) -> None:
    assert line.json("notices", "person=meret", "show=unread") == []
    told = line.json("choose_notices", "person=meret", "hour=6", 'mail={"duty": "now"}')
    assert (told["hour"], told["zone"]) == (6, "UTC")
    assert line.json("notice_settings", "person=meret") == told
    assert line.json("read_notices", "person=meret") == {"unread": 0}
    kept = line.json("save_filter", "person=meret", "path=/lots/", "query=text=a", "name=7")
    assert (kept["name"], kept["address"]) == ("7", "/lots/?text=a")
    assert line.json("saved_filters", "person=meret") == [kept]
    assert line.calls("remove_filter", f"number={kept['number']}", "person=meret") == "Done.\n"
    assert not SavedFilter.objects.exists()


def test_a_remark_is_noted_listed_and_taken_back(line: Line) -> None:
    noted = line.json("note_remark", f"about={GOODS.arrival}", f"by={MERET}", "text=Seals whole.")
    (shown,) = line.json("remarks", f"about={GOODS.arrival}")
    assert (shown["text"], shown["index"]) == ("Seals whole.", noted["index"])
    which = (f"index={noted['index']}", f"by={MERET}")
    line.site.later(minutes=1)
    gone = line.json("withdraw_remark", *which, "why=It was another lot.")
    (one,) = remark.remarks(line.site.desk, GOODS.arrival)
    assert one.withdrawn_by == gone["index"]


def test_the_playbook_and_a_search_answer(line: Line) -> None:
    steps = line.json("playbook", f"key={GOODS.arrival}")["steps"]
    assert "accept" in [one["step"] for one in steps]
    assert line.json("find", "q=L26-781")["exact"] or line.json("find", "q=L26-781")["like"]


def test_a_file_is_sent_and_an_answer_kept(line: Line, tmp_path: Path) -> None:
    list_, out = tmp_path / "firms.csv", tmp_path / "entry.pack.zip"
    list_.write_text("number,name,country,roles\nacme,Acme Cells,DE,broker\n")
    made = line.json("upload", "kind=suppliers", "name=firms.csv", "--body", str(list_))
    assert made["counts"]["new"] == 1
    assert "Wrote" in line.calls("statement_pack", "index=3", "--out", str(out))
    assert out.read_bytes().startswith(b"PK")
    assert "no text" in line.calls("statement_pack", "index=3", code=65)
    assert line.calls("checkpoint").startswith("register.nordlicht.example/supply\n")


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("fly",), "no route 'fly'", 66),
        (("notices", "person=meret", "colour=red"), "takes no 'colour'", 66),
        (("notices", "person=nobody"), "called that", 66),
        (("remove_filter", "person=meret"), "needs 'number'", 65),
        (("choose_notices", "person=meret", "mail={"), "not JSON", 65),
        (("choose_notices", "person=meret", "hour=24"), "no hour", 65),
        (("checkpoint", "--body", "{file}"), "takes no body", 66),
        (("save_filter", "person=meret", "--body", "{file}"), "takes no 'person'", 66),
        (("checkpoint", "--body", "nowhere.json"), "no file", 66),
    ],
)
def test_what_does_not_fit_is_refused(
    line: Line, tmp_path: Path, words: tuple[str, ...], said: str, code: int
) -> None:
    (tmp_path / "file").write_text("{}")
    given = [one.replace("{file}", str(tmp_path / "file")) for one in words]
    assert said in line.calls(*given, code=code)


def test_a_token_is_needed(capsys: Said) -> None:
    assert main(["call", "list", "--server", "https://127.0.0.1:9"]) == 65
    assert "token" in capsys.readouterr().err


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"paths": []}', b'{"paths": {"/x": {"get": []}}}', b"<html>"]
)
def test_a_description_that_is_none_is_malformed(
    answering: Callable[..., tuple[str, list[str]]], tmp_path: Path, capsys: Said, body: bytes
) -> None:
    url, _ = answering(200, body)
    token = token_file(tmp_path / "token", "vt_x")
    assert main(["call", "list", "--server", url, "--token-file", token]) == 65
    assert "→" in capsys.readouterr().err


def test_an_answer_without_end_is_not_taken(
    answering: Callable[..., tuple[str, list[str]]], tmp_path: Path, capsys: Said
) -> None:
    url, _ = answering(200, b" " * (4 * 1_048_576 + 1))
    token = token_file(tmp_path / "token", "vt_x")
    assert main(["call", "list", "--server", url, "--token-file", token]) == 65
    assert "larger than" in capsys.readouterr().err

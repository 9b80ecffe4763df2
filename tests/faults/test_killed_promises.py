"""Killed between a promise and whoever relies on it: nothing told is lost, and nothing doubled."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("django")

from faults.test_killed_operations import killed, moments
from operations.installation import ROOT, Installation, living, played
from register.mirroring import Log as Partner
from register.mirroring import Table, numbered
from voltrail.register import mirror, mirror_check, mirror_copy, mirror_folder, note
from voltrail.register.mirror_folder import FolderShelf
from voltrail.trust import anchors, signer
from voltrail_witness import state
from witness.running import LEAVES, Log, made, post, serving

__all__ = ["living", "played"]


def counts(sample: int, full: int) -> list[object]:
    return [
        pytest.param(sample, id="sample"),
        pytest.param(full, id="full", marks=pytest.mark.drill),
    ]


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """The address at which a folder is shown."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    door = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=door.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.server_port}"
    door.shutdown()
    thread.join(5)
    door.server_close()


def grown(partner: Partner, folder: Path, count: int) -> None:
    """Let the partner grow, and show all of it as files."""
    partner.leaves += numbered(count, f"after {len(partner.leaves)}")
    table = Table()
    mirror.pull(table, partner.show, partner.partner)
    for path, data in table.files.items():
        FolderShelf(folder).put(path, data)


@pytest.mark.parametrize("count", counts(5, 300))
def test_a_killed_pull_leaves_a_copy_that_goes_on(tmp_path: Path, count: int) -> None:
    partner, source, begun = Partner(), tmp_path / "source", tmp_path / "begun"
    shell = Installation(tmp_path / "none")
    with shown(source) as url:
        grown(partner, source, 700)
        mirror_folder.make(begun, url, partner.vkey)
        words = ("mirror", "pull")
        shell.run(*words, begun)
        grown(partner, source, 700)
        probe = shutil.copytree(begun, tmp_path / "probe")
        wanted = None
        for at in moments(shell, (*words, str(probe)), count):
            wanted = wanted or whole(probe)
            copy = shutil.copytree(begun, tmp_path / f"copy-{at}")
            killed(shell, at, (*words, str(copy)))
            found = mirror_folder.read(copy)
            report = mirror_check.check(found.shelf, found.partner)
            assert report.faults == ()
            assert report.entries in {700, 1_400}
            shell.run(*words, copy)
            assert whole(copy) == wanted
            shutil.rmtree(copy)


def whole(folder: Path) -> dict[str, bytes]:
    """A copy's files that are compared; when it was read, and parts left over, say nothing."""
    held = mirror_copy.head(FolderShelf(folder), mirror_folder.read(folder).partner)
    assert held
    assert mirror_check.check(FolderShelf(folder), mirror_folder.read(folder).partner).faults == ()
    found = (
        path for path in (folder / "tile").rglob("*") if path.is_file() and ".p/" not in str(path)
    )
    files = {str(path.relative_to(folder)): path.read_bytes() for path in found}
    assert not (folder / mirror.PENDING).exists()
    return {**files, "size": str(held.point.size).encode(), "root": held.point.root}


@pytest.mark.parametrize("count", counts(4, 120))
def test_a_killed_witness_remembers_whatever_it_cosigned(tmp_path: Path, count: int) -> None:
    """Pitfall 18: after a kill it cosigns on from there, and never another history."""
    total = _asked(tmp_path, tmp_path / "probe", 0)[1]
    draw = random.Random(int(os.environ["VOLTRAIL_TEST_SEED"]))
    for at in sorted(draw.sample(range(1, total + 1), min(count, total))):
        log, _, told, folder = _died(tmp_path, at)
        heads, fits = state.look(folder)
        head = heads.get(log.origin)
        assert fits
        assert (head.size if head else 0) >= told
        with serving(folder) as url:
            known = head.size if head else 0
            if known:
                fork = [*LEAVES[: known - 1], bytes(32), bytes(32)]
                assert post(url, log.request(known, fork[:known]).body())[0] == 409
                assert post(url, log.request(known, fork).body())[0] == 422
            status, lines = post(url, log.request(known, LEAVES[:150]).body())
            assert status == 200
            assert lines.count("\u2014 ".encode()) == 2


def _died(tmp_path: Path, at: int) -> tuple[Log, int, int, Path]:
    folder = tmp_path / f"w-{at}"
    log, total, told = _asked(tmp_path, folder, at)
    return log, total, told, folder


def _asked(tmp_path: Path, folder: Path, at: int) -> tuple[Log, int, int]:
    """Ask a witness that dies at a moment; the log, moments there were, the size that it told."""
    log = Log()
    made(folder, log)
    words = [sys.executable, "-m", "faults.dying", str(at), "witness", "serve", str(folder)]
    errors = (folder / "errors").open("w+")
    child = subprocess.Popen(
        [*words, "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        cwd=ROOT,
        env=Installation(tmp_path / "none").environment,
    )
    assert child.stdout
    line, told = child.stdout.readline(), 0
    try:
        for size in (40, 90, 120) if "http://" in line else ():
            url = "http://" + line.partition("http://")[2].split()[0].rstrip(".")
            status, _ = post(url, log.request(told, LEAVES[:size]).body())
            assert status == 200
            told = size
    except OSError:
        pass
    finally:
        child.send_signal(signal.SIGTERM)
        code = child.wait(20)
        child.stdout.close()
        errors.seek(0)
        last = (errors.read().split() or ["0"])[-1]
        errors.close()
    assert code in ((0,) if at == 0 else (0, -9))
    return log, int(last) if at == 0 else 0, told


@pytest.mark.parametrize("count", counts(2, 120))
def test_a_killed_server_promises_nothing_that_it_does_not_hold(
    living: Installation, tmp_path: Path, count: int
) -> None:
    """Between append, checkpoint and cosignature: the witness never hears of two histories."""
    words, drawn = ("@faults.promising", "exchange"), [0]
    with witnessed(living, tmp_path / "probe-w") as probe:
        drawn = moments(probe, words, count)
    for at in drawn:
        with witnessed(living, tmp_path / f"w-{at}") as back:
            told = [*ran(back, at, words), *ran(back, 0, words)]
        said = dict(
            line.split(maxsplit=1) for line in told if line.startswith(("sound", "digests"))
        )
        assert said["sound"] == "True"
        digests = said["digests"].split()
        assert len(set(digests)) == len(digests)
        for word, number, *more in (line.split()[:3] for line in told):
            if word == "entry":
                assert digests[int(number)] == more[0]
            elif word in {"checkpoint", "cosigned"}:
                assert int(number) <= len(digests)
        shutil.rmtree(back.home)


@contextmanager
def witnessed(living: Installation, folder: Path) -> Iterator[Installation]:
    """A copy of an installation, with a witness of its own in another process."""
    back = Installation(Path(shutil.copytree(living.home, f"{folder}-home")))
    log = Log()
    log.vkey = anchors.parse((back.home / "anchors.json").read_bytes())[1][0]
    key = made(folder, log)[0]
    with serving(folder) as url:
        vkey = note.vkey(key.name, key.public_raw, key.key_type)
        (back.home / "witnesses.policy").write_text(f"witness w {vkey} {url}\nquorum w\n")
        yield back


def ran(found: Installation, at: int, words: tuple[str, ...]) -> list[str]:
    """What a script acknowledged until it died at a moment; 0 lives, and must go well."""
    done = found.child(sys.executable, "-m", "faults.dying", str(at), *words)
    assert done.returncode == 0 if at == 0 else done.returncode in {0, -9}, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("count", counts(2, 120))
def test_a_killed_ceremony_enrols_a_key_once_or_not_yet(
    living: Installation, tmp_path: Path, count: int
) -> None:
    spki = tmp_path / "key"
    spki.write_bytes(signer.generate().public.spki)
    words = ("@faults.promising", "ceremony", str(spki))
    probe = Installation(Path(shutil.copytree(living.home, tmp_path / "probe")))
    for at in moments(probe, words, count):
        back = Installation(Path(shutil.copytree(living.home, tmp_path / f"back-{at}")))
        before, after = ran(back, at, words), ran(back, 0, words)
        told = dict(line.split(maxsplit=1) for line in after)
        assert told["sound"] == "True"
        assert (told["rows"], told["keys"]) == ("1 1", "1")
        if any(line.startswith("enrolled") for line in before):
            assert "enrolled" not in told
        shutil.rmtree(back.home)

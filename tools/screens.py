"""
Photograph every page with Chromium, at a phone's and a desk's width, in light and in dark.

    make screens                             plays the demo by itself, on a free port
    PYTHONPATH=tests python tools/screens.py --port 8000 --password otto=… --password meret=…
                                             a demo that is being served; --only '^/lots' few pages

Knows addresses and a browser. Does not know what a page should look like: people judge that.
"""

import argparse
import html
import re
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tour

from server.browser import Browser, chromium
from voltrail_world.demo import playing

WIDTHS = {"desk": 1280, "phone": 360}  # [px]
STARTS = ("ansel", "meret", "fenna", "odo", "ivo", "runa", "ines")  # whose start pages are shown
Stage = tuple[str, dict[str, str]]


def main() -> int:
    """Photograph each page; return the exit code."""
    told = _parser().parse_args()
    if chromium() is None:
        print("No Chromium is installed. Install it, then run this again.", file=sys.stderr)
        return 75
    folder = Path(told.out)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="voltrail-screens-") as kept:
        home = Path(kept)
        with _stage(told, home) as (site, passwords), Browser(home / "profile") as browser:
            known = tour.prepare(browser, site, passwords, home)
            shots = list(_everything(browser, site, passwords, known, folder, told.only))
    (folder / "index.html").write_text(_index(shots), encoding="utf-8")
    print(folder / "index.html")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of a demo that is served already")
    parser.add_argument("--password", action="append", default=[], help="name=password of it")
    parser.add_argument("--out", default="var/screens")
    parser.add_argument("--only", default="", help="addresses that fit this pattern")
    return parser


@contextmanager
def _stage(told: argparse.Namespace, home: Path) -> Iterator[Stage]:
    """Give a demo that is being served: the one named, or one of our own."""
    if told.port:
        pairs = (one.partition("=") for one in told.password)
        yield f"http://localhost:{told.port}", {name: secret for name, _, secret in pairs}
        return
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with playing(home / "demo", port) as stage:
        yield f"http://localhost:{port}", {one.name: one.password for one in stage.accounts}


def _everything(
    browser: Browser,
    site: str,
    passwords: dict[str, str],
    known: dict[str, str],
    folder: Path,
    only: str,
) -> Iterator[Path]:
    walks = {"otto": list(tour.walk(known)), **{name: ["/"] for name in STARTS}}
    for name, addresses in walks.items():
        wanted = [one for one in addresses if re.search(only, one)]
        if name in passwords and wanted:
            tour.log_in(browser, site, name, passwords[name])
            for address in wanted:
                yield from _photographs(browser, site + address, folder / _name(name, address))
    browser.call("Network.clearBrowserCookies")
    for address in tour.walk(known, tour.GATE):
        if re.search(only, address):
            yield from _photographs(browser, site + address, folder / _name("nobody", address))


def _photographs(browser: Browser, address: str, stem: Path) -> Iterator[Path]:
    """Write four pictures of one page."""
    for screen, width in WIDTHS.items():
        browser.size(width)
        for scheme in ("light", "dark"):
            feature = {"name": "prefers-color-scheme", "value": scheme}
            browser.call("Emulation.setEmulatedMedia", features=[feature])
            browser.open(address)
            shot = stem.with_name(f"{stem.name}-{screen}-{scheme}.png")
            browser.screenshot(shot)
            print(shot, flush=True)
            yield shot


def _name(who: str, address: str) -> str:
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", address)
    path = "join" if path.startswith("/join/") else path
    kept = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")[:80] or "start"
    return kept if who in ("otto", "nobody") else f"{kept}-{who}"


def _index(shots: list[Path]) -> str:
    names = [html.escape(one.name) for one in shots]
    items = "".join(
        f'<figure><a href="{one}"><img src="{one}" width="320" loading="lazy" alt=""></a>'
        f"<figcaption>{one}</figcaption></figure>"
        for one in names
    )
    return f"<!doctype html><meta charset=utf-8><title>Every page</title>{items}"


if __name__ == "__main__":
    sys.exit(main())

"""
Photograph pages of a running Voltrail with Chromium, into var/screens.

Knows addresses and a browser. Does not know what a page should look like: people judge that.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

PAGES = {
    "start": "/",
    "dock": "/dock/",
    "lots": "/lots/",
    "parties": "/parties/",
    "audit": "/audit/",
}
WIDTHS = {"desk": 1280, "phone": 360}  # [px] the two screens : a desk and a phone


def main() -> int:
    """Photograph each page at each width; return the exit code."""
    parser = argparse.ArgumentParser(description="Photograph the pages of a running demo.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("No Chromium is installed. Install it, then run this again.", file=sys.stderr)
        return 75
    folder = Path("var/screens")
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in PAGES.items():
        for screen, width in WIDTHS.items():
            shot = folder / f"{name}-{screen}.png"
            photograph(browser, f"http://127.0.0.1:{port}{path}", shot, width)
            print(shot)
    return 0


def photograph(browser: str, address: str, shot: Path, width: int) -> None:
    """Write one picture of one page."""
    options = ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--virtual-time-budget=5000"]
    command = [browser, *options, f"--window-size={width},1400", f"--screenshot={shot}", address]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main())

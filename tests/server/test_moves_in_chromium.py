"""In a real browser: a hand scanner and a camera fill the list, and no page is loaded for it."""

from io import BytesIO
from pathlib import Path

import pytest

pytest.importorskip("django")

from PIL import Image

import server.browser
from server.browser import Browser
from server.live_site import served
from voltrail.labels import code

pytestmark = pytest.mark.chromium
SEEN = "urn:voltrail:unit:kestrel:NEVER-1"
_WIDE, _HIGH = 640, 480


def film(text: str) -> bytes:
    """A code held before a camera, as the frames that Chromium plays in place of one."""
    whole = Image.new("L", (_WIDE, _HIGH), 255)
    whole.paste(Image.open(BytesIO(code.png(text))).convert("L").resize((360, 360), 0), (140, 60))
    colour = bytes([128]) * (_WIDE * _HIGH // 2)
    frames = [b"FRAME\n" + whole.tobytes() + colour] * 10
    return f"YUV4MPEG2 W{_WIDE} H{_HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + b"".join(frames)


def test_a_wedge_and_a_camera_scan_without_loading_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "film.y4m").write_bytes(film(SEEN))
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'film.y4m'}",
    )
    monkeypatch.setattr(server.browser, "_FLAGS", (*server.browser._FLAGS, *flags))
    with served(tmp_path / "data") as (site, passwords), Browser(tmp_path / "profile") as browser:
        browser.open(f"{site}/log-in/")
        browser.fill("#id_username", "meret")
        browser.fill("#id_password", passwords["meret"])
        browser.click(".gate button")
        browser.wait_for("How arrivals stand")
        browser.open(f"{site}/moves/")
        browser.value("window.same = true")
        browser.value("window.refused = []")
        browser.value(
            "document.addEventListener('securitypolicyviolation',"
            " (one) => window.refused.push(one.violatedDirective))"
        )
        browser.fill("#scan-text", "00095201230000000011")
        browser.enter()
        browser.wait_for("095201230000000011", "#scanned")
        assert browser.value("document.activeElement.id") == "scan-text", "ready for the next"
        browser.click("#camera [data-on]")
        browser.wait_for(SEEN, "#camera [data-says]")
        browser.wait_for("Unknown.", "#said")
        browser.click("#camera [data-off]")
        browser.wait_for("The camera is off.", "#camera [data-says]")
        assert browser.value("document.querySelector('#camera video').hidden") is True
        assert browser.value("window.same") is True, "the page was not loaded again"
        assert browser.value("window.refused") == []

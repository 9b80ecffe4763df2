"""
A real browser for tests: Chromium at the other end of two pipes, with a passkey device inside.

Speaks the DevTools protocol over file descriptors 3 and 4, JSON ended by a zero byte, so nothing
but the standard library is needed. Waits for what a person would see; never sleeps for luck.
"""

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE_S = 30  # [s] for anything to appear
_STEP_S = 0.05  # [s] between two looks
_HIGH = 10  # file descriptors from here on cannot collide with 3 and 4
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
# Puts the two pipes where Chromium looks for them, then becomes Chromium.
_BECOME = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class BrowserError(Exception):
    """The browser answered with an error, or nothing came in time."""


def chromium() -> str | None:
    """The Chromium to drive: the one named, else the one on the path."""
    return os.environ.get("VOLTRAIL_TEST_CHROMIUM") or shutil.which("chromium")


class Browser:
    """One page of one browser; use it in a `with` block."""

    def __init__(self, profile: Path, width: int = 1280, height: int = 900) -> None:
        program = chromium()
        if program is None:
            raise BrowserError("Chromium is not installed.")
        theirs_in, self._out = _pipe()
        self._in, theirs_out = _pipe()
        become = [sys.executable, "-c", _BECOME, str(theirs_in), str(theirs_out)]
        self._child = subprocess.Popen(
            [*become, program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._numbers = itertools.count(1)
        self._rest = b""
        self._page = ""
        try:
            self._page = self._attach()
            self.size(width, height)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and give its pipes back."""
        os.close(self._out)
        try:
            self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        os.close(self._in)

    def open(self, address: str) -> None:
        """Go to an address and wait until its page stands."""
        found = self.call("Page.navigate", url=address)
        if found.get("errorText"):
            raise BrowserError(f"{address}: {found['errorText']}")
        self.wait_until("document.readyState === 'complete'")

    def click(self, selector: str) -> None:
        """Click the middle of an element, as a person's mouse would."""
        self.wait_until(
            f"document.querySelector({json.dumps(selector)})?.disabled === false"
            f" || document.querySelector({json.dumps(selector)})?.href"
        )
        x, y = self.value(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            " one.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const box = one.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def fill(self, selector: str, text: str) -> None:
        """Write into a field, replacing what stands there."""
        self.wait_until(f"document.querySelector({json.dumps(selector)}) !== null")
        self.value(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            f" one.focus(); one.value = {json.dumps(text)};"
            " one.dispatchEvent(new Event('input', {bubbles: true}));"
            " one.dispatchEvent(new Event('change', {bubbles: true})); })()"
        )

    def press(self, key: str, code: int = 0, text: str = "") -> None:
        """Press a key and let it go."""
        given: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        more = {"text": text} if text else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **given, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", **given)

    def enter(self) -> None:
        """Press Enter."""
        self.press("Enter", 13, "\r")

    def tab_to(self, selector: str, most: int = 90) -> None:
        """Press Tab until the focus stands on an element."""
        self.wait_until(f"document.querySelector({json.dumps(selector)}) !== null")
        for _ in range(most):
            self.press("Tab", 9)
            if self.value(f"document.activeElement.matches({json.dumps(selector)})"):
                return
        raise BrowserError(f"{selector} is not reached with {most} tabs.")

    def text(self, selector: str = "body") -> str:
        """What an element shows."""
        return str(self.value(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def wait_for(self, words: str, selector: str = "main") -> str:
        """Wait until an element shows some words; return all that it shows."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            shown = self._shown(selector)
            if words in shown:
                return shown
            time.sleep(_STEP_S)
        raise BrowserError(f"{words!r} did not appear; the page shows: {self._shown('body')}")

    def wait_until(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            try:
                if self.value(f"Boolean({expression})"):
                    return
            except BrowserError:
                pass  # the page is changing
            time.sleep(_STEP_S)
        raise BrowserError(f"{expression} did not come true; {self._shown('body')}")

    def value(self, expression: str) -> Any:  # noqa: ANN401 — any JSON value
        """What an expression gives in the page."""
        found = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            raise BrowserError(json.dumps(found["exceptionDetails"])[:500])
        return found["result"].get("value")

    def size(self, width: int, height: int = 900) -> None:
        """Make the window as wide as a desk's screen or as narrow as a phone's."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 640,
        )

    def screenshot(self, file: Path) -> None:
        """Photograph the whole page."""
        found = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(found["data"]))

    def add_passkey_device(self) -> str:
        """Plug in an authenticator that always says yes; return its id."""
        self.call("WebAuthn.enable")
        return str(
            self.call("WebAuthn.addVirtualAuthenticator", options=_DEVICE)["authenticatorId"]
        )

    def call(self, method: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON value
        """Ask the page something in the DevTools protocol."""
        return self._ask(method, given, self._page)

    def _attach(self) -> str:
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            listed = self._ask("Target.getTargets", {})["targetInfos"]
            pages = [one["targetId"] for one in listed if one["type"] == "page"]
            if pages:
                break
            time.sleep(_STEP_S)
        else:
            raise BrowserError("Chromium opened no page.")
        given = {"targetId": pages[0], "flatten": True}
        session = str(self._ask("Target.attachToTarget", given)["sessionId"])
        for method in ("Page.enable", "Runtime.enable", "Page.bringToFront"):
            self._ask(method, {}, session)
        self._ask("Emulation.setFocusEmulationEnabled", {"enabled": True}, session)
        return session

    def _ask(self, method: str, given: dict[str, Any], session: str = "") -> dict[str, Any]:
        number = next(self._numbers)
        said: dict[str, Any] = {"id": number, "method": method, "params": given}
        if session:
            said["sessionId"] = session
        os.write(self._out, json.dumps(said).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == number:
                if "error" in heard:
                    raise BrowserError(f"{method}: {heard['error'].get('message')}")
                return dict(heard["result"])

    def _hear(self) -> dict[str, Any]:
        ends = time.monotonic() + PATIENCE_S
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(0, ends - time.monotonic()))
            more = os.read(self._in, 65_536) if ready else b""
            if not more:
                raise BrowserError("Chromium says nothing.")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(line))

    def _shown(self, selector: str) -> str:
        try:
            return self.text(selector)
        except BrowserError:
            return ""  # the page is changing


def _pipe() -> tuple[int, int]:
    """A pipe whose ends do not stand where Chromium looks for its own."""
    ends = []
    for low in os.pipe():
        ends.append(fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _HIGH))
        os.close(low)
    return ends[0], ends[1]

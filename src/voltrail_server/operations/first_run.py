"""
The door of an installation that nobody has set up: one code, for whoever sees the terminal.

Only the code's digest is kept, in the data folder. Ten wrong guesses close the door until the
server is started again. Does not know the page.
"""

import hashlib
import hmac
import json
import secrets
import string

from voltrail.errors import NotPermittedError
from voltrail_server.operations import standing

DOOR = "first-run.json"
MOST_GUESSES = 10
_LETTERS = string.ascii_uppercase.replace("O", "").replace("I", "") + "23456789"
_LENGTH = 16  # [letters] 80 bits


def open_door() -> str:
    """Return a new code; the one before no longer works."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    standing.write(DOOR, {"sha256": _digest(code), "guesses": 0})
    return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))


def need_code(text: str) -> None:
    """Refuse a wrong code, and every code after too many wrong ones."""
    path = standing.home() / DOOR
    found = json.loads(path.read_text()) if path.exists() else {}
    if not found or found["guesses"] >= MOST_GUESSES:
        raise NotPermittedError(
            "The code no longer works.", hint="Stop the server and start it again for a new one."
        )
    if not hmac.compare_digest(_digest(text), found["sha256"]):
        standing.write(DOOR, {**found, "guesses": found["guesses"] + 1})
        raise NotPermittedError(
            "This is not the code on the terminal.",
            hint="Copy it from where the server was started.",
        )


def close_door() -> None:
    """Let the code work no more."""
    (standing.home() / DOOR).unlink(missing_ok=True)


def _digest(text: str) -> str:
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()

"""
A mail server in a process of its own: takes letters, writes them down, refuses whom it is told to.

    python smtp_sink.py PORT FOLDER

One file a letter. An address that begins with `no-` is refused for good, `later-` for now.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """Writes each letter into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: ANN401, N802 — aiosmtpd's names
        _server, _session, envelope, address, _options = given
        if address.startswith("no-"):
            return "550 5.1.1 Nobody of that name"
        if address.startswith("later-"):
            return "450 4.2.1 Come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: ANN401, N802 — aiosmtpd's names
        envelope = given[2]
        number = len(list(self.folder.glob("*.eml")))
        head = "".join(f"X-Rcpt: {one}\r\n" for one in envelope.rcpt_tos).encode()
        draft = self.folder / f"{number:04}.part"
        draft.write_bytes(head + envelope.content)
        draft.rename(draft.with_suffix(".eml"))
        return "250 OK"


def main(port: str, folder: str) -> None:
    """Serve until killed."""
    Controller(Sink(Path(folder)), hostname="127.0.0.1", port=int(port)).start()
    print("ready", flush=True)  # noqa: T201 — whoever started it reads this
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""
A child process that registers statements, tells what was acknowledged, and dies at a write.

Arguments: kind, path, database URL, the write to die at, before or after, how often it lives.
"""

import os
import signal
import sys
from pathlib import Path

from faults.acts import act
from stores.support import Place, Speaker, add_database, set_up_django
from voltrail.register.log import LogKey
from voltrail.trust import signer as signers


class Trap:
    """Kills this process at the n-th time that a write is reached."""

    def __init__(self, wanted: str, lives: int) -> None:
        self._wanted = wanted
        self._lives = lives

    def __call__(self, name: str) -> None:
        if name == self._wanted:
            self._lives -= 1
            if self._lives < 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main(kind: str, path: str, url: str, wanted: str, when: str, lives: str) -> None:
    """Act until death."""
    alias = ""
    if url:
        alias = "default_of_child"
        set_up_django(Path(path))
        add_database(alias, url)
    trap = Trap(wanted, int(lives))
    hooks = {"before": trap} if when == "before" else {"after": trap}
    store, views = Place(kind, Path(path) / "register", alias, url).open(**hooks)
    speaker, key = Speaker(), LogKey("log.example", signers.generate())
    for number in range(50):
        for one in act(store, views, speaker, key, number):
            sys.stdout.write(f"{one.entry.index} {one.verified.digest}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A partner that shows a tile log, honest or not, and a copy in memory."""

from collections.abc import Iterator, Sequence

from voltrail import merkle
from voltrail.errors import UnknownSubjectError
from voltrail.register import note, tile
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.mirror_copy import Partner
from voltrail.register.note import MLDSA_COSIGNATURE
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm

ORIGIN = "partner.example/log"


class Killed(BaseException):
    """Stands for a kill: nobody catches it."""


class Table:
    """A copy in memory; what was written, in order, stands in `puts`."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.puts: list[str] = []
        self.lives = -1  # how many writes until it dies; below 0 it lives

    def get(self, path: str) -> bytes | None:
        return self.files.get(path)

    def has(self, path: str) -> bool:
        return path in self.files

    def put(self, path: str, data: bytes) -> None:
        self._dying()
        self.files[path] = data
        self.puts.append(path)

    def drop(self, path: str) -> None:
        self._dying()
        self.files.pop(path, None)

    def names(self, folder: str) -> Iterator[str]:
        return iter(sorted(path for path in self.files if path.startswith(f"{folder}/")))

    def _dying(self) -> None:
        if self.lives == 0:
            raise Killed
        self.lives -= 1


class Log:
    """A partner's log: its leaves, its keys, and what it shows at each path."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self.leaves = list(leaves)
        self.key, self.second = signer.generate(), signer.generate(Algorithm.MLDSA44)
        self.asked: list[str] = []
        self.lies: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self._note: tuple[int, bytes] = (-1, b"")

    @property
    def vkey(self) -> str:
        return note.vkey(ORIGIN, self.key.public.spki[-32:])

    @property
    def vkeys(self) -> tuple[str, str]:
        raw = self.second.public.spki[-1312:]
        return self.vkey, note.vkey(ORIGIN, raw, MLDSA_COSIGNATURE)

    @property
    def partner(self) -> Partner:
        return Partner(note.parse_vkey(self.vkey))

    def signed(self, leaves: Sequence[bytes], *, dual: bool = False) -> bytes:
        root = merkle.root([merkle.leaf_hash(one) for one in leaves])
        text = Checkpoint(ORIGIN, len(leaves), root).text()
        made = note.sign(text, ORIGIN, self.key.sign, self.key.public.spki[-32:])
        if dual:
            made += note.cosign(text, note.parse_vkey(self.vkeys[1]), 0, self.second.sign)
        return made

    def show(self, path: str, most: int = 1 << 25) -> bytes:
        """What the partner answers."""
        self.asked.append(path)
        if path in self.gone:
            raise UnknownSubjectError(f"{path} does not exist.")
        found = self.lies.get(path) or self._true(path)
        assert len(found) <= most
        return found

    def tree(self) -> merkle.NodeReader:
        return merkle.reader_over([merkle.leaf_hash(one) for one in self.leaves])

    def _true(self, path: str) -> bytes:
        if path == "checkpoint":
            return self.signed(self.leaves)
        level, index, width = tile.parse_path(path)
        start = index * tile.WIDTH
        if level == "entries":
            return tile.bundle(self.leaves[start : start + width])
        node = self.tree()
        return b"".join(node(8 * level, start + at) for at in range(width))


def numbered(count: int, word: str = "leaf") -> list[bytes]:
    return [f"{word} {number}".encode() for number in range(count)]

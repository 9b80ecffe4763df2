"""
Bytes chosen by what they reach: libFuzzer, through atheris, drives one parser and then ends.

    python tests/fuzz/guided.py PARSER [RUNS [FOLDER]]

Tries RUNS inputs on a parser of `parsers.PARSERS`, starting from its seeds. An input that makes
anything escape but the parser's own refusals is written to FOLDER, printed, and ends the run with
another exit code than 0. `make drill` runs it for every parser, through test_guided.py.
"""

import json
import re
import sys
import tempfile
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

with atheris.instrument_imports(include=["voltrail"]):
    from fuzz.parsers import PARSERS, Parser

RUNS = 20_000
MAX_BYTES = 16_384
WORD = re.compile(rb"[A-Za-z0-9_:.+/=-]{2,40}")


def main(name: str, runs: int, findings: Path) -> None:
    """Drive one parser; ends the process."""
    parser = PARSERS[name]
    folder = Path(tempfile.mkdtemp(prefix="voltrail-guided-"))
    known = folder / "known"
    known.mkdir()
    for number, seed in enumerate(parser.seeds):
        (known / f"seed-{number}").write_bytes(seed)
    (folder / "words").write_text(words(parser) or '"\\x01"\n', encoding="ascii")
    limits = [f"-runs={runs}", f"-max_len={MAX_BYTES}", "-timeout=10", "-rss_limit_mb=2048"]
    places = [f"-artifact_prefix={findings}/{name}-", f"-dict={folder / 'words'}", str(known)]
    atheris.Setup([sys.argv[0], "-seed=1", "-verbosity=1", *limits, *places], parser.answers)
    atheris.Fuzz()


def words(parser: Parser) -> str:
    """The words of the seeds, as libFuzzer reads a dictionary."""
    found = {word for seed in parser.seeds for word in WORD.findall(seed)}
    return "".join(f"{json.dumps(word.decode())}\n" for word in sorted(found)[:300])


if __name__ == "__main__":
    given = dict(enumerate(sys.argv))
    main(given[1], int(given.get(2, RUNS)), Path(given.get(3, ".")))

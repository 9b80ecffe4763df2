"""
Write the files a new predicate, control family or reader starts from, and say what comes next.

Knows where each file of a vertical slice lives. Does not know what the new thing means: every text
it writes has gaps to fill, and the tests it writes fail until they are filled.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PREDICATE = '''"""
<One sentence: what this statement says, and who says it.>

Does not know <what it leaves to others>.
"""

from voltrail.ids.subject import LotId
from voltrail.statements.fields import Fact, Instant


class {title}(Fact, frozen=True):
    """<What one of these says.>"""

    lot: LotId
    at: Instant

    @property
    def claim(self) -> str:
        """<What may be said once only.>"""
        return self.lot
'''

CONTROL = '''"""
Controls on {name}: <the question this family answers>.

Each sees one dossier and a time. Does not know the register, files or the clock.
"""
'''

READER = '''"""
Read {name} files into drafts.

Fills only what the file knows. Does not know who imported the file, when, or from where.
"""

from collections.abc import Iterator

from voltrail.errors import MalformedError


def read(data: bytes) -> Iterator[object]:
    """
    Return the drafts in one file.

    Args:
        data: the whole file, as received

    Returns:
        Drafts in the order of the file.

    Raises:
        MalformedError: the bytes are not a {name} file.

    Source: <standard, edition, clause>.
    """
    raise MalformedError("The {name} reader is not written yet.", hint="Write it first.")
    yield
'''

TEST = '''"""<What must be true of {name}, as one sentence.>"""

import importlib


def test_{name}_is_written() -> None:
    text = importlib.import_module("{module}").__doc__ or ""
    assert "<" not in text, "Fill the gaps in the module docstring, then test what it promises."
'''

PAGE = """# {name}

- **Purpose:** <why this exists>
- **Who says it:** <the issuer, and what binds the key to that issuer>
- **Fields:** <name, type, unit, meaning; which are optional and what their absence leads to>
- **Refused when:** <each reason, and the error>
- **Example:** <one whole example>
- **Changes:** v1
"""

NEXT = {
    "predicate": (
        "add one row to KINDS in src/voltrail/statements/kinds.py",
        "fold it in src/voltrail/projections/, or say in the spec page why nothing folds it",
    ),
    "control": (
        "write each control; its docstring has Why, Remedy and Source",
        "add one entry per control in src/voltrail/catalogue/controls/{name}.toml",
        "add the family to the contract `families` in pyproject.toml",
    ),
    "reader": (
        "add a fixture folder with origin notes under tests/readers/",
        "add one line in src/voltrail/readers/registry.py",
    ),
}
ROOM = {"predicate": "statements", "control": "controls", "reader": "readers"}
BODY = {"predicate": PREDICATE, "control": CONTROL, "reader": READER}


def files(kind: str, name: str) -> dict[Path, str]:
    """Return each path of the slice with its first text."""
    room = ROOM[kind]
    words = {
        "name": name,
        "title": "".join(part.capitalize() for part in name.split("_")),
        "module": f"voltrail.{room}.{name}",
    }
    found = {
        ROOT / f"src/voltrail/{room}/{name}.py": BODY[kind],
        ROOT / f"tests/{room}/test_{name}.py": TEST,
        ROOT / f"docs/spec/{name}.md": PAGE,
    }
    if kind == "control":
        found[ROOT / f"src/voltrail/catalogue/controls/{name}.toml"] = "# controls on {name}\n"
    return {path: text.format_map(words) for path, text in found.items()}


def main(arguments: list[str]) -> int:
    """Write the files that are not there yet, print the next steps, return the exit code."""
    kind, name = [*arguments, "", ""][:2]
    if kind not in ROOM or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        print("Give a name of small letters: make new-control NAME=recall", file=sys.stderr)
        return 65
    for path, text in files(kind, name).items():
        place = path.relative_to(ROOT)
        if path.exists():
            print(f"kept     {place}")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"written  {place}")
    print("Next:")
    for number, step in enumerate((*NEXT[kind], "make test, then make check"), 1):
        print(f"  {number}. {step.format(name=name)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

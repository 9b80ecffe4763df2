"""Each package we lean on has its reason in the ADR, its pin, and a permissive licence."""

import re
import tomllib
from importlib import metadata

import pytest

from house.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ADR = (ROOT / "docs/adr/0010-dependencies.md").read_text(encoding="utf-8").lower()
NAME = re.compile(r"^[A-Za-z0-9._-]+")
PERMISSIVE = re.compile(
    r"\b(Apache|MIT|BSD|ISC|PSF|Python Software Foundation|MIT-0|Zlib|0BSD)\b", re.IGNORECASE
)
# What the metadata says of those that are not permissive, or that say nothing there.
EXCEPTIONS = {
    "atheris": "",  # its licence file is Apache-2.0; a tool of ours, shipped to nobody
    "hypothesis": "MPL",  # a tool of ours, neither changed nor shipped
    "psycopg": "LGPL",  # nothing else serves PostgreSQL; used as it is
}
NEVER = re.compile(r"(?<!L)\bA?GPL", re.IGNORECASE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def direct() -> list[str]:
    optional = PROJECT["optional-dependencies"]
    listed = [*PROJECT["dependencies"], *(one for each in optional.values() for one in each)]
    return sorted({canonical(NAME.match(one)[0]) for one in listed if NAME.match(one)})


def pinned() -> set[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonical(line.partition("==")[0]) for line in lines if "==" in line}


def licence(name: str) -> str:
    found = metadata.metadata(name)
    told = [found.get("License-Expression") or "", (found.get("License") or "")[:200]]
    marks = [one for one in found.get_all("Classifier") or [] if one.startswith("License")]
    return " ".join([*told, *marks])


@pytest.mark.parametrize("name", direct())
def test_a_dependency_has_its_reason_and_its_pin(name: str) -> None:
    spoken = {name, name.replace("-", " "), name.removesuffix("-python")}
    assert any(one in ADR for one in spoken), f"docs/adr/0010 gives no reason for {name}"
    assert name in pinned(), f"constraints.txt does not pin {name}"


@pytest.mark.parametrize("name", direct())
def test_a_dependency_is_permissive_or_a_named_exception(name: str) -> None:
    try:
        told = licence(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    if name in EXCEPTIONS:
        assert EXCEPTIONS[name] in told if EXCEPTIONS[name] else not told.strip()
        return
    assert PERMISSIVE.search(told), f"{name}: {told}"
    assert not NEVER.search(told), f"{name}: {told}"

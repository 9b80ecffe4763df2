"""Long things hide faults: every limit of the house stands here; raising one is a reviewed diff."""

from pathlib import Path

from house.source import SRC, arguments, decorators, functions, length, python_files, where

FILE = 400
FUNCTION = 40
CONTROL = 30
PAGE = 15
ARGUMENTS = 6
ROOMY = {"readers/cyclers": 60, "attestation/schemes": 60, "voltrail/cose.py": 60}
BANNED = {"utils", "helpers", "common", "misc", "base", "manager", "core", "shared", "data"}


def limit(file: Path) -> int:
    place = file.relative_to(SRC).as_posix()
    roomy = [most for part, most in ROOMY.items() if part in place]
    return max([FUNCTION, *roomy])


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {where(f): n for f in python_files() if (n := f.read_text().count("\n")) > FILE}
    assert not long, f"Split these files: {long}"


def test_no_function_is_longer_than_its_limit() -> None:
    long = {
        where(file, node): length(node)
        for file in python_files()
        for node in functions(file)
        if length(node) > limit(file)
    }
    assert not long, f"Split these functions: {long}"


def test_no_control_is_longer_than_thirty_lines() -> None:
    long = {
        where(file, node): length(node)
        for file in python_files("voltrail/controls")
        for node in functions(file)
        if "control" in decorators(node) and length(node) > CONTROL
    }
    assert not long, f"A control is one fact; split these: {long}"


def test_no_page_function_is_longer_than_fifteen_lines() -> None:
    long = {
        where(file, node): length(node)
        for file in python_files("voltrail_server/pages")
        for node in functions(file)
        if length(node) > PAGE
    }
    assert not long, f"A page reads, calls one verb and renders; move the rest: {long}"


def test_no_function_takes_more_than_six_arguments() -> None:
    many = {
        where(file, node): len(arguments(node))
        for file in python_files()
        for node in functions(file)
        if len(arguments(node)) > ARGUMENTS
    }
    assert not many, f"Bundle these arguments in a value: {many}"


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [where(f) for f in SRC.rglob("*") if f.stem in BANNED and "locale" not in f.parts]
    assert not vague, f"Name these for what they know: {vague}"

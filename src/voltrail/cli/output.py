"""
How the command line speaks.

Tables for people on stdout, `--json` for programs, progress on stderr, colour only on a terminal;
the last line says what to do next. Exit codes are those of `errors`.
"""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voltrail.errors import ProductError
    from voltrail.register.fsck import Report


def say(line: str) -> None:
    """
    Print one line for a person.

    Args:
        line: the sentence

    Source: look and words, terminal.
    """
    print(line)


def emit(found: Mapping[str, Any]) -> None:
    """
    Print one JSON object for a program.

    Args:
        found: the object

    Source: look and words, terminal.
    """
    print(json.dumps(found, ensure_ascii=False, indent=2))


def complain(error: "ProductError", *, as_json: bool) -> int:
    """
    Print an error and return its exit code.

    Args:
        error: what went wrong
        as_json: whether a program is listening

    Returns:
        The exit code.

    Source: design, section 8.4.
    """
    if as_json:
        emit({"error": type(error).__name__, "sentence": str(error), "hint": error.hint})
    else:
        print(f"{error.title}: {error}", file=sys.stderr)
        if error.hint:
            print(f"  → {error.hint}", file=sys.stderr)
    return error.exit_code


def report_fsck(report: "Report", *, as_json: bool) -> int:
    """
    Print what fsck found and return the exit code.

    Args:
        report: from `register.fsck`
        as_json: whether a program is listening

    Returns:
        0 where the register is sound, else 70.

    Source: design, section 8.4.
    """
    sound = not report.faults
    if as_json:
        emit({"sound": sound, "entries": report.entries, "faults": list(report.faults)})
    else:
        for fault in report.faults:
            say(f"✗ {fault}")
        word = "Sound" if sound else "Corrupt"
        say(f"{word}: {report.entries:,} entries, {report.checkpoints} checkpoints re-checked.")
    return 0 if sound else 70

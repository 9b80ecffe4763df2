"""Claim 16: a passport is judged at half the speed of its schema's validator, or more."""

import json
import os
from functools import partial
from pathlib import Path

import jsonschema_rs
import measure
from measure import Row, spread

from voltrail.readers import json_file, passport, passport_check
from voltrail.readers.foreign import Opened

DATA = Path(os.environ.get("VOLTRAIL_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
MODEL = "traceability/catenax-sldt/io.catenax.battery.battery_pass/6.1.0"
COUNT = 20_000 if measure.FULL else 1_000


def main() -> None:
    folder = DATA / MODEL
    if not folder.exists():
        print("Skipped: the shared data are not here; set VOLTRAIL_SHARED_DATA.")
        return
    schema = json_file.read((folder / "BatteryPass-schema.json").read_bytes()).value
    data = _passport(folder)
    judge = jsonschema_rs.validator_for(_plain(schema))
    opened = json_file.read(data)
    value = _plain(opened.value)

    def validated() -> None:
        for _ in range(COUNT):
            judge.is_valid(value)

    others = [Opened("json", opened.value | {f"more{at}": at}, "") for at in range(COUNT)]
    claim = f"{COUNT:,} passports of {len(data):,} bytes, opened"
    rows = [
        row(
            f"{claim} | jsonschema-rs",
            measure.pairs(validated, partial(checked, [opened] * COUNT)),
            0.5,
        ),
        row(
            f"{claim}, each filled elsewhere | the same",
            measure.pairs(validated, partial(checked, others)),
        ),
    ]
    measure.show("16  Passport check against schema validation", rows)


def checked(files: list[Opened]) -> None:
    for opened in files:
        for draft in passport.FORMAT.read(opened).drafts:
            passport_check.check(draft.said, "industrial")


def row(claim: str, pairs: list[tuple[float, float]], wanted: float = 0.0) -> Row:
    rates = [(COUNT / fast, COUNT / slow) for fast, slow in pairs]
    bound, found = (spread(one[at] for one in rates).text("/s") for at in (0, 1))
    return Row(claim, bound, found, spread(two / one for one, two in rates).middle, wanted)


def _passport(folder: Path) -> bytes:
    """The published example, which is the longest of the model's files that is no schema."""
    found = [one for one in folder.rglob("*.json") if "schema" not in one.name.casefold()]
    return max(found, key=lambda one: one.stat().st_size).read_bytes()


def _plain(value: object) -> object:
    """The value as the validator takes it: numbers as floats, no classes of ours."""
    return json.loads(json.dumps(value, default=float))


if __name__ == "__main__":
    main()

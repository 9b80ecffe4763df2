"""A shape of the API has one name: two of one name would be one in its description."""

import re
from collections import Counter

from house.source import ROOT

_SHAPE = re.compile(r"^class (\w+Out)\((?:Shape|Schema)", re.MULTILINE)


def test_no_two_answers_of_the_api_have_one_name() -> None:
    files = (ROOT / "src" / "voltrail_server" / "api").glob("*.py")
    found = Counter(name for file in files for name in _SHAPE.findall(file.read_text("utf-8")))
    assert [name for name, count in found.items() if count > 1] == []

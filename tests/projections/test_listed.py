"""The serials of a committed table: all at once or row by row, the answer is one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail import table
from voltrail.errors import MalformedError
from voltrail.ids.subject import PART
from voltrail.projections.fold import listed

CELLS = st.sampled_from(["A1", "A2", "B" * 64, "B" * 65, "a b", "\u0405", '"A1"'])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=6)


@given(ROWS, st.sampled_from(["serial", "serial,grade", "grade,serial", "number,grade"]))
def test_a_table_gives_its_serials_or_is_refused(rows: list[list[str]], header: str) -> None:
    data = "\n".join([header, *(",".join(row) for row in rows), ""]).encode()
    names = header.split(",")
    at = names.index("serial") if "serial" in names else 0
    cells = [row[at] if len(row) > at else "" for row in rows]
    if all(re.fullmatch(PART, one) for one in cells):
        assert listed(table.commit(data), data) == tuple(cells)
    else:
        with pytest.raises(MalformedError, match="which is no serial"):
            listed(table.commit(data), data)

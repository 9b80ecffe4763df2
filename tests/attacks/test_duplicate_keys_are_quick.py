import pytest

from voltrail import canonical
from voltrail.errors import MalformedError

MANY = 20_000
KEYS = [f'"{number:x}":0' for number in range(MANY)]


@pytest.mark.parametrize("twice", [0, MANY // 2, MANY - 1], ids=["first", "middle", "last"])
def test_a_key_that_stands_twice_among_twenty_thousand_is_found(twice: int) -> None:
    text = "{" + ",".join([*KEYS, KEYS[twice]]) + "}"
    with pytest.raises(MalformedError, match=f"'{twice:x}'"):
        canonical.parse(text.encode())


def test_twenty_thousand_keys_that_all_stand_twice_are_refused() -> None:
    text = "{" + ",".join(KEYS + KEYS) + "}"
    with pytest.raises(MalformedError):
        canonical.parse(text.encode())

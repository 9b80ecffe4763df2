"""Every kind reads its whole sample, refuses what does not fit, and keeps what it does not know."""

import pytest
from msgspec import structs

from statements.samples import FACTS, body_of, parsed, refused
from voltrail.errors import MalformedError
from voltrail.statements import fields, kinds

LISTS = [
    (name, key) for name in FACTS for key, value in body_of(name).items() if isinstance(value, list)
]
GIVEN = [(name, key) for name in FACTS for key in body_of(name)]
NEEDED = [
    (name, fields.camel(one.name))
    for name, fact in FACTS.items()
    for one in structs.fields(fact)
    if one.required
]


@pytest.mark.parametrize("name", FACTS)
def test_a_whole_statement_is_read_as_it_was_meant(name: str) -> None:
    said = parsed(name, body_of(name))
    assert said.fact == FACTS[name]
    assert kinds.type_of(type(said.fact)) == said.predicate_type


@pytest.mark.parametrize("name", FACTS)
def test_the_sample_gives_every_field(name: str) -> None:
    assert len(body_of(name)) == len(FACTS[name].__struct_fields__)


@pytest.mark.parametrize(("name", "key"), NEEDED)
def test_a_statement_that_lacks_a_required_field_is_refused(name: str, key: str) -> None:
    body = body_of(name)
    del body[key]
    with pytest.raises(MalformedError, match=key):
        parsed(name, body)


@pytest.mark.parametrize(("name", "key"), GIVEN)
def test_a_field_of_the_wrong_form_is_refused(name: str, key: str) -> None:
    assert refused(name, **{key: {"nonsense": True}})


@pytest.mark.parametrize(("name", "key"), LISTS)
def test_a_list_over_a_thousand_rows_is_refused(name: str, key: str) -> None:
    value = body_of(name)[key]
    assert isinstance(value, list)
    assert "more than 1,000 items" in refused(name, **{key: value[:1] * 1_001})


@pytest.mark.parametrize("name", FACTS)
def test_a_field_that_nobody_knows_is_kept_and_changes_nothing(name: str) -> None:
    said = parsed(name, body_of(name) | {"moonPhase": "waxing"})
    assert said.predicate["moonPhase"] == "waxing"
    assert said.fact == FACTS[name]

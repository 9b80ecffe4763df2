"""What all answers of the API share: camelCase names, and the statuses that carry a problem."""

from ninja import Schema
from pydantic import AliasGenerator, ConfigDict
from pydantic.alias_generators import to_camel

FAILURES = frozenset({400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 424, 429, 500})


class Shape(Schema):
    """An answer whose JSON names are camelCase."""

    model_config = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_camel))

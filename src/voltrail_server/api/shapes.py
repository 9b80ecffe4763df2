"""What the shapes of the API share: camelCase names, strict bodies, statuses of problems."""

from ninja import Schema
from pydantic import AliasGenerator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

FAILURES = frozenset({400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 424, 429, 500})


class Shape(Schema):
    """An answer whose JSON names are camelCase."""

    model_config = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_camel))


class Body(BaseModel):
    """What a body of the API holds: what is named and nothing else, in the very types named."""

    model_config = ConfigDict(extra="forbid", strict=True)

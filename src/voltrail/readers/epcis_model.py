"""An EPCIS event and its parts, typed: names of ours, identities and words as the file has them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from voltrail.readers.foreign import Named


class Amount(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """So much of a class: a lot or a model; without a quantity, one or more."""

    of: Named
    quantity: Decimal | None = None
    uom: str = ""


class Paper(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A business transaction: purchase order, despatch advice and the like."""

    number: str
    type: str = ""


class Side(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Who or what stands at the beginning or the end of the way."""

    type: str
    who: Named


class Withdrawal(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The event is declared wrong: when, why, and which events stand in its place."""

    at: datetime
    reason: str = ""
    instead: tuple[str, ...] = ()
    more: dict[str, Any] = {}


class Measured(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One report of a sensor: what was measured, in which unit, and every other field."""

    kind: str = ""
    uom: str = ""
    value: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    mean: Decimal | None = None
    at: datetime | None = None
    more: dict[str, Any] = {}


class Sensed(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What one sensor element reports over a time."""

    reports: tuple[Measured, ...]
    at: datetime | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    device: str = ""
    more: dict[str, Any] = {}


class Event(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """An EPCIS event with all that it says."""

    type: str
    at: datetime
    offset: str
    action: str = ""
    id: str = ""
    recorded: datetime | None = None
    step: str = ""
    disposition: str = ""
    parent: Named | None = None
    items: tuple[Named, ...] = ()
    amounts: tuple[Amount, ...] = ()
    inputs: tuple[Named, ...] = ()
    input_amounts: tuple[Amount, ...] = ()
    outputs: tuple[Named, ...] = ()
    output_amounts: tuple[Amount, ...] = ()
    transformation: str = ""
    read_point: Named | None = None
    location: Named | None = None
    papers: tuple[Paper, ...] = ()
    sources: tuple[Side, ...] = ()
    destinations: tuple[Side, ...] = ()
    set_dispositions: tuple[str, ...] = ()
    unset_dispositions: tuple[str, ...] = ()
    sensors: tuple[Sensed, ...] = ()
    certification: tuple[str, ...] = ()
    withdrawn: Withdrawal | None = None
    ilmd: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

"""Let somebody have said something else about a lot, or later. Does not know why."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from msgspec.structs import replace

from voltrail_world import on_site
from voltrail_world.tale import Tale

Fault = Callable[[Tale], tuple[str, ...]]  # a deed; answers what it also is by the table's letter


def edit(tale: Tale, name: str, **changes: object) -> None:
    """Let somebody have said something else."""
    one = tale.said[name]
    tale.said[name] = replace(one, fact=replace(one.fact, **changes))


def later(tale: Tale, names: Iterable[str], by: timedelta) -> None:
    """Let something have happened, been said and been registered later."""
    for name in names:
        one = tale.said[name]
        edit(tale, name, at=one.fact.at + by)
        said_later(tale, name, by)


def said_later(tale: Tale, name: str, by: timedelta) -> None:
    """Let something have been said and registered later."""
    one = tale.said[name]
    header = replace(one.header, claimed_time=one.header.claimed_time + by)
    ref = replace(one.entry, log_time=one.entry.log_time + by)
    tale.said[name] = replace(one, header=header, entry=ref)


def halves(*numbers: int) -> list[str]:
    """Return the names of both halves of some hand-overs."""
    return [f"{half}{number}" for number in numbers for half in ("given", "taken")]


def rest(tale: Tale, by: timedelta) -> None:
    """Let everything after the last hand-over come later too."""
    came = tale.said["arrival"].fact
    edit(tale, "arrival", received_at=came.received_at + by)
    edit(tale, "inspection", inspected_at=tale.said["inspection"].fact.inspected_at + by)
    later(tale, on_site.names(tale), by)
    for name in ("arrival", "inspection", *(f"installed-{n}" for n in range(on_site.MOVED))):
        if name.startswith("installed"):
            edit(tale, name, installed_at=tale.said[name].fact.installed_at + by)
        said_later(tale, name, by)

"""Who may sign: the persons whose key is in force for a kind of statement, with their names."""

from datetime import datetime

from voltrail.actions import signing
from voltrail_server import wiring
from voltrail_server.people.names import names_of


def able(kind: str, at: datetime) -> list[tuple[str, str]]:
    """Return the persons whose key may sign a kind of statement, and their names, by name."""
    persons = signing.signers(wiring.desk(), kind, at)
    named = names_of(persons)
    found = [(str(one), named.get(one, one.key)) for one in persons]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))

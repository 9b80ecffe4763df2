"""A policy in an uploaded file, and the draft of one to download. Decides nothing about it."""

import json

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.statements import envelope, fields, kinds, statement
from voltrail.statements.policy import PolicyRecord


def read_policy(raw: bytes) -> PolicyRecord:
    """Return the policy in a signed envelope, a statement, or a bare draft; nothing is verified."""
    found = canonical.parse(raw, what="policy file", limit=2 * canonical.MAX_BYTES)
    if "payload" in found:
        fact = statement.parse(envelope.parse(raw).payload).fact
        if not isinstance(fact, PolicyRecord):
            raise MalformedError(
                "The file states something else than a policy.",
                hint=f"Set predicateType to {kinds.uri('policy')}.",
            )
        return fact
    predicate = found.get("predicate", found)
    return fields.read(PolicyRecord, predicate, "The policy")


def draft(policy: PolicyRecord) -> bytes:
    """Return a policy as JSON to edit, sign with two keys and hand in."""
    return json.dumps(fields.write(policy), indent=2, ensure_ascii=False).encode() + b"\n"

"""
Links of in-toto's older form: who did a step, with what, and what came out.

Knows the file, its own spelling of JSON and the keys that are pinned for it. Says nothing on
layouts: whether the step was the right one is our policy's to say.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from voltrail.cose import Algorithm
from voltrail.errors import MalformedError, RefusedError, UnverifiableError
from voltrail.trust.foreign import schemes
from voltrail.trust.foreign.canonical_json import parse
from voltrail.trust.foreign.proven import Proven

FORM = "in-toto link"
MAX_SIGNATURES = 8  # our choice, as in an envelope: ADR 0002
_SCHEMES = {"rsassa-pss-sha256": Algorithm.PS256}
_HINT = "Ask whoever did the step for the link again, unchanged."

Keys = Mapping[str, schemes.Check]


def keys(data: bytes) -> Keys:
    """
    Return the pinned keys in a file.

    Args:
        data: JSON: key id → keytype, scheme, public in PEM

    Returns:
        The check of each key, by the name under which links call it.

    Raises:
        MalformedError: the file is of another form.
        UnverifiableError: a scheme that is not judged here.

    Source: in-toto specification 1.0, section 4.2.
    """
    found: dict[str, schemes.Check] = {}
    for name, row in parse(data, "file of keys").items():
        if not isinstance(row, dict) or not isinstance(row.get("public"), str):
            raise MalformedError("A key has no public part.", hint="Write it as PEM.")
        if row.get("scheme") not in _SCHEMES:
            raise UnverifiableError(
                f"The scheme {str(row.get('scheme'))[:40]!r} is not judged here.",
                hint=f"Use {', '.join(_SCHEMES)}.",
            )
        try:
            key = load_pem_public_key(row["public"].encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            raise MalformedError("A key is none.", hint="Write it as PEM.") from error
        found[name] = schemes.checker(_SCHEMES[row["scheme"]], key)
    return found


def verify(data: bytes, pinned: Keys, product: bytes | None = None) -> Proven:
    """
    Verify that pinned keys signed a link, and that a file is what came out of its step.

    Args:
        data: the link
        pinned: keys that count; a name in the link only says which of them to try
        product: bytes that must be among the products, where given

    Returns:
        What is proven: these keys signed this step's record.

    Raises:
        MalformedError: no link.
        SignatureInvalidError: a pinned key's signature does not hold.
        RefusedError: the file is none of the products.
        UnverifiableError: no pinned key signed it.

    Source: in-toto specification 1.0, sections 4.1 and 4.4.
    """
    whole = parse(data, "link")
    signed, listed = whole.get("signed"), whole.get("signatures")
    if not isinstance(signed, dict) or not isinstance(listed, list):
        raise MalformedError("The file is no signed link.", hint=_HINT)
    if signed.get("_type") != "link" or not isinstance(signed.get("name"), str):
        raise MalformedError("The file records no step.", hint=_HINT)
    covered = spelled(signed).encode()
    names = _signers(listed, covered, pinned)
    products = _digests(signed.get("products"))
    if product is not None and hashlib.sha256(product).hexdigest() not in products.values():
        raise RefusedError("The file is no product of this step.", hint="Give the file unchanged.")
    return Proven(
        form=FORM,
        signer=", ".join(names),
        sha256=hashlib.sha256(covered).hexdigest(),
        said={"step": signed["name"], **{f"product {name}": at for name, at in products.items()}},
    )


def spelled(value: Any) -> str:  # noqa: ANN401 — a JSON value
    """
    Return the spelling over which links are signed.

    Args:
        value: a JSON value without fractions

    Returns:
        Text: sorted keys, and in texts a backslash before quote and backslash alone.

    Raises:
        MalformedError: a fraction.

    Source: OLPC canonical JSON, as in-toto 1.0 section 4.1 names it.
    """
    if isinstance(value, dict):
        rows = (f"{spelled(key)}:{spelled(value[key])}" for key in sorted(value))
        return "{" + ",".join(rows) + "}"
    if isinstance(value, list):
        return "[" + ",".join(spelled(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, float):
        raise MalformedError("A fraction has no place in a link.", hint=_HINT)
    return json.dumps(value)


def _signers(listed: list[Any], covered: bytes, pinned: Keys) -> list[str]:
    if len(listed) > MAX_SIGNATURES:
        raise MalformedError("The link has too many signatures.", hint=_HINT)
    found: dict[str, None] = {}
    for row in listed:
        name = row.get("keyid") if isinstance(row, dict) else None
        if not isinstance(name, str) or not isinstance(row.get("sig"), str):
            raise MalformedError("A signature of the link is none.", hint=_HINT)
        try:
            signature = bytes.fromhex(row["sig"])
        except ValueError as error:
            raise MalformedError("A signature is not hexadecimal.", hint=_HINT) from error
        if name in pinned:
            pinned[name](signature, covered)
            found[name] = None
    if not found:
        raise UnverifiableError("No pinned key signed the link.", hint="Add the key of its maker.")
    return list(found)


def _digests(products: Any) -> dict[str, str]:  # noqa: ANN401 — a JSON value
    if not isinstance(products, dict):
        raise MalformedError("The link lists no products.", hint=_HINT)
    found = {}
    for name, row in products.items():
        if not isinstance(row, dict) or not isinstance(row.get("sha256"), str):
            raise MalformedError("A product has no SHA-256.", hint=_HINT)
        found[name] = row["sha256"]
    return found

"""
Identities of other people's schemes: which scheme a text seems to be of, by its form alone.

No check digit is computed here and nothing is looked up. A text that fits no form is kept as text.
"""

import re

from voltrail.readers.foreign import Named

_LINK = r"https?://[^?#]*/(?:00|01|253|255|402|414|417|8003|8004|8006|8010|8017|8018)/.+"
_UUID = r"(?:urn:uuid:)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
# the first that fits counts; no form holds a group that captures
_FORMS = (
    (r"urn:voltrail:.+", "voltrail"),
    (r"urn:epc:(?:id|class|idpat|tag|raw):.+", "epc"),
    (_LINK, "digital-link"),
    (_UUID, "uuid"),
    (r"BPN[LSA][0-9A-Za-z]{12}", "bpn"),
    (r"did:[a-z0-9]+:.+", "did"),
    (r"https?://.+", "url"),
    (r"urn:.+", "urn"),
    (r"[0-9]{14}", "gtin"),
    (r"[0-9]{13}", "gln"),
    (r"[A-Z0-9]{3}[PMC][A-GZ][A-Z0-9]{19}", "gbt-34014"),
)
_FORM = re.compile("|".join(f"({form})" for form, _ in _FORMS))
_GRAIN = (
    (re.compile(r"/21/"), "item"),
    (re.compile(r"/10/"), "batch"),
    (re.compile(r"/01/"), "model"),
)


def named(text: str) -> Named:
    """
    Return an identity as written, with the scheme its form shows.

    Args:
        text: as the file writes it

    Returns:
        The same text; the scheme is `text` where no form fits.

    Source: GS1 General Specifications 25, EPC Tag Data Standard 2.1; our choice: ADR 0047.
    """
    held = text.strip()
    found = _FORM.fullmatch(held)
    return Named(held, _FORMS[found.lastindex - 1][1] if found and found.lastindex else "text")


def named_as(text: str, scheme: str) -> Named:
    """
    Return an identity whose scheme the file itself names.

    Args:
        text: as the file writes it
        scheme: as the file calls it

    Returns:
        Both, unchanged.

    Source: our choice: ADR 0047.
    """
    return Named(text.strip(), scheme)


def granularity(found: Named) -> str:
    """
    Return whether a Digital Link or EPC names a model, a batch or an item.

    Args:
        found: the identity

    Returns:
        model, batch or item; empty where the scheme does not tell.

    Source: GS1 Digital Link URI syntax 1.4; EPC Tag Data Standard 2.1.
    """
    if found.scheme == "digital-link":
        return next((word for form, word in _GRAIN if form.search(found.text)), "")
    if found.scheme == "epc":
        words = {"idpat:sgtin": "model", "class:lgtin": "batch", "id:sgtin": "item"}
        return words.get(":".join(found.text.split(":")[2:4]), "")
    return ""

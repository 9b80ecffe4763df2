"""
The table of predicate types: type URI → the class that reads it.

Modules are imported when their type is first met, so that small commands stay quick. A type that
is not in the table is recorded in the register but folded into nothing.
"""

from functools import cache
from importlib import import_module

from msgspec import Struct

PREFIX = "urn:voltrail:predicate:"

# short name → (module, class, version)
KINDS: dict[str, tuple[str, str, int]] = {
    "acceptance": ("acceptance", "Acceptance", 1),
    "administration": ("administration", "Administration", 1),
    "appointment": ("appointment", "Appointment", 1),
    "arrival": ("arrival", "Arrival", 1),
    "assembly": ("assembly", "Assembly", 1),
    "attestation": ("attestation", "AttestationResult", 1),
    "authorization": ("channel", "Authorization", 1),
    "certificate": ("certificate", "Certificate", 1),
    "change-decision": ("change_notice", "ChangeDecision", 1),
    "change-notice": ("change_notice", "ChangeNotice", 1),
    "condition": ("condition", "Condition", 1),
    "contract": ("contract", "Contract", 1),
    "correction": ("correction", "Correction", 1),
    "custody": ("custody", "HandOver", 1),
    "decision": ("decision", "DecisionRecord", 1),
    "disclosure": ("channel", "Disclosure", 1),
    "document": ("document", "Document", 1),
    "firmware": ("firmware", "FirmwareRelease", 1),
    "firmware-reading": ("firmware", "FirmwareReading", 1),
    "hold": ("hold", "Hold", 1),
    "hold-lift": ("hold", "HoldLift", 1),
    "incident": ("incident", "Incident", 1),
    "inspection": ("inspection", "Inspection", 1),
    "installation": ("installation", "Installation", 1),
    "intake": ("intake", "Intake", 1),
    "key": ("key", "KeyEvent", 1),
    "lot": ("lot", "LotRecord", 1),
    "movement": ("movement", "Movement", 1),
    "order": ("order", "Order", 1),
    "order-attempt": ("order", "OrderAttempt", 1),
    "party": ("party", "Party", 1),
    "permission": ("permission", "Permission", 1),
    "place": ("place", "Place", 1),
    "policy": ("policy", "PolicyRecord", 1),
    "product": ("product", "Product", 1),
    "qualification": ("qualification", "Qualification", 1),
    "rating": ("rating", "Rating", 1),
    "recall": ("recall", "Recall", 1),
    "recall-answer": ("recall", "RecallAnswer", 1),
    "refusal": ("signal", "Refusal", 1),
    "remark": ("remark", "Remark", 1),
    "retirement": ("retirement", "Retirement", 1),
    "signal": ("signal", "Signal", 1),
    "sign-off": ("sign_off", "SignOff", 1),
    "specification": ("specification", "Specification", 1),
    "stock": ("stock", "Stock", 1),
    "time-proof": ("time_proof", "TimeProof", 1),
    "training": ("training", "Training", 1),
    "unit": ("unit", "UnitRecord", 1),
    "waiver": ("waiver", "Waiver", 1),
}


def uri(name: str) -> str:
    """
    Return the predicate type URI of a short name.

    Args:
        name: a key of `KINDS`

    Returns:
        The URI, version included.

    Raises:
        KeyError: no such kind (a fault in our own code).

    Source: our choice: ADR 0003.
    """
    return f"{PREFIX}{name}:v{KINDS[name][2]}"


@cache
def fact_class(kind: str) -> type[Struct] | None:
    """
    Return the class that reads a predicate type.

    Args:
        kind: predicate type URI

    Returns:
        A `Fact`, or None where the type is unknown here.

    Source: our choice: ADR 0003.
    """
    name, _, version = kind.removeprefix(PREFIX).rpartition(":v")
    if not kind.startswith(PREFIX) or name not in KINDS or version != str(KINDS[name][2]):
        return None
    module, cls, _ = KINDS[name]
    return getattr(import_module(f"voltrail.statements.{module}"), cls)  # type: ignore[no-any-return]


@cache
def type_of(cls: type) -> str:
    """
    Return the predicate type URI that a fact class is stated under.

    Args:
        cls: a predicate's `Fact`

    Returns:
        The URI.

    Raises:
        KeyError: the class is in no row of the table (a fault in our own code).

    Source: our choice: ADR 0003.
    """
    module = cls.__module__.rpartition(".")[2]
    for name, row in KINDS.items():
        if row[:2] == (module, cls.__name__):
            return uri(name)
    raise KeyError(cls)


def short(kind: str) -> str:
    """
    Return the short name of a predicate type, whoever's it is.

    Args:
        kind: predicate type URI

    Returns:
        The part before its version; of `urn:voltrail:predicate:lot:v1` it is `lot`.

    Source: docs/spec/statement.md.
    """
    return kind.rpartition(":v")[0].rpartition(":")[2]

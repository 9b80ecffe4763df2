"""
The words of the Core Business Vocabulary: business steps, dispositions, papers, sides, reasons.

A word comes bare, as a CURIE, as a web address or as a URN; all four are one word here. A word of
somebody else's must be a URI, and is kept as written.
"""

from typing import NamedTuple

STEPS = frozenset(
    [
        "accepting",
        "arriving",
        "assembling",
        "collecting",
        "commissioning",
        "consigning",
        "creating_class_instance",
        "cycle_counting",
        "decommissioning",
        "departing",
        "destroying",
        "disassembling",
        "dispensing",
        "encoding",
        "entering_exiting",
        "holding",
        "inspecting",
        "installing",
        "killing",
        "loading",
        "other",
        "packing",
        "picking",
        "receiving",
        "removing",
        "repackaging",
        "repairing",
        "replacing",
        "reserving",
        "retail_selling",
        "sampling",
        "sensor_reporting",
        "shipping",
        "staging_outbound",
        "stock_taking",
        "stocking",
        "storing",
        "transporting",
        "unloading",
        "unpacking",
        "void_shipping",
    ]
)  # CBV 2.0, section 7.1: 41 words
DISPOSITIONS = frozenset(
    [
        "active",
        "available",
        "completeness_inferred",
        "completeness_verified",
        "conformant",
        "container_closed",
        "container_open",
        "damaged",
        "destroyed",
        "dispensed",
        "disposed",
        "encoded",
        "expired",
        "in_progress",
        "in_transit",
        "inactive",
        "mismatch_class",
        "mismatch_instance",
        "mismatch_quantity",
        "needs_replacement",
        "no_pedigree_match",
        "non_conformant",
        "non_sellable_other",
        "partially_dispensed",
        "recalled",
        "reserved",
        "retail_sold",
        "returned",
        "sellable_accessible",
        "sellable_not_accessible",
        "stolen",
        "unavailable",
        "unknown",
    ]
)  # CBV 2.0, section 7.2: 33 words
PAPERS = frozenset(
    [
        "bol",
        "cert",
        "desadv",
        "inv",
        "pedigree",
        "po",
        "poc",
        "prodorder",
        "recadv",
        "rma",
        "testprd",
        "testres",
        "upevt",
    ]
)  # CBV 2.0, section 7.3
SIDES = frozenset({"owning_party", "possessing_party", "location"})  # CBV 2.0, section 7.4
REASONS = frozenset({"did_not_occur", "incorrect_data"})  # CBV 2.0, section 7.5
_WEB = ("https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/", "cbv:")
_VOCABULARY = ("https://ref.gs1.org/voc/", "https://gs1.org/voc/", "gs1:")


class Words(NamedTuple):
    """A code list: what it is called, how web addresses and URNs begin it, its words."""

    title: str
    web: str
    urn: str
    known: frozenset[str]


STEP = Words("business step", "BizStep-", "urn:epcglobal:cbv:bizstep:", STEPS)
DISPOSITION = Words("disposition", "Disp-", "urn:epcglobal:cbv:disp:", DISPOSITIONS)
PAPER = Words("type of business transaction", "BTT-", "urn:epcglobal:cbv:btt:", PAPERS)
SIDE = Words("type of source or destination", "SDT-", "urn:epcglobal:cbv:sdt:", SIDES)
REASON = Words("reason of a correction", "ER-", "urn:epcglobal:cbv:er:", REASONS)


def bare(text: str, words: Words) -> str:
    """
    Return the bare word of a code list, or the text where it is none of them.

    Args:
        text: bare, CURIE, web address or URN
        words: the list

    Returns:
        For example shipping.

    Source: CBV 2.0, section 7; EPCIS 2.0, section 9.
    """
    starts = (*(begin + words.web for begin in _WEB), words.urn)
    short = next((text[len(one) :] for one in starts if text.startswith(one)), text)
    return short if short in words.known else text


def kind_of_measure(text: str) -> str:
    """
    Return the bare name of a measured property of the GS1 vocabulary, else the text.

    Args:
        text: for example gs1:Temperature

    Returns:
        For example Temperature.

    Source: GS1 Web Vocabulary; CBV 2.0, section 7.6.
    """
    return next((text[len(one) :] for one in _VOCABULARY if text.startswith(one)), text)

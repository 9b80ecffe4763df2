"""
The application identifiers of GS1: number, form and name of each.

A form is made of pieces: N digits, X the 82 characters of GS1, Y the 39 of part numbers, Z those of
base64url; a plain number is an exact length, `..` a greatest one. A dash in a number stands for
any digit, which says where a decimal point stands. Knows forms; no check digit is looked at here.
"""

import re
from functools import cache

from msgspec import Struct

_TABLE = """
00 N18 sscc|01 N14 gtin|02 N14 content|03 N14 madeToOrderGtin|10 X..20 lot|11 N6 produced
12 N6 due|13 N6 packed|15 N6 bestBefore|16 N6 sellBy|17 N6 expires|20 N2 variant|21 X..20 serial
22 X..20 consumerVariant|235 X..28 thirdPartySerial|240 X..30 additionalItem|241 X..30 customerPart
242 N..6 madeToOrder|243 X..20 packaging|250 X..30 secondSerial|251 X..30 source
253 N13X..17 gdti|254 X..20 extension|255 N13N..12 coupon|30 N..8 variableCount|37 N..8 count
31-- N6 measure|32-- N6 measure|33-- N6 measure|34-- N6 measure|35-- N6 measure|36-- N6 measure
390- N..15 amount|391- N3N..15 amount|392- N..15 price|393- N3N..15 price|394- N4 discount
395- N6 price|400 X..30 order|401 X..30 consignment|402 N17 shipment|403 X..30 routing
410 N13 shipTo|411 N13 billTo|412 N13 boughtFrom|413 N13 shipFor|414 N13 place|415 N13 payTo
416 N13 producedAt|417 N13 party|420 X..20 postalCode|421 N3X..9 postalCode|422 N3 origin
423 N3N..12 initialProcessing|424 N3 processing|425 N3N..12 disassembly|426 N3 fullProcessing
427 X..3 originSubdivision|430- X..70 shipping|431- X..70 shipping|432- X..35 shipping
433- X..7 shipping|7001 N13 stockNumber|7002 X..30 meat|7003 N10 expiresAt|7004 N..4 potency
7005 X..12 catchArea|7006 N6 frozen|7007 N6N..6 harvested|7008 X..3 species|7009 X..10 gear
7010 X..2 method|7011 N6N..4 tested|702- X..30 refurbishing|703- N3X..27 processor
7040 N1X3 uicExtension|7041 X..4 packageType|710 X..20 reimbursement|711 X..20 reimbursement
712 X..20 reimbursement|713 X..20 reimbursement|714 X..20 reimbursement|715 X..20 reimbursement
716 X..20 reimbursement|723- X2X..28 certification|7240 X..20 protocol|7241 N2 aidcMedia
7242 X..25 version|8001 N14 rollSize|8002 X..20 mobile|8003 N14X..16 grai|8004 X..30 giai
8005 N6 unitPrice|8006 N14N4 itip|8007 X..34 iban|8008 N8N..4 producedAtTime|8009 X..50 sensor
8010 Y..30 cpid|8011 N..12 cpidSerial|8012 X..20 software|8013 X..25 gmn|8014 X..25 mudi
8017 N18 gsrnProvider|8018 N18 gsrn|8019 N..10 srin|8020 X..25 paymentSlip|8026 N14N4 contentPieces
8030 Z..90 signature|8110 X..70 coupon|8111 N4 points|8112 X..70 coupon|8200 X..70 address
90 X..30 internal|91 X..90 internal|92 X..90 internal|93 X..90 internal|94 X..90 internal
95 X..90 internal|96 X..90 internal|97 X..90 internal|98 X..90 internal|99 X..90 internal
"""  # GS1 General Specifications, 3.2
_SETS = {
    "N": "0-9",
    "X": r"!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z",  # 7.11, table 7.11-1
    "Y": r"#\-/0-9A-Z",  # table 7.11-2
    "Z": r"A-Za-z0-9\-_=",  # table 7.11-3
}
_PIECE = re.compile(r"([NXYZ])(\.\.)?([0-9]+)")
_THREE = frozenset({"23", "24", "25", "40", "41", "42", "71"})
_FOUR = frozenset({"31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"})
# Elements that begin so have a length that every reader knows and need no separator: 7.8.5.
_PREDEFINED = frozenset(
    {"00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"}
    | {"31", "32", "33", "34", "35", "36", "41"}
)


class Form(Struct, frozen=True):
    """How the value of an application identifier is written."""

    name: str
    longest: int
    pattern: re.Pattern[str]
    is_predefined: bool


def form_of(ai: str) -> Form | None:
    """
    Return the form of an application identifier.

    Args:
        ai: two to four digits

    Returns:
        The form, or None where there is no such identifier.

    Source: GS1 General Specifications, 3.2.
    """
    if not (ai.isascii() and ai.isdigit()) or number_in(f"{ai}0000") != ai:
        return None
    table = _forms()
    return table.get(ai) or table.get(f"{ai[:3]}-") or table.get(f"{ai[:2]}--")


def number_in(text: str, at: int = 0) -> str:
    """
    Return the application identifier that stands at a place of an element string.

    Args:
        text: the string
        at: where

    Returns:
        Two to four digits; fewer where the text ends.

    Source: GS1 General Specifications, 7.8.
    """
    two = text[at : at + 2]
    length = 4 if two in _FOUR else 3 if two in _THREE else 2
    return text[at : at + length]


@cache
def _forms() -> dict[str, Form]:
    rows = (one.split() for one in _TABLE.replace("\n", "|").split("|") if one)
    return {ai: _form(ai, form, name) for ai, form, name in rows}


def _form(ai: str, form: str, name: str) -> Form:
    pieces = _PIECE.findall(form)
    longest = sum(int(length) for _, _, length in pieces)
    only = len(pieces) == 1
    pattern = "".join(
        f"[{_SETS[kind]}]{{{f'{int(only)},{length}' if dots else length}}}"
        for kind, dots, length in pieces
    )
    return Form(name, longest, re.compile(pattern), ai[:2] in _PREDEFINED)

"""One whole statement of each kind, every field given, and how to ask whether others are read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids.subject import (
    ArrivalId,
    CaseId,
    DocumentId,
    InstrumentId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.quantities import Quantity, Unit
from voltrail.statements import (
    acceptance,
    administration,
    appointment,
    assembly,
    attestation,
    change_notice,
    condition,
    contract,
    fields,
    incident,
    kinds,
    movement,
    party,
    permission,
    product,
    rating,
    recall,
    remark,
    retirement,
    specification,
    statement,
    time_proof,
    training,
    unit,
    waiver,
)
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Selector
from voltrail.statements.statement import Header
from voltrail.table import Commitment

AT = datetime(2026, 11, 2, 8, 40, tzinfo=UTC)
LATER = AT + timedelta(days=90)
KESTREL, TIDERACE, NORDLICHT = (PartyId.of(name) for name in ("kestrel", "tiderace", "nordlicht"))
RUNA, ANSEL, MERET = (PersonId.of(name) for name in ("p-runa", "p-ansel", "p-meret"))
WORKS, HALL = PlaceId.of("kestrel", "works-north"), PlaceId.of("nordlicht", "hall-7")
RACK = ProductId.of("kestrel", "KR-48")
CELLS, PACKS = LotId.of("kestrel", "KC-2611-A"), LotId.of("kestrel", "KP-2611-A")
PACK, CELL = UnitId.of("kestrel", "P-0001"), UnitId.of("kestrel", "C-000001")
ARRIVAL, CASE = ArrivalId.of("nordlicht", "A-1"), CaseId.of("nordlicht", "C-1")
PAPER = DocumentId.of("nordlicht", "D-1")
ONE, TWO = Digest("1" * 64), Digest("2" * 64)
TABLE = Commitment(("unit", "lot"), 4_096, "3" * 64, "4" * 64)


def amount(value: str, unit: Unit) -> Quantity:
    return Quantity(Decimal(value), unit)


DAYS = amount("90", Unit.d)
SIDE = change_notice.Side("Gauge IC", PartyId.of("voltix"), "VX-40", "B", ONE, WORKS)
FACTS: dict[str, Any] = {
    "acceptance": acceptance.Acceptance(
        "ACC-1",
        acceptance.AcceptanceVerb.INSTALL,
        ARRIVAL,
        HALL,
        AT,
        (RUNA, ANSEL),
        (PACK,),
        (ONE,),
        "both seals whole",
    ),
    "administration": administration.Administration(
        administration.Act.CLOSE_ACCOUNT, (RUNA,), MERET, "She moved to another firm.", "at noon"
    ),
    "appointment": appointment.Appointment(
        "AP-1",
        appointment.AppointmentVerb.APPOINT,
        MERET,
        appointment.Function.QUALITY,
        AT,
        (RUNA, ANSEL),
        "She leads incoming inspection.",
        (HALL,),
        LATER,
        ANSEL,
    ),
    "assembly": assembly.Assembly(
        KESTREL,
        "AS-1",
        assembly.Action.ADD,
        assembly.WholeLevel.PACK,
        AT,
        (
            assembly.Part(lot=CELLS, quantity=amount("16", Unit.items)),
            assembly.Part(CELL, CELLS, amount("1", Unit.items), assembly.Certainty.POSSIBLE),
        ),
        (assembly.Part(PACK, PACKS),),
        WORKS,
        TABLE,
        "R7",
        (
            assembly.BomLine(
                "gauge", "VX-40", "B", PartyId.of("voltix"), amount("1", Unit.items), ONE
            ),
        ),
        TABLE,
    ),
    "attestation": attestation.AttestationResult(
        PACK,
        "01" + "ab" * 32,
        "psa",
        NORDLICHT,
        "voltrail 0.2.0",
        1,
        attestation.AssuranceLevel.AL3,
        attestation.TrustTier.AFFIRMING,
        (
            attestation.Appraisal(
                attestation.TrustClaim.EXECUTABLES,
                attestation.TrustTier.AFFIRMING,
                "the approved image",
            ),
        ),
        ONE,
        AT,
        LATER,
        TWO,
        AT,
        AT,
        (
            attestation.Measurement(
                "main", attestation.HashAlgorithm.SHA384, "c" * 96, "4.2.0", "d" * 64
            ),
        ),
        attestation.Lifecycle.SECURED,
        InstrumentId.of("nordlicht", "gateway-1"),
        (TWO,),
        ONE,
    ),
    "change-notice": change_notice.ChangeNotice(
        KESTREL,
        "PCN-7",
        change_notice.ChangeKind.BOM,
        (RACK,),
        (change_notice.Change("gauge", SIDE, replace(SIDE, revision="C")),),
        LATER,
        "The old part is no longer made.",
        DAYS,
        PAPER,
        PACKS,
        TABLE,
        (ONE,),
    ),
    "change-decision": change_notice.ChangeDecision(
        ONE,
        KESTREL,
        (RACK,),
        change_notice.Answer.REQUALIFY,
        "The gauge measures for the protection.",
        LATER,
        (TWO,),
    ),
    "condition": condition.Condition(
        lot=PACKS,
        leg="sea",
        begins=AT,
        ends=LATER,
        lowest=amount("4", Unit.degC),
        highest=amount("31", Unit.degC),
        readings=TABLE,
        least=amount("-10", Unit.degC),
        most=amount("45", Unit.degC),
        interval=amount("10", Unit.min),
        longest_gap=amount("20", Unit.min),
        charge=amount("30", Unit.percent),
        by_air=True,
    ),
    "contract": contract.Contract(
        PAPER,
        1,
        KESTREL,
        AT,
        ONE,
        "2026.1",
        (
            contract.Clause(
                "CLA-07", 1, contract.ClauseState.WEAKENED, "§ 7.2", "on request only", DAYS
            ),
        ),
        LATER,
        (RACK,),
        ("rack",),
        (contract.NoticeTime(change_notice.ChangeKind.FIRMWARE, DAYS),),
        (
            contract.Escrow(
                ONE,
                "Build tree 4.2",
                PartyId.of("saltmarsh"),
                "insolvency",
                date(2026, 6, 1),
                date(2027, 6, 1),
            ),
        ),
        contract.RecallProcess("recall desk", TWO, date(2026, 6, 1), date(2027, 6, 1)),
    ),
    "incident": incident.Incident(
        CASE,
        incident.IncidentKind.TAMPERING,
        incident.Severity.CRITICAL,
        AT,
        "The seal over the service port was replaced.",
        incident.Progress.CONTAINED,
        HALL,
        AT,
        MERET,
        (PACK,),
        (PACKS,),
        (ARRIVAL,),
        TABLE,
        (incident.Impact.SAFETY, incident.Impact.REPORTABLE),
        (
            incident.CauseEvidence(
                incident.Cause.TAMPERING,
                incident.Weight.SUPPORTS,
                "The seal number is not the one that was given.",
                (ONE,),
            ),
        ),
        (TWO,),
    ),
    "movement": movement.Movement(
        number="M-1",
        holder=NORDLICHT,
        verb=movement.MovementVerb.STORE,
        to=HALL,
        at=AT,
        by=RUNA,
        units=(PACK,),
        unit_table=Commitment(("maker", "serial"), 4_096, "3" * 64, "4" * 64),
        lot=CELLS,
        quantity=40,
        container="urn:epc:id:sscc:952123.0000000001",
        came_from=WORKS,
        contractor=TIDERACE,
        seals_found=("S-1",),
        seals_set=("S-2",),
        seals_missing=True,
        place_seals_found=("S-3",),
        place_seals_set=("S-4",),
        corrects=(ONE,),
        note="The upper shelf.",
    ),
    "permission": permission.Permission(
        number="E-1",
        verb=permission.PermissionVerb.ALLOW,
        place=HALL,
        valid_from=AT,
        allowed_by=MERET,
        people=(RUNA,),
        parties=(TIDERACE,),
        valid_until=LATER,
        reason="They set up the racks.",
    ),
    "party": party.Party(
        PartyId.of("kestrel"),
        "Kestrel Cellworks",
        "SE",
        (party.Role.MANUFACTURER,),
        ("https://id.gs1.org/417/9521234000006", "5493001KJTIIGC8Y1R12"),
    ),
    "product": product.Product(
        ProductId.of("kestrel", "KR-48"),
        PartyId.of("kestrel"),
        "KR-48",
        "rack",
        "LFP",
        product.Attestability.ATTESTABLE,
        amount("280", Unit.A_h),
        amount("51.2", Unit.V),
        "09521234000013",
    ),
    "rating": rating.Rating(
        KESTREL,
        AT,
        LATER,
        4_711,
        "four dimensions, 1",
        (
            rating.Reason(
                rating.Dimension.PERFORMANCE,
                rating.Grade.A,
                "3 of 200 nonconforming.",
                200,
                (ONE,),
                "already the best",
            ),
            rating.Reason(
                rating.Dimension.EVIDENCE, rating.Grade.C, "No reference was checked.", 0
            ),
        ),
        (rating.Effect(1, rating.Testing.TIGHTENED, "III", "confirm with the issuer"),),
        WORKS,
        "rack",
        "direct",
        TABLE,
        ONE,
        (TWO,),
    ),
    "recall": recall.Recall(
        CASE,
        "R-1",
        "Welds can open under load.",
        recall.RecallAction.QUARANTINE,
        AT,
        mock=False,
        selected=(
            recall.Selected(
                Selector(lot=PACKS, serial_from="P-0001", serial_to="P-0400"),
                assembly.Certainty.POSSIBLE,
                "same welding head",
            ),
        ),
        lots=(CELLS,),
        units=(PACK,),
        unit_table=TABLE,
        answer_by=LATER,
        documents=(ONE,),
        suspect=str(CELLS),
        relation="lot",
        started_at=AT,
        since=date(2026, 10, 1),
        until=date(2026, 10, 5),
    ),
    "specification": specification.Specification(
        PAPER,
        3,
        "Rack for data halls",
        AT,
        (
            specification.Line(
                "CAP-1",
                specification.SpecPart.CAPACITY,
                "capacity at C/5 and 25 °C",
                specification.ShownBy.MEASUREMENT,
                amount("280", Unit.A_h),
                amount("300", Unit.A_h),
                "at delivery",
                "IEC 62620",
            ),
        ),
        RACK,
        "rack",
        ONE,
    ),
    "remark": remark.Remark(
        ARRIVAL,
        MERET,
        "The carrier wrote that the seals were whole.",
        (remark.KeptFile("seals.eml", "message/rfc822", 1_204, ONE),),
        (
            remark.Mail(
                ONE, "desk@hafen.example", ("dock@nordlicht.example",), "Seals", AT, "<1@hafen>"
            ),
        ),
    ),
    "retirement": retirement.Retirement(
        number="L-1",
        holder=NORDLICHT,
        how=retirement.Leaving.RETURNED,
        at=AT,
        units=(PACK,),
        lot=PACKS,
        quantity=1,
        where=HALL,
        to=KESTREL,
        by=RUNA,
        evidence=Digest("ab" * 32),
        note="Swollen.",
    ),
    "time-proof": time_proof.TimeProof(
        register="register.nordlicht.example",
        size=120,
        root=Digest("ab" * 32),
        proven_at=AT,
        vouched_by=time_proof.VouchedBy.SERVICE,
        vouchers=("CN=Stamps",),
        checkpoint=Digest("cd" * 32),
        token=Digest("ef" * 32),
    ),
    "training": training.Training(
        MERET, "incoming-inspection", AT, LATER, RUNA, ONE, "passed at the first try"
    ),
    "unit": unit.UnitRecord(
        PACK,
        PACKS,
        unit.Level.PACK,
        "04012345678901",
        "S-0001",
        unit.BoundKey(
            unit.ElementScheme.ED25519,
            "MCowBQYDK2VwAyEAEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8=",
        ),
        ("001PB240000003B3C0221953",),
    ),
    "waiver": waiver.Waiver(
        "W-1",
        "INS-04",
        "The test bench is under repair.",
        "A laboratory tests twice the sample.",
        AT,
        LATER,
        (waiver.Step("Repair the bench.", MERET, LATER),),
        ONE,
        MERET,
        (RUNA, ANSEL),
        OrderId.of("PO-1"),
        ARRIVAL,
        PACKS,
        PACK,
        RACK,
        KESTREL,
        HALL,
    ),
}


def body_of(name: str) -> dict[str, Json]:
    """The JSON of a sample, fresh for each caller to bend."""
    found = canonical.parse(canonical.canonical_bytes(fields.write(FACTS[name])))
    assert isinstance(found, dict)
    return found


def parsed(name: str, body: dict[str, Json], subject: SubjectId = PACKS) -> statement.Statement:
    """The statement of a kind with this predicate, parsed from its bytes."""
    predicate = {"header": fields.write(Header(NORDLICHT, AT)), **body}
    return statement.parse(statement.draft(kinds.uri(name), predicate, (subject,)))


def refused(name: str, /, **changes: Json) -> str:
    """Why a sample with these fields put in is refused."""
    with pytest.raises(MalformedError) as caught:
        parsed(name, body_of(name) | changes)
    assert caught.value.hint
    return str(caught.value)

"""For each operation of the API a call that succeeds in a small world, made when asked for."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from actions.chips import bind
from actions.test_foreign import event
from trust.enrolling import enrol
from voltrail.actions import firm_keys, move, prove, recall, remark, signing, waiver
from voltrail.actions.firm_keys import Bound
from voltrail.actions.keys import Material
from voltrail.actions.record import state
from voltrail.ids.subject import ArrivalId, CaseId, LotId, PartyId, UnitId
from voltrail.labels import element
from voltrail.projections.related import Relation, Suspect
from voltrail.statements.fields import Digest, write
from voltrail.statements.recall import RecallAction
from voltrail.statements.remark import Remark
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header
from voltrail.statements.time_proof import TimeProof, VouchedBy
from voltrail.statements.unit import Level, UnitRecord
from voltrail.statements.waiver import Step, Waiver
from voltrail.trust import signer
from voltrail_server.elements import asking
from voltrail_server.exporting import printing
from voltrail_server.importing import foreign, imports
from voltrail_server.importing.models import Import
from voltrail_server.keyring import ceremony
from voltrail_server.notices import making
from voltrail_server.notices.finding import Found
from voltrail_server.notices.models import Notice
from voltrail_server.people import bindings
from voltrail_server.people.models import Account
from voltrail_server.remarks import remarking
from voltrail_server.saved import filters
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted
from voltrail_server.signing.models import Draft
from voltrail_world.cast import ANSEL, HALL, MERET, NORDLICHT, PACK, RUNA, SUBSTATION, TIDERACE
from world_fixture import NOW, PlayedWorld, signed

Call = dict[str, Any]
Sample = Callable[[PlayedWorld], Call]

WHO = "meret"  # the log-in of a person of the world
BOM = (
    b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,'
    b' "components": [{"type": "device", "name": "bms", "version": "2"}]}'
)
FIRMS = b"number,name,country,roles\nacme,Acme Cells,DE,broker\n"
GROWS = frozenset(
    {
        "place_order",
        "classify_place",
        "withdraw_remark",
        "remove_filter",
        "ask_key",
        "confirm_key",
        "restrict_key",
        "end_key",
        "challenge_element",
        "answer_element",
        "move_goods",
        "undo_move",
        "permit",
        "new_recall",
    }
)
_JSON = {"media_type": "application/json"}
_NUMBERS = count(1)
CHIP = signer.generate()


def prepare(world: PlayedWorld) -> None:
    """Let people log in, and let those sign who are asked for an exception below."""
    bindings.by_hand(Account.objects.create(username=WHO, person=str(MERET)), "quality")
    for who in (RUNA, ANSEL):
        enrol(world, who, "waiver")
        officer = Account.objects.create(username=who.key, person=str(who))
        bindings.by_hand(officer, "security")


def fresh(world: PlayedWorld) -> Any:  # noqa: ANN401 — JSON
    """An envelope that the register has not seen."""
    size = world.desk.entries.size()
    fact = Signal(SignalKind.PACKAGING, f"Pallet {size} was wrapped twice.")
    return json.loads(world.say(fact, NORDLICHT, LotId.of("kestrel", f"S{size}")))


def _arrival(world: PlayedWorld) -> Any:  # noqa: ANN401 — an arrival's row
    return world.desk.views.rows()[0]


def _rehearsal(world: PlayedWorld) -> dict[str, Any]:
    return {
        "about": _arrival(world).lot,
        "by": str(RUNA),
        "reason": "A rehearsal.",
        "mock": True,
        "case": f"R-{next(_NUMBERS)}",
    }


def _rehearsed(world: PlayedWorld) -> Call:
    desk, about = world.desk, _arrival(world).lot
    found = recall.scope(desk, Suspect(about, Relation.LOT))
    case, how = CaseId.of(f"R-{next(_NUMBERS)}"), RecallAction.INSPECT
    notice = recall.Notice(case, "1", "A rehearsal.", how, mock=True, started_at=NOW)
    return {"path_parameters": {"index": recall.issue(desk, found, notice, NOW).index}}


def _order(_: PlayedWorld) -> Call:
    wanted = {
        "order": f"urn:voltrail:order:nordlicht:PO-{900 + next(_NUMBERS)}",
        "product": str(PACK),
        "seller": str(TIDERACE),
        "place": str(SUBSTATION),
        "quantity": 16,
        "channel": "distributor",
    }
    return {"body": wanted, **_JSON}


def _place(_: PlayedWorld) -> Call:
    wanted = {
        "place": f"urn:voltrail:place:nordlicht:hut-{next(_NUMBERS)}",
        "name": "Hut",
        "placeClass": "telecom",
        "impact": "low",
        "leadTime": "low",
        "environment": "controlled",
        "assessedBy": str(MERET),
    }
    return {"body": wanted, **_JSON}


def _bound_unit(world: PlayedWorld) -> Call:
    unit = UnitId.of("kestrel", f"CHIP-{next(_NUMBERS)}")
    bind(world, unit, CHIP)
    return {"body": {"text": str(unit), "purpose": "receipt"}, **_JSON}


def _answered(world: PlayedWorld) -> Call:
    asked = asking.ask(UnitId.read(_bound_unit(world)["body"]["text"]), "look", str(MERET))
    answer = element.answer(element.parse(asking.text_of(asked)), CHIP)
    return {"body": {"answer": answer, "unit": asked.unit}, **_JSON}


def _checkpoints(world: PlayedWorld) -> Call:
    note = prove.checkpoint(world.desk).decode()
    return {"body": {"one": note, "other": note}, **_JSON}


def _drafted(world: PlayedWorld) -> Draft:
    words = ("accept", f"Seen {next(_NUMBERS)} times.")
    payload = signing.draft_sign_off(world.desk, 3, RUNA, words, NOW)
    return drafts.begin(None, payload, "Agree to an entry.", Wanted((RUNA,)))


def _draft(world: PlayedWorld) -> Call:
    return {"path_parameters": {"number": _drafted(world).pk}}


def _signed(world: PlayedWorld) -> Call:
    made = _drafted(world)
    envelope = json.loads(signed(world, bytes(made.payload), RUNA))
    kind = {"media_type": "application/vnd.dsse.envelope+json"}
    return {"path_parameters": {"number": made.pk}, "body": envelope, **kind}


def _exception(world: PlayedWorld) -> Waiver:
    return Waiver(
        number=f"W-{next(_NUMBERS)}",
        control="CUS-01",
        reason="The carrier went out of business.",
        compensating_control="Every carton was weighed.",
        valid_from=NOW,
        valid_until=NOW + timedelta(days=7),
        plan=(Step("Contract another carrier.", MERET, NOW + timedelta(days=1)),),
        snapshot="0" * 64,  # type: ignore[arg-type]  # made by who asks
        requested_by=MERET,
        approved_by=(RUNA, ANSEL),
        arrival=_arrival(world).arrival,
    )


def _ask_exception(world: PlayedWorld) -> Call:
    asked = write(_exception(world))
    return {"body": {name: asked[name] for name in asked if name != "snapshot"}, **_JSON}


def _waiver(world: PlayedWorld) -> Call:
    made = waiver.ask(world.desk, _exception(world), NOW)
    placed = world.hand_in(signed(world, made.payload, RUNA, ANSEL))
    return {"path_parameters": {"index": placed.index}}


def _acceptance(world: PlayedWorld) -> Call:
    both = [str(RUNA), str(MERET)]
    body = {"verb": "accept", "arrival": str(_arrival(world).arrival), "acceptedBy": both}
    return {"body": {**body, "units": []}, **_JSON}


def _remark(world: PlayedWorld, *files: tuple[str, bytes]) -> int:
    about = LotId.read(_arrival(world).lot)
    if files:
        return remarking.note(about, MERET, "Seals whole.", files).index
    noted = Remark(about, MERET, f"Seen {next(_NUMBERS)} times.", (), ())
    return remark.remark(world.desk, noted, NOW).index


def _noting(world: PlayedWorld) -> Call:
    body = {"about": _arrival(world).lot, "by": str(MERET), "text": "Seals whole.", "files": []}
    return {"body": body, **_JSON}


def _file(world: PlayedWorld) -> Call:
    return {"path_parameters": {"index": _remark(world, ("a.txt", b"whole")), "number": 0}}


def _withdrawal(world: PlayedWorld) -> Call:
    body = {"by": str(MERET), "why": "It was another lot."}
    return {"path_parameters": {"index": _remark(world)}, "body": body, **_JSON}


def _imported(_: PlayedWorld) -> Import:
    made = imports.upload(None, "suppliers", "firms.csv", FIRMS)
    imports.choose(made, made.sources, {})
    return made


def _import(world: PlayedWorld) -> Call:
    return {"path_parameters": {"number": str(_imported(world).pk)}}


def _work(world: PlayedWorld) -> Call:
    return {"path_parameters": {"number": str(imports.confirm(None, _imported(world)).pk)}}


def _drawn(world: PlayedWorld) -> Call:
    made = printing.begin(None, ArrivalId.read(_arrival(world).arrival), "a4-65")
    return {"path_parameters": {"number": str(made.pk)}}


def _account() -> Account:
    return Account.objects.get(username=WHO)


def _notice(_: PlayedWorld) -> Call:
    said = f"Goods {next(_NUMBERS)} are held."
    making.tell([Found("alarm", said, "", lambda: said, "/arrivals/", _account().pk)], NOW)
    newest = Notice.objects.filter(account=_account()).latest("pk")
    return {"body": {"person": WHO, "notice": newest.pk}, **_JSON}


def _forgetting(_: PlayedWorld) -> Call:
    kept, _new = filters.save(_account(), "/lots/", "text=a", "Mine")
    return {"path_parameters": {"number": kept.pk}, "query": {"person": WHO}}


def _half() -> dict[str, str]:
    made = signer.generate().public
    spki = base64.b64encode(made.spki).decode()
    firm = f"urn:voltrail:party:new-{next(_NUMBERS)}"
    return {"issuer": firm, "algorithm": str(made.algorithm), "key": made.key_id, "spki": spki}


def _asking_key(_: PlayedWorld) -> Call:
    said = {"by": str(RUNA), "public": _half(), "reason": "Handed over at the fair."}
    return {"body": {**said, "kinds": ["lot"]}, **_JSON}


def _waiting_key(_: PlayedWorld) -> Call:
    half = _half()
    material = Material(half["algorithm"], base64.b64decode(half["spki"]))
    asked = ceremony.Asked(PartyId.read(half["issuer"]), material, Bound(), "Handed over.")
    made = ceremony.ask(Account.objects.get(person=str(RUNA)), asked)
    body = {"by": str(ANSEL)}
    return {"path_parameters": {"number": made.pk}, "body": body, **_JSON}


def _key(world: PlayedWorld) -> str:
    half = _half()
    material = Material(half["algorithm"], base64.b64decode(half["spki"]))
    party = PartyId.read(half["issuer"])
    firm_keys.enrol_firm_key(world.desk, party, material, Bound(), (RUNA, ANSEL), NOW)
    return half["key"]


def _restriction(world: PlayedWorld) -> Call:
    body = {"by": str(RUNA), "reason": "They only carry.", "kinds": ["custody"]}
    return {"path_parameters": {"key": _key(world)}, "body": body, **_JSON}


def _ending(world: PlayedWorld) -> Call:
    body = {"by": str(RUNA), "how": "compromise", "reason": "Their laptop is gone."}
    return {"path_parameters": {"key": _key(world)}, "body": body, **_JSON}


def _proof_of_time(world: PlayedWorld) -> Call:
    desk = world.desk
    size, note = desk.entries.size(), prove.own_checkpoint(desk)
    fact = TimeProof(
        register=desk.log.origin,
        size=size,
        root=Digest(desk.entries.frontier().root().hex()),
        proven_at=NOW,
        vouched_by=VouchedBy.SERVICE,
        vouchers=("CN=Stamps",),
        checkpoint=Digest(desk.blobs.put(note)),
        token=Digest(desk.blobs.put(b"a token")),
    )
    made = state(desk, fact, Header(desk.operator, NOW), desk.operator)
    return {"path_parameters": {"index": 3, "by": made.index}}


def _move(world: PlayedWorld) -> Call:
    row = _arrival(world)
    lot = LotId.read(row.lot)
    serial = f"MOVED-{next(_NUMBERS)}"
    unit = UnitId.of(lot.parts[0], serial)
    said = UnitRecord(unit, lot, Level.PACK)
    state(world.desk, said, Header(world.desk.operator, NOW), unit)
    body = {"verb": "receive", "to": str(SUBSTATION), "by": str(MERET), "units": [str(unit)]}
    return {"body": body, **_JSON}


def _undoing(world: PlayedWorld) -> Call:
    wanted = move.read(json.dumps(_move(world)["body"]).encode())
    made = move.move(world.desk, wanted, NOW)
    body = {"by": str(MERET), "why": "It was another place."}
    return {"path_parameters": {"index": made.placed.index}, "body": body, **_JSON}


def _permission(_: PlayedWorld) -> Call:
    body = {"allowedBy": str(RUNA), "people": [str(MERET)], "number": f"E-{next(_NUMBERS)}"}
    return {"path_parameters": {"key": str(HALL)}, "body": body, **_JSON}


# route function → what makes its call ready
SAMPLES: dict[str, Sample] = {
    "proof": lambda _: {"path_parameters": {"index": 3}},
    "trace": lambda _: {"query": {"about": "urn:voltrail:lot:kestrel:L26-701"}},
    "contradictions": lambda world: {"query": {"about": str(_arrival(world).arrival)}},
    "times": lambda _: {"path_parameters": {"index": 3}},
    "time_receipt": _proof_of_time,
    "time_token": _proof_of_time,
    "timestamp_services": lambda _: {},
    "receipt": lambda _: {"path_parameters": {"index": 3}},
    "checkpoint": lambda _: {},
    "witnesses": lambda _: {},
    "compare_checkpoints": _checkpoints,
    "consistency": lambda world: {"query": {"old": 2, "new": world.desk.entries.size()}},
    "tile": lambda _: {"path_parameters": {"path": "entries/000.p/5"}},
    "hand_in": lambda world: {"body": fresh(world), **_JSON},
    "hand_in_many": lambda world: {"body": [fresh(world), {}, None], **_JSON},
    "store_blob": lambda _: {"body": b"%PDF", "media_type": "application/octet-stream"},
    "envelope": lambda _: {"path_parameters": {"index": 3}},
    "statement_pack": lambda _: {"path_parameters": {"index": 3}},
    "drafts_waiting": lambda _: {},
    "draft": _draft,
    "draft_payload": _draft,
    "add_signatures": _signed,
    "may_order": _order,
    "place_order": _order,
    "attempts": lambda _: {},
    "check_place": _place,
    "classify_place": _place,
    "find": lambda world: {"query": {"q": _arrival(world).lot}},
    "playbook": lambda world: {"path_parameters": {"key": _arrival(world).arrival}},
    "may_act": lambda _: {"query": {"act": "hold-place", "person": WHO}},
    "people": lambda _: {},
    "arrivals": lambda world: {
        "query": {"place": _arrival(world).place, "tier": _arrival(world).tier}
    },
    "decision": lambda world: {"path_parameters": {"key": _arrival(world).arrival}},
    "subject": lambda world: {"path_parameters": {"urn": _arrival(world).lot}},
    "may_install": lambda _: {"path_parameters": {"urn": "kestrel:never-seen"}},
    "ask_acceptance": _acceptance,
    "waivers": lambda _: {"query": {"state": "in-force"}},
    "waiver": _waiver,
    "ask_waiver": _ask_exception,
    "work": _work,
    "upload": lambda _: {
        "query": {"kind": "suppliers", "name": "firms.csv"},
        "body": FIRMS,
        "media_type": "application/octet-stream",
    },
    "look_at_foreign": lambda _: {
        "query": {"form": ""},
        "body": BOM,
        "media_type": "application/octet-stream",
    },
    "keep_foreign": lambda _: {
        "path_parameters": {"digest": foreign.upload(BOM).digest},
        "query": {"sender": "urn:voltrail:party:kestrel"},
    },
    "one_import": _import,
    "confirm": _import,
    "read_label": lambda _: {"body": {"text": "K-NEVER", "seal": "S-1"}, **_JSON},
    "challenge_element": _bound_unit,
    "answer_element": _answered,
    "passports": lambda _: {"query": {"about": "urn:voltrail:lot:kestrel:L26-701"}},
    "capture": lambda _: {"body": event("S701001"), "media_type": "application/json"},
    "capture_job": lambda _: {
        "path_parameters": {
            "number": str(foreign.begin(None, foreign.upload(BOM).digest, "", NORDLICHT).pk)
        }
    },
    "epc_events": lambda _: {
        "path_parameters": {"epc": "urn:voltrail:lot:kestrel:L26-701"},
        "query": {"perPage": 2},
    },
    "move_goods": _move,
    "undo_move": _undoing,
    "whereabouts_of": lambda _: {"path_parameters": {"urn": "kestrel:never-seen"}},
    "lot_units": lambda world: {"path_parameters": {"key": _arrival(world).lot}},
    "permissions": lambda _: {"path_parameters": {"key": str(HALL)}},
    "permit": _permission,
    "compare_serials": lambda world: {"path_parameters": {"key": _arrival(world).arrival}},
    "provenance": lambda _: {"path_parameters": {"urn": "kestrel:S701001"}},
    "unit_label": lambda _: {"path_parameters": {"urn": "kestrel:K1"}},
    "arrival_labels": lambda world: {"path_parameters": {"key": _arrival(world).arrival}},
    "print_labels": lambda world: {"path_parameters": {"key": _arrival(world).arrival}},
    "work_file": _drawn,
    "keys": lambda _: {"query": {"party": str(TIDERACE)}},
    "ask_key": _asking_key,
    "confirm_key": _waiting_key,
    "key_doubt": lambda world: {
        "path_parameters": {"key": _key(world)},
        "query": {"how": "compromise"},
    },
    "restrict_key": _restriction,
    "end_key": _ending,
    "statement_worth": lambda _: {"path_parameters": {"index": 3}},
    "recall_scope": lambda world: {"query": {"about": _arrival(world).lot}},
    "recall": _rehearsed,
    "recall_answers": _rehearsed,
    "new_recall": lambda world: {"body": _rehearsal(world), **_JSON},
    "remarks": lambda world: {"query": {"about": _arrival(world).lot}},
    "note_remark": _noting,
    "withdraw_remark": _withdrawal,
    "remark_file": _file,
    "notices": lambda _: {"query": {"person": WHO, "show": "unread"}},
    "read_notices": _notice,
    "notice_settings": lambda _: {"query": {"person": WHO}},
    "choose_notices": lambda _: {
        "body": {"person": WHO, "hour": 6, "mail": {"duty": "now"}, "shown": {"work": False}},
        **_JSON,
    },
    "saved_filters": lambda _: {"query": {"person": WHO, "path": "/lots/"}},
    "save_filter": lambda _: {
        "body": {"person": WHO, "path": "/lots/", "query": "text=b", "name": "Other"},
        **_JSON,
    },
    "remove_filter": _forgetting,
}

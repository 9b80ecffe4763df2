import base64

import pytest
from msgspec.structs import replace

from statements.samples import FACTS
from trust.enrolling import enrol, world_with
from voltrail.errors import IssuerNotTrustedError, LapsedError, ProductError, SignatureInvalidError
from voltrail.ids.subject import ArrivalId, PersonId, SubjectId
from voltrail.statements import envelope as envelopes
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.envelope import Signature
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.statement import Header
from voltrail.statements.waiver import Waiver
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.entitlement import entitle
from voltrail.trust.verify import verify
from voltrail_world.cast import ANSEL, BEGINS, MERET, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld

WAIVER: Waiver = FACTS["waiver"]  # asked for by Meret, approved by Runa and Ansel
ARRIVAL = ArrivalId.of("nordlicht", "A-1")


def prepared() -> PlayedWorld:
    return world_with("waiver", RUNA, ANSEL, MERET)


def refused(
    seen: PlayedWorld, raw: bytes, error: type[ProductError] = IssuerNotTrustedError
) -> None:
    size = seen.desk.entries.size()
    with pytest.raises(error) as caught:
        seen.hand_in(raw)
    assert seen.since(size) == []
    assert caught.value.hint


def said(seen: PlayedWorld, fact: Waiver, issuer: SubjectId, *by: SubjectId) -> bytes:
    return seen.say(fact, issuer, ARRIVAL, by=by)


def payload_of(fact: Waiver, issuer: SubjectId) -> bytes:
    return statements.compose(fact, Header(issuer, NOW), ARRIVAL)


def test_one_person_alone_waives_nothing() -> None:
    seen = prepared()
    refused(seen, said(seen, WAIVER, RUNA))


@pytest.mark.parametrize("named", [(), (RUNA,), (RUNA, RUNA)])
def test_one_person_who_names_only_herself_waives_nothing(named: tuple[PersonId, ...]) -> None:
    seen = prepared()
    refused(seen, said(seen, replace(WAIVER, approved_by=named), RUNA))


def test_one_person_with_two_keys_is_one_person() -> None:
    seen, second = prepared(), signer.generate()
    enrol(seen, RUNA, "waiver", second)
    both = seen.world.keys[RUNA], second
    for named in ((RUNA, ANSEL), (RUNA, RUNA), (RUNA,)):
        fact = replace(WAIVER, approved_by=named)
        refused(seen, signer.sealed(payload_of(fact, RUNA), *both).raw)


def test_one_key_is_never_enrolled_for_two_persons() -> None:
    seen = prepared()
    public = seen.world.keys[RUNA].public
    event = KeyEvent(
        KeyVerb.ENROL,
        Digest(public.key_id),
        ANSEL,
        public.algorithm,
        base64.b64encode(public.spki).decode(),
        BEGINS,
        (kinds.uri("waiver"),),
    )
    refused(seen, seen.say(event, NORDLICHT, ANSEL))


def test_one_key_under_two_signatures_is_one_person() -> None:
    seen = prepared()
    own = seen.world.keys[RUNA]
    refused(seen, signer.sealed(payload_of(WAIVER, RUNA), own, own).raw)


def test_a_second_signature_under_anothers_name_is_refused() -> None:
    seen = prepared()
    payload, own = payload_of(WAIVER, RUNA), seen.world.keys[RUNA]
    signed = envelopes.pae(envelopes.PAYLOAD_TYPE, payload)
    mine = Signature(own.public.key_id, own.sign(signed))
    forged = Signature(seen.world.keys[ANSEL].public.key_id, own.sign(signed))
    refused(seen, envelopes.build(payload, (mine, forged)).raw, SignatureInvalidError)


def test_one_key_pinned_for_two_persons_is_one_person() -> None:
    own, kind = signer.generate(), frozenset({kinds.uri("waiver")})
    anchors = Anchors(tuple(Anchor(own.public, who, BEGINS, None, kind) for who in (RUNA, ANSEL)))
    sealed = signer.sealed(payload_of(WAIVER, RUNA), own)
    with pytest.raises(IssuerNotTrustedError):
        entitle(verify(sealed, anchors, NOW), NORDLICHT, anchors, NOW)


def test_whoever_asked_for_a_waiver_does_not_approve_it() -> None:
    seen = prepared()
    asked = replace(WAIVER, requested_by=RUNA)
    refused(seen, said(seen, asked, RUNA, RUNA, ANSEL))
    refused(seen, said(seen, asked, ANSEL, RUNA, ANSEL))


def test_the_operators_server_cannot_stand_in_for_the_second_person() -> None:
    seen = prepared()
    refused(seen, said(seen, WAIVER, RUNA, RUNA, NORDLICHT))


def test_a_person_who_signed_but_is_not_named_does_not_count() -> None:
    seen = prepared()
    refused(seen, said(seen, WAIVER, RUNA, RUNA, MERET))


def test_a_third_signature_of_somebody_not_named_spoils_the_waiver() -> None:
    seen = prepared()
    refused(seen, said(seen, WAIVER, RUNA, RUNA, ANSEL, MERET))


def test_a_person_enrolled_for_policies_only_approves_no_waiver() -> None:
    seen = world_with("waiver", RUNA)
    refused(seen, said(seen, WAIVER, RUNA, RUNA, ANSEL))


def test_approving_a_narrow_waiver_is_not_approving_a_wide_one() -> None:
    seen = prepared()
    honest = envelopes.parse(said(seen, WAIVER, RUNA, RUNA, ANSEL))
    wide = payload_of(replace(WAIVER, arrival=None, lot=None, unit=None), RUNA)
    own = seen.world.keys[RUNA]
    mine = Signature(own.public.key_id, own.sign(envelopes.pae(envelopes.PAYLOAD_TYPE, wide)))
    stolen = next(one for one in honest.signatures if one.keyid != own.public.key_id)
    refused(seen, envelopes.build(wide, (mine, stolen)).raw, SignatureInvalidError)


@pytest.mark.parametrize("verb", [KeyVerb.SUPERSEDE, KeyVerb.CEASE, KeyVerb.COMPROMISE])
def test_a_second_person_whose_key_has_ended_waives_nothing(verb: KeyVerb) -> None:
    seen = prepared()
    public = seen.world.keys[ANSEL].public
    spki = base64.b64encode(public.spki).decode()
    end = KeyEvent(verb, Digest(public.key_id), ANSEL, public.algorithm, spki, BEGINS)
    seen.hand_in(seen.say(end, NORDLICHT, ANSEL))
    size = seen.desk.entries.size()
    with pytest.raises((IssuerNotTrustedError, LapsedError)):
        seen.hand_in(said(seen, WAIVER, RUNA, RUNA, ANSEL))
    assert "waiver" not in seen.since(size)


def test_two_persons_who_sign_the_same_bytes_are_heard() -> None:
    seen = prepared()
    kept = replace(WAIVER, snapshot=Digest(seen.desk.blobs.put(b"what both had before them")))
    assert seen.hand_in(said(seen, kept, RUNA, RUNA, ANSEL)).fresh

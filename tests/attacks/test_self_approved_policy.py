import base64

import pytest
from msgspec.structs import replace

from voltrail.errors import (
    IssuerNotTrustedError,
    MalformedError,
    ProductError,
    SignatureInvalidError,
)
from voltrail.ids.subject import SubjectId
from voltrail.statements import envelope as envelopes
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.envelope import Signature
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail_world.cast import ANSEL, BEGINS, MERET, NORDLICHT, RUNA
from voltrail_world.story import policy
from world_fixture import NOW, PlayedWorld, fresh_world

LAX = replace(policy(), title="Everything passes", rules=policy().rules[:1])


def refused(
    seen: PlayedWorld, raw: bytes, error: type[ProductError] = IssuerNotTrustedError
) -> None:
    size = seen.desk.entries.size()
    with pytest.raises(error):
        seen.hand_in(raw)
    assert seen.since(size) == []


def payload_of(fact: object, issuer: SubjectId) -> bytes:
    return statements.compose(fact, Header(issuer, NOW), NORDLICHT)


def test_one_person_alone_approves_nothing() -> None:
    seen = fresh_world()
    refused(seen, seen.say(LAX, RUNA, NORDLICHT))


def test_one_person_who_names_only_herself_approves_nothing() -> None:
    seen = fresh_world()
    refused(seen, seen.say(replace(LAX, approved_by=(RUNA,)), RUNA, NORDLICHT))


def test_one_person_with_two_keys_is_one_person() -> None:
    seen, second = fresh_world(), signer.generate()
    event = KeyEvent(
        KeyVerb.ENROL,
        Digest(second.public.key_id),
        RUNA,
        second.public.algorithm,
        base64.b64encode(second.public.spki).decode(),
        BEGINS,
        (kinds.uri("policy"),),
    )
    seen.hand_in(seen.say(event, NORDLICHT, RUNA))
    raw = signer.sealed(payload_of(LAX, RUNA), seen.world.keys[RUNA], second).raw
    refused(seen, raw)


def test_one_key_under_two_signatures_is_one_key() -> None:
    seen = fresh_world()
    own = seen.world.keys[RUNA]
    refused(seen, signer.sealed(payload_of(LAX, RUNA), own, own).raw)


def test_one_signature_standing_twice_is_no_envelope() -> None:
    seen = fresh_world()
    own = seen.world.keys[ANSEL]
    refused(seen, signer.sealed(payload_of(LAX, ANSEL), own, own).raw, MalformedError)


def test_the_operators_server_cannot_stand_in_for_the_second_person() -> None:
    seen = fresh_world()
    refused(seen, seen.say(LAX, RUNA, NORDLICHT, by=(RUNA, NORDLICHT)))


def test_a_person_who_signed_but_is_not_named_does_not_count() -> None:
    seen = fresh_world()
    refused(seen, seen.say(LAX, RUNA, NORDLICHT, by=(RUNA, MERET)))


def test_a_borrowed_signature_over_other_bytes_is_refused() -> None:
    seen = fresh_world()
    honest = envelopes.parse(seen.say(policy(), RUNA, NORDLICHT, by=(RUNA, ANSEL)))
    payload = payload_of(LAX, RUNA)
    own = seen.world.keys[RUNA]
    mine = Signature(own.public.key_id, own.sign(envelopes.pae(envelopes.PAYLOAD_TYPE, payload)))
    forged = envelopes.build(payload, (mine, honest.signatures[1]))
    size = seen.desk.entries.size()
    with pytest.raises(SignatureInvalidError):
        seen.hand_in(forged.raw)
    assert seen.since(size) == []


def test_two_people_who_sign_the_same_bytes_are_heard() -> None:
    seen = fresh_world()
    placed = seen.hand_in(seen.say(LAX, RUNA, NORDLICHT, by=(RUNA, ANSEL)))
    assert placed.fresh

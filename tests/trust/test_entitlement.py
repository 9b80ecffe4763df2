"""What the register takes about keys: consistent, nobody else's, and only ends what was begun."""

import base64
from datetime import timedelta

import pytest
from msgspec.structs import replace

from voltrail.errors import IssuerNotTrustedError, LapsedError, MalformedError, ProductError
from voltrail.ids.subject import SubjectId
from voltrail.statements import envelope as envelopes
from voltrail.statements import kinds
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.trust import keys, signer
from voltrail.trust.entitlement import entitle
from voltrail.trust.keys import Algorithm, PublicKey
from voltrail.trust.verify import verify
from voltrail_world.cast import ANSEL, BEGINS, KESTREL, NORDLICHT, RUNA, TIDERACE
from voltrail_world.story import policy
from world_fixture import NOW, PlayedWorld, fresh_world

SITE = "register.nordlicht.example"


def event(key: PublicKey, issuer: SubjectId, verb: KeyVerb = KeyVerb.ENROL) -> KeyEvent:
    return KeyEvent(
        verb,
        Digest(key.key_id),
        issuer,
        key.algorithm,
        base64.b64encode(key.spki).decode(),
        BEGINS,
        (kinds.uri("sign-off"),),
        relying_party=key.relying_party or None,
    )


def refused(seen: PlayedWorld, fact: KeyEvent, error: type[ProductError]) -> str:
    size, before = seen.desk.entries.size(), seen.desk.anchors()
    with pytest.raises(error) as caught:
        seen.hand_in(seen.say(fact, NORDLICHT, fact.issuer))
    assert seen.desk.entries.size() == size
    assert seen.desk.anchors() == before
    assert caught.value.hint
    return str(caught.value)


NEW_SIGNER = signer.generate()
NEW = NEW_SIGNER.public
BROKEN = {
    "no base64": {"spki": "***"},
    "no key": {"spki": base64.b64encode(b"no key").decode()},
    "another key's digest": {"key": Digest("a" * 64)},
    "another scheme": {"algorithm": Algorithm.P256},
    "no scheme": {"algorithm": "rot13"},
    "a passkey of no site": {"algorithm": Algorithm.WEBAUTHN_ED25519},
    "a site without a passkey": {"relying_party": SITE},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("verb", KeyVerb)
def test_a_key_statement_that_contradicts_itself_is_not_admitted(
    change: dict[str, str], verb: KeyVerb
) -> None:
    refused(fresh_world(), replace(event(NEW, KESTREL, verb), **change), MalformedError)


def test_one_authenticator_never_serves_two_people() -> None:
    seen = fresh_world()
    said = refused(seen, event(seen.world.keys[ANSEL].public, RUNA), IssuerNotTrustedError)
    assert "another person" in said


def test_one_authenticator_never_serves_two_people_under_another_scheme_either() -> None:
    seen = fresh_world()
    passkey = keys.parse(Algorithm.WEBAUTHN_ED25519, seen.world.keys[ANSEL].public.spki, SITE)
    refused(seen, event(passkey, RUNA), IssuerNotTrustedError)


def test_the_key_a_person_gave_up_does_not_pass_to_another() -> None:
    seen = fresh_world()
    own = seen.world.keys[ANSEL].public
    seen.hand_in(seen.say(event(own, ANSEL, KeyVerb.CEASE), NORDLICHT, ANSEL))
    refused(seen, event(own, RUNA), IssuerNotTrustedError)


def test_a_person_gets_a_second_key_or_a_wider_binding_of_the_same() -> None:
    seen = fresh_world()
    for key in (NEW, seen.world.keys[RUNA].public):
        assert seen.hand_in(seen.say(event(key, RUNA), NORDLICHT, RUNA)).fresh


@pytest.mark.parametrize("verb", [KeyVerb.SUPERSEDE, KeyVerb.CEASE, KeyVerb.COMPROMISE])
def test_nobody_ends_a_key_that_was_never_enrolled(verb: KeyVerb) -> None:
    refused(fresh_world(), event(NEW, KESTREL, verb), IssuerNotTrustedError)


@pytest.mark.parametrize("verb", [KeyVerb.SUPERSEDE, KeyVerb.CEASE, KeyVerb.COMPROMISE])
def test_a_key_is_ended_under_its_holders_name_only(verb: KeyVerb) -> None:
    seen = fresh_world()
    own = seen.world.keys[KESTREL].public
    refused(seen, event(own, TIDERACE, verb), IssuerNotTrustedError)
    assert seen.hand_in(seen.say(event(own, KESTREL, verb), NORDLICHT, KESTREL)).fresh


def test_a_firm_enrols_no_key_not_even_its_own() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(seen.say(event(NEW, KESTREL), KESTREL, KESTREL))
    assert "key" not in seen.since(size)


@pytest.mark.parametrize("verb", [KeyVerb.SUPERSEDE, KeyVerb.CEASE, KeyVerb.COMPROMISE])
def test_a_second_person_whose_key_has_ended_approves_nothing(verb: KeyVerb) -> None:
    seen = fresh_world()
    own = seen.world.keys[ANSEL].public
    seen.hand_in(seen.say(event(own, ANSEL, verb), NORDLICHT, ANSEL))
    size = seen.desk.entries.size()
    lax = replace(policy(), title="Everything passes", rules=policy().rules[:1])
    with pytest.raises((IssuerNotTrustedError, LapsedError)):
        seen.hand_in(seen.say(lax, RUNA, NORDLICHT, by=(RUNA, ANSEL)), NOW + timedelta(minutes=1))
    assert "policy" not in seen.since(size)


def test_a_second_person_is_judged_at_log_time_where_it_is_given() -> None:
    seen = fresh_world()
    short = replace(event(NEW, ANSEL), predicate_types=(kinds.uri("policy"),), valid_until=NOW)
    seen.hand_in(seen.say(short, NORDLICHT, ANSEL), NOW - timedelta(minutes=2))
    known = replace_key(seen, NEW_SIGNER)
    made = envelopes.parse(known.say(policy(), RUNA, NORDLICHT, by=(RUNA, ANSEL)))
    anchors = seen.desk.anchors()
    verified = verify(made, anchors, NOW)
    entitle(verified, NORDLICHT, anchors, NOW - timedelta(seconds=30))
    with pytest.raises(IssuerNotTrustedError):
        entitle(verified, NORDLICHT, anchors, NOW)


def replace_key(seen: PlayedWorld, key: signer.LocalSigner) -> PlayedWorld:
    """The same world, where the second person signs with another key."""
    return replace(seen, world=replace(seen.world, keys={**seen.world.keys, ANSEL: key}))

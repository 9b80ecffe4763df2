"""
Passkeys on their way into the register: added by their owner, confirmed by somebody else.

Asks the kernel whether a key is held and may be enrolled; the operator's key states it at the end.
Does not know what a passkey will sign.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from voltrail.actions import keys
from voltrail.actions.keys import Material
from voltrail.errors import (
    MalformedError,
    NotPermittedError,
    StaleEvidenceError,
    UnknownSubjectError,
)
from voltrail.ids.subject import PersonId
from voltrail_server import wiring
from voltrail_server.people import functions, origin
from voltrail_server.people.may import CONFIRMS
from voltrail_server.people.models import Account, Passkey
from voltrail_server.people.origin import Site

MOST = 10  # [passkeys] one account may hold or wait for
# COSE algorithm → scheme in the register: RFC 9053, 2.1 and 2.2
SCHEMES = {"-7": "webauthn-es256", "-8": "webauthn-ed25519"}
_NONCE = 32  # [bytes] of chance
_MAX_SPKI = 4_096  # [characters]
_MAX_CREDENTIAL = 1_400  # [characters] 1023 bytes: WebAuthn level 2, 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser sends of a new passkey: key, credential and proof, and what to call it."""

    material: Material
    credential: str
    assertion: bytes
    label: str


def nonce() -> str:
    """Return fresh chance for one proof of possession."""
    return secrets.token_urlsafe(_NONCE)


def person_of(account: Account) -> PersonId:
    """Return the person an account speaks for."""
    if not account.person:
        raise NotPermittedError(
            "Your account speaks for no person, so it can sign nothing.",
            hint="Ask an administrator for one: voltrail account add NAME --person PERSON.",
        )
    return PersonId.read(account.person)


def read(form: Mapping[str, str], site: Site) -> Answer:
    """Return what the browser sent of a new passkey."""
    spki, credential = form.get("spki", ""), form.get("credential", "")
    scheme = SCHEMES.get(form.get("algorithm", ""))
    if scheme is None or not spki or len(spki) > _MAX_SPKI:
        raise MalformedError(
            "The authenticator gave no key of a kind used here.",
            hint="Use one that makes ES256 or EdDSA keys; nearly all do.",
        )
    if not 0 < len(credential) <= _MAX_CREDENTIAL:
        raise MalformedError("The passkey has no name of its own.", hint="Add it again.")
    material = Material(scheme, _decoded(spki), site.host)
    label = form.get("label", "").strip()[:60] or "Passkey"
    return Answer(material, credential, origin.assertion(form.get("assertion", "")), label)


def add(account: Account, answer: Answer, asked: str, site: Site) -> Passkey:
    """Keep a passkey that its owner has shown to hold; it signs nothing until it is confirmed."""
    person, at = person_of(account), wiring.now()
    origin.need_own_origin(answer.assertion, site)
    key = keys.prove(answer.material, answer.assertion, keys.challenge(person, asked))
    keys.check_enrolment(wiring.desk(), answer.material, person, at)
    if account.passkeys.count() >= MOST:
        raise NotPermittedError(
            _("An account has at most %(most)s passkeys.") % {"most": MOST}, hint="Remove one."
        )
    made = Passkey(
        account=account,
        label=answer.label,
        credential=answer.credential,
        key=key,
        algorithm=answer.material.algorithm,
        spki=base64.b64encode(answer.material.spki).decode(),
        relying_party=answer.material.relying_party,
        added_at=at,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise NotPermittedError(
            "You have added this passkey already.", hint="Ask an administrator to confirm it."
        ) from error
    return made


def confirm(by: Account, number: int, may: tuple[str, ...]) -> Passkey:
    """Enrol a waiting passkey in the register, on the word of somebody who is not its owner."""
    found = _waiting(number)
    need_other(by, found)
    owner, confirmed_by, at = person_of(found.account), person_of(by), wiring.now()
    placed = keys.enrol_person_key(wiring.desk(), _material(found), (owner, confirmed_by), may, at)
    found.confirmed_by, found.confirmed_at, found.entry = confirmed_by, at, placed.index
    found.save(update_fields=["confirmed_by", "confirmed_at", "entry"])
    return found


def remove(by: Account, number: int) -> None:
    """Forget a passkey that is not in the register: its owner's wish, or a confirmer's no."""
    found = _waiting(number)
    if found.account_id != by.pk and not confirms(by):
        raise NotPermittedError("This passkey is not yours.", hint="Ask its owner.")
    found.delete()


def usable(account: Account, kind: str) -> dict[str, str]:
    """Return the account's passkeys that may sign a kind now: credential to key."""
    held = {
        one.key
        for one in keys.held_keys(wiring.desk(), person_of(account), wiring.now())
        if one.state == "active" and (kind in one.kinds or not one.kinds)
    }
    return {one.credential: one.key for one in account.passkeys.all() if one.key in held}


def need_other(by: Account, found: Passkey) -> None:
    """Refuse a confirmer who is the owner, under whatever account, or whose role it is not."""
    if not confirms(by):
        raise NotPermittedError(
            _("Your role, %(names)s, may not confirm keys.")
            % {"names": ", ".join(sorted(functions.names(by))) or "none"},
            hint="Ask an administrator or somebody in security.",
        )
    if found.account_id == by.pk or found.account.person == by.person:
        raise NotPermittedError(
            "Nobody confirms an own key.", hint="Ask another administrator, or security."
        )


def confirms(by: Account) -> bool:
    """Return whether somebody may say whose key it is, wherever they are."""
    return any(one.function in CONFIRMS and one.is_everywhere for one in functions.held(by))


def end_all(person: PersonId, ended_by: PersonId | None) -> int:
    """End every key of a person that is in force; nobody in `ended_by` is the machine."""
    desk, at = wiring.desk(), wiring.now()
    found = [one for one in keys.held_keys(desk, person, at) if one.state == "active"]
    for one in found:
        keys.end_person_key(desk, one.key, ended_by or person, None, at)
    return len(found)


def log_in(form: Mapping[str, str], asked: str, site: Site) -> Account:
    """Return the account whose passkey answered the log-in page's challenge."""
    answer = origin.assertion(form.get("assertion", ""))
    origin.need_own_origin(answer, site)
    rows = Passkey.objects.select_related("account")
    found = rows.filter(credential=form.get("credential", "")[:_MAX_CREDENTIAL])
    if len(found) != 1 or not found[0].account.is_active or _is_ended(found[0]):
        raise NotPermittedError(
            "This passkey opens no account here.",
            hint="Log in with your password, or ask for help.",
        )
    try:
        keys.prove(_material(found[0]), answer, keys.log_in_challenge(asked))
    except StaleEvidenceError as error:
        raise StaleEvidenceError(
            "The passkey did not answer this page.", hint="Press the button once more."
        ) from error
    return found[0].account


def log_in_challenge(nonce: str) -> str:
    """Return what the log-in page asks a passkey, as a browser reads it."""
    digest = hashlib.sha256(keys.log_in_challenge(nonce)).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def end(by: Account, key: str, stolen_since: datetime | None) -> int:
    """Return the entry that ends a key: its owner may end it, and so may those who confirm."""
    desk, at, person = wiring.desk(), wiring.now(), person_of(by)
    own = any(one.key == key for one in keys.held_keys(desk, person, at))
    if not own and not confirms(by):
        raise NotPermittedError("This key is not yours.", hint="Ask an administrator.")
    if stolen_since is not None and stolen_since > at:
        raise MalformedError("That time has not come.", hint="Say since when it may be stolen.")
    return keys.end_person_key(desk, key, person, stolen_since, at).index


def _waiting(number: int) -> Passkey:
    found = Passkey.objects.select_related("account").filter(pk=number, entry=None).first()
    if found is None or _on_record(found):
        raise UnknownSubjectError(
            "This passkey waits for nobody.", hint="It was confirmed or removed; look at the list."
        )
    return found


def opens(account: Account) -> bool:
    """Return whether a passkey of an account logs in: it waits, or it is in force."""
    return any(not _is_ended(one) for one in account.passkeys.select_related("account"))


def _is_ended(found: Passkey) -> bool:
    """Return whether the register knows the key, and not as one in force."""
    person = PersonId.read(found.account.person)
    held = keys.held_keys(wiring.desk(), person, wiring.now())
    states = {one.state for one in held if one.key == found.key}
    return bool(states) and "active" not in states


def _on_record(found: Passkey) -> bool:
    """Return whether the register holds the key, even where this table was not told."""
    person = PersonId.read(found.account.person)
    held = keys.held_keys(wiring.desk(), person, wiring.now())
    return any(one.key == found.key for one in held)


def _material(found: Passkey) -> Material:
    return Material(found.algorithm, base64.b64decode(found.spki), found.relying_party)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise MalformedError("The key came in broken.", hint="Add the passkey again.") from error

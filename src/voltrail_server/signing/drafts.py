"""
A draft's life: begun, signed by each person asked, handed in, or taken back.

Every signature is judged when it comes, and again each time another one does: where a key stands no
more, its person signs again. The last one hands the statement in; where the register refuses, the
signatures stay and the refusal is told. A draft changes under its row's lock only. Holds no key.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from voltrail.actions import courses, fresh, record, signing
from voltrail.actions.signing import Signer
from voltrail.errors import (
    MalformedError,
    NotPermittedError,
    RefusedError,
    StaleEvidenceError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.ids.subject import PersonId
from voltrail.statements import kinds
from voltrail_server import wiring
from voltrail_server.people import functions, origin, passkeys
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account
from voltrail_server.people.names import names_of
from voltrail_server.people.origin import Site
from voltrail_server.signing.models import Draft, Signature, State

LASTS = timedelta(days=14)  # our choice: ADR 0014
MOST_SIGNERS = 8  # [persons] as many signatures as an envelope carries


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose signatures a draft needs: the persons named, and any few more of a role."""

    persons: tuple[PersonId, ...] = ()
    role: str = ""
    number: int = 0
    how: Holding | None = None  # the function by which somebody begins it

    @property
    def needed(self) -> int:
        """How many signatures make it whole."""
        return len(self.persons) + self.number


def begin(by: Account | None, payload: bytes, purpose: str, wanted: Wanted) -> Draft:
    """Return a new draft that waits for signatures over just these bytes."""
    said, at = signing.read(payload), wiring.now()
    if wanted.needed > MOST_SIGNERS or len(set(wanted.persons)) < len(wanted.persons):
        raise MalformedError(
            "The draft does not say who signs it.",
            hint=_("Name each person once, and at most %(most_signers)s.")
            % {"most_signers": MOST_SIGNERS},
        )
    issuer = said.header.issuer
    if issuer not in wanted.persons:
        raise NotPermittedError(
            _("The statement speaks for %(issuer)s, who is not asked to sign it.")
            % {"issuer": issuer},
            hint="Only a person's own act is signed here, by that person among others.",
        )
    with transaction.atomic():
        made = Draft.objects.create(
            payload=payload,
            kind=said.predicate_type,
            purpose=_purpose(purpose, wanted.how),
            needed=wanted.needed,
            role=wanted.role,
            created_by=by,
            created_at=at,
            expires_at=at + LASTS,
        )
        Signature.objects.bulk_create(Signature(draft=made, person=one) for one in wanted.persons)
    return made


def _purpose(purpose: str, how: Holding | None) -> str:
    """Return what a draft is for; a deputy's says whom they stand in for."""
    if how is None or not how.deputy_for:
        return purpose[:400]
    name = names_of([how.deputy_for]).get(how.deputy_for, how.deputy_for)
    told = _("As deputy of %(name)s in %(function)s.") % {"name": name, "function": how.function}
    return f"{purpose[: 399 - len(told)]} {told}"


def get(number: int) -> Draft:
    """Return a draft."""
    found = Draft.objects.select_related("created_by").filter(pk=number).first()
    if found is None:
        raise UnknownSubjectError(
            _("There is no draft %(number)s.") % {"number": number},
            hint="Look at the list of drafts.",
        )
    return found


def sign(by: Account, number: int, form: Mapping[str, str], site: Site) -> Draft:
    """Take a passkey's answer from the page of the person it belongs to."""
    draft = get(number)
    answer = origin.assertion(form.get("assertion", ""))
    key = passkeys.usable(by, kind_of(draft)).get(form.get("credential", ""))
    if key is None:
        raise NotPermittedError(
            "This passkey is not one of yours that may sign this.",
            hint="Use the passkey that was confirmed for you.",
        )
    _take(draft, key, answer, ("passkey", site))
    return finish(draft)


def take_envelope(number: int, raw: bytes, via: str, site: Site) -> Draft:
    """Take the signatures in an envelope that somebody made outside, over the draft's own bytes."""
    draft, signed = get(number), signing.parse(raw)
    if signed.payload != bytes(draft.payload):
        raise MalformedError(
            "The envelope is around other bytes than this draft.",
            hint="Download the draft again, sign that file, and upload the result.",
        )
    kept = {one.key for one in draft.signatures.exclude(key="")}
    for key, sig in signed.signatures:
        if key not in kept:
            _take(draft, key, sig, (via, site))
    return finish(draft)


def finish(draft: Draft) -> Draft:
    """Hand a draft in once everybody has signed; what stands against it is told on the draft."""
    at = wiring.now()
    with transaction.atomic():
        found = _locked(draft.pk)
        if not found.is_open(at):
            return found
        _tell(found, _let_go(found, at))
        signed = {one.key: bytes(one.sig) for one in found.signatures.exclude(key="") if one.sig}
        if len(signed) >= found.needed:
            _hand_in(found, signing.envelope(bytes(found.payload), signed), at)
        found.save(update_fields=["state", "entry", "refusal"])
    return found


def withdraw(by: Account, number: int) -> Draft:
    """Take a draft back: whoever began it may, and whoever is asked to sign it."""
    with transaction.atomic():
        draft = _locked(number)
        asked = draft.signatures.filter(person=by.person).exists() if by.person else False
        if draft.created_by_id != by.pk and not asked:
            raise NotPermittedError(
                "This draft is not yours to withdraw.", hint="Ask whoever began it."
            )
        _need_open(draft, wiring.now())
        draft.state = State.WITHDRAWN
        draft.save(update_fields=["state"])
    return draft


def kind_of(draft: Draft) -> str:
    """Return the short name of the kind of statement a draft holds."""
    return kinds.short(draft.kind)


def waits_for(account: Account, at: datetime) -> Q:
    """Return the question for drafts that wait for this account's person."""
    still_open = Q(state=State.OPEN, expires_at__gt=at)
    if not account.person:
        return Q(pk=None)
    named = Q(signatures__person=account.person, signatures__key="")
    done = Signature.objects.filter(person=account.person).values("draft")
    held = functions.names(account, at)
    by_role = Q(role__in=held) & ~Q(role="") & ~Q(pk__in=done)
    return still_open & (named | by_role)


def _take(draft: Draft, key: str, sig: bytes, came: tuple[str, Site]) -> None:
    """Judge one signature and keep it, or refuse it and keep nothing."""
    via, site = came
    at = wiring.now()
    fresh.need_fresh(wiring.desk(), bytes(draft.payload), at)
    signer = signing.check(wiring.desk(), bytes(draft.payload), key, sig, at)
    courses.need_trained(wiring.desk(), signing.read(bytes(draft.payload)), (signer.person,), at)
    if signer.relying_party:
        origin.need_own_origin(sig, site)
    with transaction.atomic():
        locked = _locked(draft.pk)
        _need_open(locked, at)
        _tell(locked, _let_go(locked, at))
        locked.save(update_fields=["refusal"])
        row = _place_of(locked, signer, locked.signatures.all())
        row.key, row.sig, row.signed_at, row.via = key, sig, at, via
        try:
            row.save()
        except IntegrityError as error:
            raise _twice(signer) from error


def _place_of(draft: Draft, signer: Signer, rows: Collection[Signature]) -> Signature:
    """Return the row a signer fills, refusing who is not asked or has signed."""
    own = next((one for one in rows if one.person == signer.person), None)
    if own is not None and own.key:
        raise _twice(signer)
    if own is not None:
        return own
    open_accounts = Account.objects.filter(person=signer.person, is_active=True)
    may = any(draft.role in functions.names(one) for one in open_accounts)
    if not draft.role or not may or len(rows) >= draft.needed:
        raise RefusedError(
            _("%(person)s is not asked to sign this draft.") % {"person": signer.person},
            hint="The draft names who signs it; begin another one for other persons.",
        )
    return Signature(draft=draft, person=signer.person, by_role=True)


def _let_go(draft: Draft, at: datetime) -> list[str]:
    """Empty the rows whose key stands no more, and return the persons; the draft is locked."""
    gone = [one for one in draft.signatures.exclude(key="") if not _stands(draft, one, at)]
    for one in gone:
        if one.by_role:
            one.delete()  # anybody of the role may sign in this place again
        else:
            one.key, one.sig, one.signed_at, one.via = "", None, None, ""
            one.save()
    return [one.person for one in gone]


def _stands(draft: Draft, one: Signature, at: datetime) -> bool:
    try:
        sig = bytes(one.sig or b"")
        signer = signing.check(wiring.desk(), bytes(draft.payload), one.key, sig, at)
    except (MalformedError, RefusedError, UnverifiableError):
        return False
    return signer.person == one.person


def _tell(draft: Draft, gone: Sequence[str]) -> None:
    """Say on the draft who must sign again, as long as one of them has not."""
    if gone:
        who = _(" and ").join(gone)
        draft.refusal = _(
            "The key that signed for %(who)s is not in force any more: sign again."
        ) % {"who": who}
        return
    awaited = draft.signatures.filter(key="").values_list("person", flat=True)
    if not any(one in draft.refusal for one in awaited):
        draft.refusal = ""


def _hand_in(draft: Draft, raw: bytes, at: datetime) -> None:
    """Hand a locked draft in, or keep what refused it; a fault of ours leaves all as it was."""
    try:
        fresh.need_fresh(wiring.desk(), bytes(draft.payload), at)
        placed = record.hand_in(wiring.desk(), raw, at)
    except (MalformedError, RefusedError, UnverifiableError) as error:
        draft.refusal = f"{error} {error.hint}".strip()
    else:
        draft.state, draft.entry, draft.refusal = State.HANDED_IN, placed.index, ""


def _locked(number: int) -> Draft:
    found = Draft.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise UnknownSubjectError(
            _("There is no draft %(number)s.") % {"number": number},
            hint="Look at the list of drafts.",
        )
    return found


def _need_open(draft: Draft, at: datetime) -> None:
    if not draft.is_open(at):
        raise StaleEvidenceError(
            "This draft takes no more signatures.", hint="Begin a new one for the same purpose."
        )


def _twice(signer: Signer) -> NotPermittedError:
    return NotPermittedError(
        _("%(person)s has signed this draft.") % {"person": signer.person},
        hint="Another person signs now.",
    )

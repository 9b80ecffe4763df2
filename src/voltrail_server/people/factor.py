"""
The second factor: codes of a phone, recovery codes, and who must have shown one.

A passkey is both factors at once. A code is good once: the step it belongs to is kept, and none at
or before it counts again. The secret is sealed with a key from the server's own secret.
"""

import base64
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from voltrail import canonical
from voltrail.errors import NotPermittedError, StaleEvidenceError, UnverifiableError
from voltrail_server import wiring
from voltrail_server.people import functions, limits, may, passkeys, sessions
from voltrail_server.people.models import Account, Code, Factor

CODES = 10  # [recovery codes]
GRACE = timedelta(days=7)  # our choice: ADR 0024
MOST_WRONG = 6  # [codes] in a window for one account
_STEP = 30  # [s] RFC 6238, 5.2
_AROUND = (-1, 0, 1)  # [steps] a phone's clock may be off: RFC 6238, 5.2
_INFO = b"voltrail totp v1"


def begin(account: Account) -> str:
    """Return a new secret that its person has yet to confirm; an older unconfirmed one is gone."""
    if is_on(account):
        raise NotPermittedError("Your codes are set up already.", hint="End them first.")
    secret = pyotp.random_base32()
    Factor.objects.update_or_create(
        account=account,
        defaults={"sealed": _seal(secret), "added_at": wiring.now(), "last_step": 0},
    )
    return secret


def waiting(account: Account) -> str:
    """Return the secret that waits to be confirmed, or nothing."""
    found = Factor.objects.filter(account=account, confirmed_at=None).first()
    return _open(found.sealed) if found is not None else ""


def picture(account: Account, secret: str) -> str:
    """Return the QR code of a secret as an SVG data URI, which loads from nowhere."""
    told = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name="Voltrail")
    return str(segno.make(told, error="m").svg_data_uri(scale=4, border=4, light="#fff"))


def confirm(account: Account, code: str) -> tuple[str, ...]:
    """Turn codes on with a first good one; return fresh recovery codes."""
    found = Factor.objects.filter(account=account, confirmed_at=None).first()
    if found is None:
        raise StaleEvidenceError("No codes wait to be set up.", hint="Begin again.")
    _spend(found, code)
    Factor.objects.filter(pk=found.pk).update(confirmed_at=wiring.now())
    return fresh_codes(account)


def fresh_codes(account: Account) -> tuple[str, ...]:
    """Return new recovery codes, shown this one time; older ones are worth nothing now."""
    made = tuple(_readable(secrets.token_bytes(10)) for _ in range(CODES))
    with transaction.atomic():
        account.codes.all().delete()
        Code.objects.bulk_create(Code(account=account, digest=_digest(one)) for one in made)
    return made


def end(account: Account) -> None:
    """Forget an account's codes and recovery codes."""
    Factor.objects.filter(account=account).delete()
    account.codes.all().delete()


def is_on(account: Account) -> bool:
    """Return whether a log-in with a password asks this account for a code."""
    return Factor.objects.filter(account=account).exclude(confirmed_at=None).exists()


def check(account: Account, code: str) -> str:
    """Return which factor a code is, once it is right and not used before."""
    at, who = wiring.now(), str(account.pk)
    limits.need_room("code", who, MOST_WRONG, at)
    typed = "".join(code.split()).replace("-", "")
    found = Factor.objects.filter(account=account).exclude(confirmed_at=None).first()
    if found is not None and typed.isdigit():
        _spend(found, typed)
        return "totp"
    rows = Code.objects.filter(account=account, digest=_digest(typed), used_at=None)
    if not rows.update(used_at=at):
        limits.count("code", who, at)
        raise _wrong()
    return "recovery"


def need(request: HttpRequest, account: Account, act: str) -> None:
    """
    Refuse a form that gives power or a way in from a session in which no second factor was shown.

    Whoever has a factor must have shown it, in the first days too; administrative forms need one.
    """
    asked = may.of(act).factor
    if not settings.VOLTRAIL_SECOND_FACTOR or asked is may.NOT_ASKED:
        return
    if request.session.get(sessions.FACTOR):
        return
    if has_any(account):
        raise NotPermittedError(
            "This needs a log-in that showed your second factor.",
            hint="Log in with your passkey or a code, then do it.",
        )
    if asked is may.NEEDED and not has_grace(account, wiring.now()):
        raise NotPermittedError(
            "This needs a second factor, and your log-in showed none.",
            hint="Set one up on your page, or log in with a passkey.",
        )


def has_any(account: Account) -> bool:
    """Return whether an account has codes, or a passkey that waits or is in force."""
    return is_on(account) or passkeys.opens(account)


def is_wanted(account: Account) -> bool:
    """Return whether a person may do something that needs a second factor."""
    acts = may.acts_of(functions.held(account))
    needed = any(may.of(act).factor is may.NEEDED for act in acts)
    return settings.VOLTRAIL_SECOND_FACTOR and needed


def has_grace(account: Account, at: datetime) -> bool:
    """Return whether an account that the command line made is still in its first days."""
    return account.made_here and at < account.joined_at + GRACE


def _spend(found: Factor, code: str) -> None:
    """Use a code up: its step moves on, in one question that only one of two can win."""
    at, who = wiring.now(), str(found.account_id)
    limits.need_room("code", who, MOST_WRONG, at)
    codes, now = pyotp.TOTP(_open(found.sealed)), int(at.timestamp()) // _STEP
    typed = "".join(code.split())
    fit = [
        now + away
        for away in _AROUND
        if hmac.compare_digest(codes.generate_otp(now + away).encode(), typed.encode())
    ]
    rows = Factor.objects.filter(pk=found.pk, last_step__lt=max(fit, default=0))
    if not fit or not rows.update(last_step=max(fit)):
        limits.count("code", who, at)
        raise _wrong()


def _wrong() -> NotPermittedError:
    return NotPermittedError(
        "This code is wrong, too old, or was used.", hint="Wait for the next one and type it."
    )


def _fernet() -> Fernet:
    key = HKDF(SHA256(), 32, None, _INFO).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _seal(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def _open(sealed: str) -> str:
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnverifiableError(
            "The codes were sealed under another server secret.",
            hint="An administrator resets the sign-in; then set codes up anew.",
        ) from error


def _digest(code: str) -> str:
    kept = "".join(code.split()).replace("-", "").upper()
    return canonical.digest(kept.encode(errors="replace"))


def _readable(chance: bytes) -> str:
    text = base64.b32encode(chance).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))

"""
Log-in at the firm's own provider, by OpenID Connect: discovery, PKCE, state, nonce, token checks.

An identity is issuer and subject, linked to exactly one account, and only by its person, from
within or through an invitation. A mail address proves nothing. Keeps no token.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from joserfc.errors import JoseError
from requests import RequestException

from voltrail.errors import (
    NotPermittedError,
    SignatureInvalidError,
    StaleEvidenceError,
    UnverifiableError,
)
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.people import records
from voltrail_server.people.models import Account, LinkedIdentity

BACK = "/log-in/provider/back/"
_STRONG = frozenset({"mfa", "otp", "hwk", "swk", "sc"})  # RFC 8176: more than a password
_LEEWAY = 30  # [s] that two clocks may differ
_SIGNED = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


def is_set_up() -> bool:
    """Return whether this installation has a provider."""
    return bool(settings.VOLTRAIL_OIDC_ISSUER and settings.VOLTRAIL_OIDC_CLIENT_ID)


def name() -> str:
    """Return what the provider is called on the button; nothing where there is none."""
    return settings.VOLTRAIL_OIDC_NAME if is_set_up() else ""


def leave_for(request: HttpRequest) -> HttpResponse:
    """Return the redirect to the provider; state, nonce and verifier wait in the session."""
    client = _client()
    try:
        _need_same_issuer(client)
        return client.authorize_redirect(request, settings.VOLTRAIL_ORIGIN + BACK)
    except (RequestException, ValueError, RuntimeError) as error:
        raise _silent() from error


def come_back(request: HttpRequest) -> dict[str, Any]:
    """Return the claims of the person who came back, once every check of the token passed."""
    client, issuer = _client(), settings.VOLTRAIL_OIDC_ISSUER
    wanted = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": settings.VOLTRAIL_OIDC_CLIENT_ID},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "nonce": {"essential": True},
    }
    try:
        _need_same_issuer(client)
        found = client.authorize_access_token(request, claims_options=wanted, leeway=_LEEWAY)
    except RequestException as error:
        raise _silent() from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        raise _refused() from error
    claims = found.get("userinfo")
    if not claims or not isinstance(claims.get("sub"), str) or len(claims["sub"]) > 255:  # noqa: PLR2004 — OpenID Connect Core 1.0, 2
        raise SignatureInvalidError("The provider named nobody.", hint="Log in another way.")
    return dict(claims)


def account_of(claims: Mapping[str, Any]) -> Account:
    """Return the open account that an identity is linked to."""
    rows = LinkedIdentity.objects.select_related("account")
    found = rows.filter(issuer=settings.VOLTRAIL_OIDC_ISSUER, subject=claims["sub"]).first()
    if found is None or not found.account.is_active:
        raise NotPermittedError(
            _("%(voltrail_oidc_name)s knows you, but no account here is linked to that.")
            % {"voltrail_oidc_name": settings.VOLTRAIL_OIDC_NAME},
            hint="Log in another way and link it on your own page.",
        )
    found.used_at = wiring.now()
    found.save(update_fields=["used_at"])
    return found.account


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Return whether the provider says that it asked for more than a password."""
    ways = claims.get("amr")
    return isinstance(ways, list) and bool(_STRONG & {one for one in ways if isinstance(one, str)})


def link(account: Account, claims: Mapping[str, Any]) -> LinkedIdentity:
    """Link an identity to its own person's account, once the provider said who came."""
    if claims.get("email_verified") is False:
        raise NotPermittedError(
            "The provider has not verified this identity's address.",
            hint="Have it verified there first, then link it.",
        )
    try:
        with transaction.atomic():
            made = LinkedIdentity.objects.create(
                account=account,
                issuer=settings.VOLTRAIL_OIDC_ISSUER,
                subject=claims["sub"],
                linked_at=wiring.now(),
                linked_by=account.person,
            )
            records.done(Act.LINK_IDENTITY, account, account, "Linked to the provider's log-in.")
    except IntegrityError as error:
        raise NotPermittedError(
            "This identity, or this account, is linked already: one identity, one account.",
            hint="Accounts are personal. End the older link first.",
        ) from error
    return made


def unlink(by: Account, account: Account) -> None:
    """End an account's link: its person does, or an administrator."""
    with transaction.atomic():
        count, _ = account.identities.all().delete()
        if count:
            records.done(Act.UNLINK_IDENTITY, by, account, "The provider's log-in was unlinked.")


def _client() -> Any:  # noqa: ANN401 — Authlib has no types
    if not is_set_up():
        raise NotPermittedError("No provider is set up here.", hint="Log in with your password.")
    return _made(
        settings.VOLTRAIL_OIDC_ISSUER,
        settings.VOLTRAIL_OIDC_CLIENT_ID,
        settings.VOLTRAIL_OIDC_CLIENT_SECRET,
    )


@lru_cache(maxsize=1)
def _made(issuer: str, client: str, secret: str) -> Any:  # noqa: ANN401 — Authlib has no types
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=client,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": 10},
    )
    return oauth.create_client("provider")


def _need_same_issuer(client: Any) -> None:  # noqa: ANN401 — Authlib has no types
    """Refuse a discovery document of somebody else, or one that offers unsigned tokens alone."""
    told = client.load_server_metadata()
    algorithms = _SIGNED & set(told.get("id_token_signing_alg_values_supported") or ["RS256"])
    if told.get("issuer") != settings.VOLTRAIL_OIDC_ISSUER or not algorithms:
        raise UnverifiableError(
            "The provider's discovery document names another issuer.",
            hint="Compare VOLTRAIL_OIDC_ISSUER with what the provider says.",
        )
    told["id_token_signing_alg_values_supported"] = sorted(algorithms)


def _silent() -> UnverifiableError:
    return UnverifiableError(
        _("%(voltrail_oidc_name)s does not answer.")
        % {"voltrail_oidc_name": settings.VOLTRAIL_OIDC_NAME},
        hint="Try later, or log in another way.",
    )


def _refused() -> StaleEvidenceError:
    return StaleEvidenceError(
        _("The answer of %(voltrail_oidc_name)s does not fit what was asked.")
        % {"voltrail_oidc_name": settings.VOLTRAIL_OIDC_NAME},
        hint="Begin the log-in again, in this browser.",
    )

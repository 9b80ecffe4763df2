"""The addresses of people: the gate, one's own page, and everybody's."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from voltrail_server.pages.frame import LOG_IN, page
from voltrail_server.pages.people import (
    acts,
    firms,
    inviting,
    keys,
    language,
    log_in,
    me,
    people,
    person,
    requests,
    ways,
)

# Open to whoever is not logged in; tests/server/test_default_deny.py lists them once more.
GATE: list[URLPattern] = [
    path("log-in/", log_in.LogIn.as_view(), name="log-in"),
    path("log-in/code/", log_in.code, name="log-in-code"),
    path("log-in/passkey/", log_in.passkey, name="log-in-passkey"),
    path("log-in/provider/", log_in.provider, name="log-in-provider"),
    path("log-in/provider/back/", log_in.back, name="log-in-back"),
    path("language/", language.choose, name="language"),
    path("log-out/", LogoutView.as_view(next_page=LOG_IN), name="log-out"),
    path("join/<str:link>/", log_in.join, name="join"),
    path("join/<str:link>/passkey/", log_in.join_passkey, name="join-passkey"),
    path("join/<str:link>/provider/", log_in.join_provider, name="join-provider"),
]

ADDRESSES: list[URLPattern] = [
    page("me/", me.me, "me"),
    page("me/passkeys/", me.add, "passkey-add"),
    page("me/passkeys/<int:index>/remove/", me.remove, "passkey-remove"),
    page("me/keys/end/", me.end, "key-end"),
    page("me/password/", ways.password, "own-password"),
    page("me/codes/", ways.codes, "factor-begin"),
    page("me/codes/confirm/", ways.confirm, "factor-confirm"),
    page("me/codes/new/", ways.fresh, "factor-codes"),
    page("me/codes/end/", ways.end_codes, "factor-end"),
    page("me/sessions/end/", ways.end_sessions, "own-sessions-end"),
    page("me/sessions/<key:key>/end/", ways.end_session, "own-session-end"),
    page("me/deputies/", ways.name_deputy, "own-deputy"),
    page("me/deputies/<key:key>/end/", ways.end_deputy, "own-deputy-end"),
    page("me/identity/", ways.link, "own-identity"),
    page("me/identity/end/", ways.unlink, "own-identity-end"),
    page("people/", people.listing, "people"),
    page("people.csv", people.export, "people-csv"),
    page("people/invite/", inviting.invite, "person-invite"),
    page("people/may/", requests.may, "may"),
    page("people/requests/", requests.listing, "requests"),
    page("people/requests/<int:index>/", requests.settle, "request-settle"),
    page("people/firms/", firms.listing, "firms"),
    page("people/firms/new/", firms.issue, "pass-issue"),
    page("people/firms/<key:key>/end/", firms.end, "pass-end"),
    page("people/training/", requests.training, "training"),
    page("people/training/new/", requests.record, "training-record"),
    page("people/keys/", keys.listing, "keys"),
    page("people/keys/<int:index>/confirm/", keys.confirm, "key-confirm"),
    page("people/keys/<int:index>/refuse/", keys.refuse, "key-refuse"),
    page("people/<int:index>/", person.person, "person"),
    page("people/<int:index>/functions/", acts.appoint, "person-appoint"),
    page("people/<int:index>/functions/<key:key>/end/", acts.end_function, "person-end-function"),
    page("people/<int:index>/link/", inviting.link_again, "person-link-again"),
    page("people/<int:index>/link/back/", inviting.invitation_back, "person-invitation-back"),
    page("people/<int:index>/reset/", acts.reset, "person-reset"),
    page("people/<int:index>/sessions/end/", acts.end_sessions, "person-sessions-end"),
    page("people/<int:index>/unlock/", acts.unlock, "person-unlock"),
    page("people/<int:index>/identity/", acts.identity, "person-identity"),
    page("people/<int:index>/leave/", acts.leave, "person-leave"),
    page("people/<int:index>/erase/", acts.erase, "person-erase"),
]

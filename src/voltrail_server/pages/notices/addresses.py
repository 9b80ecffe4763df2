"""The addresses of notices."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.notices import asking, notices

ADDRESSES = [
    page("notices/", notices.listing, "notices"),
    page("notices/read/", notices.read, "notices-read"),
    page("notices/<int:index>/", notices.one, "notice"),
    page("ask/", asking.ask, "ask"),
    page("me/notices/", notices.wishes, "own-notices"),
    page("me/address/", notices.ask_address, "own-address"),
    page("me/address/<str:link>/", notices.confirm_address, "own-address-confirm"),
]

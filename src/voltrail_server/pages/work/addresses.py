"""The addresses of long work."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.work import work

ADDRESSES = [
    page("long-work/", work.listing, "works"),
    page("long-work/<uuid:number>/", work.one, "work"),
    page("long-work/<uuid:number>/stop/", work.stop, "work-stop"),
    page("long-work/<uuid:number>/again/", work.again, "work-again"),
]

"""The addresses of long work."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.work import work

ADDRESSES = [
    page("work/", work.listing, "works"),
    page("work/<uuid:number>/", work.one, "work"),
    page("work/<uuid:number>/stop/", work.stop, "work-stop"),
    page("work/<uuid:number>/again/", work.again, "work-again"),
]

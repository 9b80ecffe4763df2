"""The addresses of exceptions."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.waivers import waivers

ADDRESSES = [
    page("exceptions/", waivers.listing, "waivers"),
    page("exceptions/new/", waivers.new, "waiver-ask"),
    page("exceptions/<int:index>/", waivers.one, "waiver"),
    page("exceptions/<int:index>/end/", waivers.end, "waiver-end"),
    page("exceptions/snapshots/<key:key>/", waivers.snapshot, "waiver-snapshot"),
]

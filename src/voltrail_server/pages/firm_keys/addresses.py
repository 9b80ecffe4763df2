"""The addresses of firms' keys."""

from django.urls import URLPattern

from voltrail_server.pages.firm_keys import firm_keys
from voltrail_server.pages.frame import page

ADDRESSES: list[URLPattern] = [
    page("keys/", firm_keys.listing, "firm-keys"),
    page("keys/new/", firm_keys.ask, "firm-key-ask"),
    page("keys/<int:index>/confirm/", firm_keys.confirm, "firm-key-confirm"),
    page("keys/<int:index>/refuse/", firm_keys.refuse, "firm-key-refuse"),
    page("keys/<key:key>/restrict/", firm_keys.restrict, "firm-key-restrict"),
    page("keys/<key:key>/doubt/", firm_keys.doubt, "firm-key-doubt"),
    page("keys/<key:key>/end/", firm_keys.end, "firm-key-end"),
]

"""The addresses of saved filters."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.saved import saved

ADDRESSES = [
    page("saved/new/", saved.save, "filter-save"),
    page("saved/<int:index>/remove/", saved.remove, "filter-remove"),
]

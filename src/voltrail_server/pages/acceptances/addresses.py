"""The addresses of acceptances."""

from voltrail_server.pages.acceptances import acceptances
from voltrail_server.pages.frame import page

ADDRESSES = [page("acceptances/new/", acceptances.new, "acceptance-ask")]

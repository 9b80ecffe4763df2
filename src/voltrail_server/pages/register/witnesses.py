"""Who witnesses this register: each witness, how far it cosigned, whether they are enough."""

from django.http import HttpRequest, HttpResponse

from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.reading import witnesses

_EXAMPLE = ("witness partner VKEY https://witness.partner.example", "quorum partner")


def listing(request: HttpRequest) -> HttpResponse:
    """Return every witness, or how to name the first one."""
    return frame.show(
        request,
        "register/witnesses.html",
        board=witnesses.board(wiring.now()),
        vkeys=witnesses.vkeys(),
        example=_EXAMPLE,
    )

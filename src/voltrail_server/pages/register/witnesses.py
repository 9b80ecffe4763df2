"""Who witnesses this register: each witness, how far it cosigned, whether they are enough."""

from django.http import HttpRequest, HttpResponse

from voltrail.actions import prove
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels.witnesses import COMPARISONS
from voltrail_server.reading import time_proofs, witnesses

_EXAMPLE = ("witness partner VKEY https://witness.partner.example", "quorum partner")


def listing(request: HttpRequest) -> HttpResponse:
    """Return every witness, or how to name the first one."""
    return frame.show(
        request,
        "register/witnesses.html",
        board=witnesses.board(wiring.now()),
        vkeys=witnesses.vkeys(),
        example=_EXAMPLE,
        services=time_proofs.board(wiring.now()),
    )


def compare(request: HttpRequest) -> HttpResponse:
    """Return two boxes for two checkpoints, and what they are to each other."""
    given = [_pasted(request, name) for name in ("one", "other")]
    found = prove.compare(wiring.desk(), *given) if request.method == "POST" else None
    word = COMPARISONS[found.comparison] if found else None
    texts = [one.decode() for one in given]
    return frame.show(
        request, "register/compare.html", found=found, word=word, one=texts[0], other=texts[1]
    )


def _pasted(request: HttpRequest, name: str) -> bytes:
    """Return a note from a form, with the line ends and the final one that browsers change."""
    text = request.POST.get(name, "").replace("\r\n", "\n").strip("\n")
    return f"{text}\n".encode() if text else b""

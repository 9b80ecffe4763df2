"""The register: its entries newest first, one entry, and the files to verify it with."""

from django.http import HttpRequest, HttpResponse

from voltrail.actions import pack, prove, time_proof
from voltrail.actions import show as ask
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import chips
from voltrail_server.panels.readable import readable
from voltrail_server.reading import firm_keys, register, time_proofs
from voltrail_server.reading.names import Book

_COMMAND = "voltrail verify statement-{index}.zip --trust anchors.json"


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of entries."""
    page = register.listing(request.GET.get("cursor", ""), Book())
    return frame.show(request, "register/entries.html", page=page)


def entry(request: HttpRequest, index: int) -> HttpResponse:
    """Return one entry: who said what, the statement to read, the files to check it."""
    desk, book = wiring.desk(), Book()
    found, raw = ask.entry(desk, index), prove.statement(desk, index)
    return frame.show(
        request,
        "register/entry.html",
        line=chips.line(found, ask.sentence_of(found), book),
        digest=found.entry.digest,
        about=[book(str(one)) for one in found.subjects],
        statement=readable(register.payload(raw)),
        keys=register.signatures(raw),
        command=_COMMAND.format(index=index),
        times=time_proofs.lines(index),
        **firm_keys.worth(index, request.GET.get("known", "")),
    )


def statement(request: HttpRequest, index: int) -> HttpResponse:
    """Return an entry's envelope as it was received."""
    data = prove.statement(wiring.desk(), index)
    return frame.hand_out(data, "application/json", f"statement-{index}.json")


def statement_pack(request: HttpRequest, index: int) -> HttpResponse:
    """Return an entry with its proof and every key's enrolment, as one file to verify."""
    data = pack.statement_pack(wiring.desk(), index)
    return frame.hand_out(data, "application/zip", f"statement-{index}.zip")


def proof(request: HttpRequest, index: int) -> HttpResponse:
    """Return the proof that an entry stands in the register."""
    data = prove.proof(wiring.desk(), index)
    return frame.hand_out(data, "text/plain; charset=utf-8", f"proof-{index}.txt")


def time_receipt(request: HttpRequest, index: int, by: int) -> HttpResponse:
    """Return the proof of an entry under the checkpoint that others vouched for."""
    data = time_proof.receipt_under(wiring.desk(), index, time_proofs.proof(index, by))
    return frame.hand_out(data, "text/plain; charset=utf-8", f"proof-{index}-by-{by}.txt")


def time_token(request: HttpRequest, index: int, by: int) -> HttpResponse:
    """Return the time-stamp token over that checkpoint."""
    data = time_proofs.token(index, by)
    return frame.hand_out(data, "application/timestamp-reply", f"token-{by}.tsr")


def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the newest signed checkpoint."""
    data = prove.checkpoint(wiring.desk())
    return HttpResponse(data, content_type="text/plain; charset=utf-8")


def anchors(request: HttpRequest) -> HttpResponse:
    """Return the pinned keys an auditor checks packs against."""
    data = pack.anchors_file(wiring.desk())
    return frame.hand_out(data, "application/json", "anchors.json")

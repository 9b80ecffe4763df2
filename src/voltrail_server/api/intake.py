"""The page behind an intake link: a firm hands in signed envelopes or an unsigned answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from voltrail import canonical
from voltrail.actions import intake as actions
from voltrail.actions import record
from voltrail.canonical import Json
from voltrail.errors import MalformedError, NotPermittedError, ProductError, TooOftenError
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.api import bodies, tokens
from voltrail_server.api.models import IntakeLink
from voltrail_server.api.problems import RequestError
from voltrail_server.people import limits, sessions

PER_MINUTE = 60  # [forms] per link and address, in whatever process
MOST_WRONG = 30  # [links] that lead nowhere, from one address in a window
MAX_FORM = 34 * bodies.MEBIBYTE  # [bytes] one file of 32 MiB and what stands around it
MAX_FILE = 32 * bodies.MEBIBYTE  # [bytes]
MAX_ANSWER = bodies.MEBIBYTE  # [bytes]
MAX_ENVELOPE = 2 * bodies.MEBIBYTE  # [bytes] as the kernel reads
MAX_ENVELOPES = 50  # [files] in one form
_MINUTE = timedelta(minutes=1)
ANSWER = "urn:voltrail:predicate:answer:v1"  # what an answer would be where the link names no type


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one thing handed in."""

    name: str
    sentence: str
    hint: str = ""
    taken: bool = True


@csrf_exempt  # the address itself is the secret; a page elsewhere cannot know it
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, link: str) -> HttpResponse:
    """Show the form of a link, or take what was sent with it."""
    kept = tokens.standing(IntakeLink, link)
    if kept is None:
        return _nowhere(request)
    if request.method == "GET":
        return _show(request, 200, link=kept)
    try:
        _slow_down(kept, request)
        bodies.need_small(request, MAX_FORM)
        lines = _take(kept, request)
    except RequestError as error:
        return _show(request, error.status, link=kept, error=error)
    except ProductError as error:
        return _show(request, error.status, link=kept, error=error)
    except (SuspiciousOperation, MultiPartParserError):
        broken = MalformedError("The form came in broken.", hint="Send fewer or smaller files.")
        return _show(request, 400, link=kept, error=broken)
    return _show(request, 200 if all(one.taken for one in lines) else 422, link=kept, lines=lines)


def _nowhere(request: HttpRequest) -> HttpResponse:
    """Return that a link leads nowhere; who tries many waits."""
    address, at = sessions.network_of(request), wiring.now()
    try:
        limits.need_room("link", address, MOST_WRONG, at)
    except TooOftenError as error:
        return _show(request, error.status, error=error)
    limits.count("link", address, at)
    return _show(request, 404, error=_over())


def _take(kept: IntakeLink, request: HttpRequest) -> list[Line]:
    """Return a line for each envelope and for the answer, at least one."""
    envelopes = request.FILES.getlist("envelopes")
    if len(envelopes) > MAX_ENVELOPES:
        raise RequestError(413, f"Send at most {MAX_ENVELOPES} envelopes at a time.")
    lines = [_envelope(kept, file) for file in envelopes]
    text, file = request.POST.get("answer", "").strip(), request.FILES.get("file")
    if text or file is not None:
        lines.append(_answer(kept, request.POST.get("kind", ""), text, file))
    if not lines:
        raise MalformedError(
            "The form is empty.", hint="Choose an envelope, write an answer, or choose a file."
        )
    return lines


def _envelope(kept: IntakeLink, file: UploadedFile) -> Line:
    name = str(file.name)
    try:
        raw = _bytes(file, MAX_ENVELOPE)
        _need_own(kept, raw)
        found = record.hand_in(wiring.desk(), raw, wiring.now())
    except (ProductError, RequestError) as error:
        return Line(name, str(error), error.hint, taken=False)
    state = "Registered" if found.fresh else "Already registered"
    return Line(name, f"{state} as entry {found.index}.")


def _need_own(kept: IntakeLink, raw: bytes) -> None:
    issuer = actions.issuer_of(raw)
    if issuer != kept.party:
        raise NotPermittedError(
            f"This link is for {kept.party}, not for {issuer}.",
            hint="Hand in your own statements; ask the operator for a link per firm.",
        )
    _need_kind(kept, actions.kind_of(raw))


def _need_kind(kept: IntakeLink, kind: str) -> None:
    if kept.predicate_types and kind not in kept.predicate_types:
        raise NotPermittedError(
            f"This link does not take {kind}.",
            hint=f"It takes: {', '.join(kept.predicate_types)}.",
        )


def _answer(kept: IntakeLink, kind: str, text: str, file: UploadedFile | None) -> Line:
    kind = kind or (kept.predicate_types[0] if kept.predicate_types else ANSWER)
    if kept.predicate_types:
        _need_kind(kept, kind)
    elif kind != ANSWER:
        raise NotPermittedError(f"This link does not take {kind}.", hint="Leave the type out.")
    content = _content(text, file)
    data = None if file is None else _bytes(file, MAX_FILE)
    said = actions.Said(PartyId.read(kept.party), kind, content, data)
    found = actions.receive(wiring.desk(), said, "link", wiring.now())
    return Line("Answer", f"Kept as said, unsigned, as entry {found.index}.")


def _content(text: str, file: UploadedFile | None) -> dict[str, Json]:
    if len(text.encode(errors="replace")) > MAX_ANSWER:
        raise RequestError(413, "The answer is larger than 1 MiB.", "Send it as a file.")
    found = canonical.parse(text.encode(errors="replace"), what="answer") if text else {}
    if file is not None:
        found["fileName"] = str(file.name)
    return found


def _bytes(file: UploadedFile, limit: int) -> bytes:
    if (file.size or 0) > limit:
        raise RequestError(
            413, f"{file.name} is larger than {limit:,} bytes.", "Send a smaller one."
        )
    return file.read()


def _slow_down(kept: IntakeLink, request: HttpRequest) -> None:
    """Refuse more than a window's share from one address through one link, in any process."""
    who = f"{kept.digest} {sessions.network_of(request)}"
    if limits.count("intake", who, wiring.now(), _MINUTE) > PER_MINUTE:
        raise RequestError(429, "Too many forms came from your address.")


def _over() -> NotPermittedError:
    return NotPermittedError(
        "This link is unknown, over, or was taken back.", hint="Ask the operator for a new link."
    )


def _show(request: HttpRequest, status: int, **shown: Any) -> HttpResponse:  # noqa: ANN401
    response = render(request, "intake/form.html", shown, status=status)
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    response["Cache-Control"] = "no-store"
    return response

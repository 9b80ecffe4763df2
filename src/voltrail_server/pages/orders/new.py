"""A new order: may it be ordered, and placing it."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from voltrail.actions import order as actions
from voltrail.errors import MalformedError, RefusedError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import orders as panel
from voltrail_server.panels.named import address
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import order_form
from voltrail_server.reading import orders as reading
from voltrail_server.reading.order_form import Typed


def new(request: HttpRequest) -> HttpResponse:
    """Say whether what is typed may be ordered, or place the order; htmx asks for the answer."""
    if request.method == "POST":
        return _asked(request) if "ask" in request.POST else _place(request)
    typed = order_form.asked(request.GET)
    try:
        answer = _answer(typed)
    except MalformedError as error:
        typed, answer = _senseless(typed, error), None
    if request.headers.get("HX-Request"):
        return render(request, "orders/answer.html", {"typed": typed, "answer": answer})
    return _form(request, typed=typed, answer=answer)


def _answer(typed: Typed) -> panel.Answer | None:
    if typed.wanted is None:
        return None
    return panel.answer(actions.may_order(wiring.desk(), typed.wanted, wiring.now()))


def _senseless(typed: Typed, error: MalformedError) -> Typed:
    """Return what was typed, with what is wrong with the whole of it where the answer stands."""
    return replace(typed, problems={"whole": f"{error} {error.hint}"})


def _asked(request: HttpRequest) -> HttpResponse:
    """Lead to the address of the question, which can be sent to somebody else."""
    values = order_form.asked(request.POST).values
    return redirect(f"/orders/new/?{urlencode(values)}")


def _place(request: HttpRequest) -> HttpResponse:
    frame.need(request, "order-place")
    typed = order_form.ordered(request.POST, viewer(request).person)
    if typed.wanted is None:
        return _form(request, 400, typed=typed)
    frame.need(request, "order-place", str(typed.wanted.place))
    try:
        actions.place_order(wiring.desk(), typed.wanted, wiring.now())
    except MalformedError as error:
        return _form(request, error.status, typed=_senseless(typed, error))
    except RefusedError as error:
        return _form(request, error.status, typed=typed, answer=panel.refusal(error), error=error)
    return redirect(address(typed.wanted.order))


def _form(request: HttpRequest, status: int = 200, *, typed: Typed, **told: Any) -> HttpResponse:  # noqa: ANN401
    told["choices"] = reading.choices(typed.values)
    response = frame.show(request, "orders/new.html", typed=typed, **told)
    response.status_code = status
    return response

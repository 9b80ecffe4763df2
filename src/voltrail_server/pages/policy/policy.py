"""The policy in force, its versions, what another would change, and handing one in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.actions import policy as rules
from voltrail.actions import record
from voltrail.actions import show as ask
from voltrail.errors import MalformedError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import policies
from voltrail_server.reading.names import Book
from voltrail_server.reading.policies import draft, judged, proposals, read_policy


def overview(request: HttpRequest) -> HttpResponse:
    """Return the policy in force and every version."""
    desk, now = wiring.desk(), wiring.now()
    versions = policies.versions(rules.all_policies(desk), rules.in_force(desk, now), Book())
    return frame.show(request, "policy/overview.html", versions=versions, proposals=proposals())


def compare(request: HttpRequest) -> HttpResponse:
    """Return what differs between two policies."""
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    found = rules.compare(wiring.desk(), old, new) if old and new else ()
    return frame.show(request, "policy/compare.html", old=old, new=new, differences=found)


@require_POST
def simulate(request: HttpRequest) -> HttpResponse:
    """Return which arrivals an uploaded policy would judge otherwise."""
    proposed = read_policy(_uploaded(request))
    found = rules.simulate(wiring.desk(), proposed, wiring.now())
    told = policies.simulated(found)
    return frame.show(
        request, "policy/simulated.html", proposed=proposed, told=told, judged=judged()
    )


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Hand in a policy that two people have signed."""
    raw = _uploaded(request)
    read_policy(raw)
    done = record.hand_in(wiring.desk(), raw, wiring.now())
    return redirect(f"/register/{done.index}/")


def draft_of(request: HttpRequest, index: int) -> HttpResponse:
    """Return a recorded policy as a draft to edit and sign."""
    found = ask.entry(wiring.desk(), index)
    return frame.hand_out(draft(found.fact), "application/json", f"policy-{index}-draft.json")


def _uploaded(request: HttpRequest) -> bytes:
    found = request.FILES.get("file")
    if found is None:
        raise MalformedError("No file came with the form.", hint="Choose a file first.")
    return found.read()

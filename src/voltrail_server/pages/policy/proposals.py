"""Writing a policy: begun from the one in force, changed, tried, and frozen for two signatures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.actions import policy as rules
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import policies as panel
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import policies as reading
from voltrail_server.reading import signers
from voltrail_server.signing import proposals


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a proposal with the text of the policy in force."""
    return redirect(f"/policy/proposals/{proposals.begin(viewer(request)).pk}/")


def proposal(request: HttpRequest, index: int) -> HttpResponse:
    """Show a proposal, or change its title and beginning."""
    if request.method == "POST":
        begins = reading.read_begin(request.POST)
        proposals.set_head(index, request.POST.get("title", ""), begins)
        return redirect(f"/policy/proposals/{index}/")
    able = signers.able("policy", wiring.now())
    return frame.show(
        request, "policy/proposal.html", story=_story(index), able=able, zones=panel.zones()
    )


def control(request: HttpRequest, index: int, key: str) -> HttpResponse:
    """Show what a proposal says of one control, or change it."""
    name, found = reading.known_control(key), proposals.get(index)
    if request.method == "POST":
        proposals.set_rules(index, name, reading.read_rules(request.POST))
        return redirect(f"/policy/proposals/{index}/#{name}")
    form = panel.control_form(proposals.record_of(found), name)
    return frame.show(
        request, "policy/control.html", form=form, choices=panel.CHOICES, number=index
    )


def simulate(request: HttpRequest, index: int) -> HttpResponse:
    """Return which past arrivals a proposal would judge otherwise; nothing is recorded."""
    record = proposals.record_of(proposals.get(index))
    found = rules.simulate(wiring.desk(), record, wiring.now(), reading.JUDGED)
    told, judged = panel.simulated(found), reading.judged()
    return frame.show(
        request, "policy/simulated.html", proposed=record, told=told, judged=judged, number=index
    )


@require_POST
def freeze(request: HttpRequest, index: int) -> HttpResponse:
    """Freeze a proposal and ask two persons to sign it."""
    made = proposals.freeze(viewer(request), index, reading.read_two(request.POST))
    return redirect(f"/signing/{made.pk}/")


@require_POST
def drop(request: HttpRequest, index: int) -> HttpResponse:
    """Forget a proposal that nobody is asked to sign."""
    proposals.drop(index)
    return redirect("/policy/")


def _story(index: int) -> panel.ProposalStory:
    found = proposals.get(index)
    record = proposals.record_of(found)
    current = rules.in_force(wiring.desk(), wiring.now())
    changes = rules.differences(current.record, record)
    return panel.proposal(found, record, changes, frozen=proposals.is_frozen(found))

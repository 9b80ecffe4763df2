"""Every address of the site; all but the gate and four public ones ask who is there."""

from importlib import import_module

from django.apps import apps
from django.urls import URLPattern, URLResolver, path

from voltrail_server.api import intake as intake_links
from voltrail_server.pages import errors, find, health, passports, start, subjects
from voltrail_server.pages.acceptances import addresses as acceptance_addresses
from voltrail_server.pages.contradictions import contradictions
from voltrail_server.pages.dock import arrivals, serials
from voltrail_server.pages.exporting import addresses as export_addresses
from voltrail_server.pages.firm_keys import addresses as firm_key_addresses
from voltrail_server.pages.frame import page
from voltrail_server.pages.holds import holds
from voltrail_server.pages.importing import addresses as import_addresses
from voltrail_server.pages.intake import intake
from voltrail_server.pages.lots import lots
from voltrail_server.pages.moves import addresses as move_addresses
from voltrail_server.pages.notices import addresses as notice_addresses
from voltrail_server.pages.orders import new as new_order
from voltrail_server.pages.orders import orders
from voltrail_server.pages.parties import parties
from voltrail_server.pages.people import addresses as people_addresses
from voltrail_server.pages.places import classify, places
from voltrail_server.pages.policy import policy, practices, proposals
from voltrail_server.pages.recalls import addresses as recall_addresses
from voltrail_server.pages.register import register, witnesses
from voltrail_server.pages.remarks import addresses as remark_addresses
from voltrail_server.pages.saved import addresses as saved_addresses
from voltrail_server.pages.signing import begin, drafts
from voltrail_server.pages.threats import threats
from voltrail_server.pages.units import elements, provenance, scan, trace, units
from voltrail_server.pages.waivers import addresses as waiver_addresses
from voltrail_server.pages.work import addresses as work_addresses

urlpatterns: list[URLPattern | URLResolver] = [
    *people_addresses.GATE,
    path("docs/errors", errors.catalogue, name="errors"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.numbers, name="metrics"),
    path("in/<str:link>", intake_links.page, name="intake-link"),
    page("", start.start, "start"),
    page("find/", find.find, "find"),
    page("arrivals/", arrivals.listing, "arrivals"),
    page("arrivals/<key:key>/labels.pdf", scan.sheet, "arrival-labels"),
    page("arrivals/<key:key>/serials.csv", serials.sheet_of, "arrival-serials-sheet"),
    page("arrivals/<key:key>/serials/", serials.serials, "arrival-serials"),
    page("arrivals/<key:key>/pack.zip", arrivals.evidence, "arrival-pack"),
    page("arrivals/<key:key>/decisions/<int:index>/", arrivals.decision, "arrival-decision"),
    page("arrivals/<key:key>/", arrivals.arrival, "arrival"),
    page("lots/", lots.listing, "lots"),
    *move_addresses.ADDRESSES,
    page("lots/<key:key>/", lots.lot, "lot"),
    page("orders/", orders.listing, "orders"),
    page("orders/new/", new_order.new, "order-new"),
    page("orders/<key:key>/", orders.order, "order"),
    page("parties/", parties.listing, "parties"),
    page("parties/<key:key>/", parties.party, "party"),
    page("places/", places.listing, "places"),
    page("places/new/", classify.new, "place-new"),
    page("places/<key:key>/classify/", classify.classify, "place-classify"),
    page("places/<key:key>/", places.place, "place"),
    page("scan/", scan.scan, "scan"),
    page("scan/element/", elements.ask, "element-ask"),
    page("scan/element/<int:number>/", elements.challenge, "element"),
    page("scan/element/<int:number>/answer/", elements.answer, "element-answer"),
    page("passports/", passports.passports, "passports"),
    page("trace/", trace.trace, "trace"),
    page("trace.csv", trace.trace_sheet, "trace-sheet"),
    page("units/<key:key>/label.svg", scan.label, "unit-label"),
    page("units/<key:key>/provenance/", provenance.provenance, "unit-provenance"),
    page("units/<key:key>/", units.unit, "unit"),
    page("subjects/<key:urn>/", subjects.any_subject, "subject"),
    page("policy/", policy.overview, "policy"),
    page("policy/practices/", practices.practices, "practices"),
    page("policy/compare/", policy.compare, "policy-compare"),
    page("policy/simulate/", policy.simulate, "policy-simulate"),
    page("policy/propose/", policy.propose, "policy-propose"),
    page("policy/<int:index>/draft.json", policy.draft_of, "policy-draft"),
    page("policy/proposals/", proposals.begin, "proposal-begin"),
    page("policy/proposals/<int:index>/", proposals.proposal, "proposal"),
    page("policy/proposals/<int:index>/simulate/", proposals.simulate, "proposal-simulate"),
    page("policy/proposals/<int:index>/freeze/", proposals.freeze, "proposal-freeze"),
    page("policy/proposals/<int:index>/drop/", proposals.drop, "proposal-drop"),
    page("policy/proposals/<int:index>/rules/<key:key>/", proposals.control, "proposal-control"),
    page("contradictions/", contradictions.listing, "contradictions"),
    page("contradictions.csv", contradictions.listing_sheet, "contradictions-sheet"),
    page("holds/", holds.listing, "holds"),
    page("holds/new/", holds.place, "hold-place"),
    page("holds/<int:index>/", holds.hold, "hold"),
    page("holds/<int:index>/tag/", holds.tag, "hold-tag"),
    page("holds/<int:index>/lift/", holds.lift, "hold-lift"),
    page("signing/", drafts.listing, "drafts"),
    page("signing/new/", begin.upload, "draft-begin"),
    page("signing/<int:index>/", drafts.draft, "draft"),
    page("signing/<int:index>/draft.json", drafts.payload, "draft-payload"),
    page("signing/<int:index>/sign/", drafts.sign, "draft-sign"),
    page("signing/<int:index>/upload/", drafts.upload, "draft-upload"),
    page("signing/<int:index>/withdraw/", drafts.withdraw, "draft-withdraw"),
    page("signing/<int:index>/hand-in/", drafts.hand_in, "draft-hand-in"),
    *people_addresses.ADDRESSES,
    *firm_key_addresses.ADDRESSES,
    *acceptance_addresses.ADDRESSES,
    *waiver_addresses.ADDRESSES,
    *work_addresses.ADDRESSES,
    *import_addresses.ADDRESSES,
    *export_addresses.ADDRESSES,
    *recall_addresses.ADDRESSES,
    *remark_addresses.ADDRESSES,
    *notice_addresses.ADDRESSES,
    *saved_addresses.ADDRESSES,
    page("threats/", threats.listing, "threats"),
    page("register/", register.listing, "register"),
    page("register/witnesses/", witnesses.listing, "witnesses"),
    page("register/compare/", witnesses.compare, "checkpoint-compare"),
    page("register/hand-in/", intake.hand_in, "hand-in"),
    page("register/<int:index>/", register.entry, "entry"),
    page("register/<int:index>/statement.json", register.statement, "entry-statement"),
    page("register/<int:index>/pack.zip", register.statement_pack, "statement-pack"),
    page("register/<int:index>/proof.txt", register.proof, "entry-proof"),
    page("register/<int:index>/times/<int:by>/proof.txt", register.time_receipt, "time-receipt"),
    page("register/<int:index>/times/<int:by>/token.tsr", register.time_token, "time-token"),
    page("register/<int:index>/sign-off/", begin.sign_off, "sign-off"),
    page("checkpoint", register.checkpoint, "checkpoint"),
    page("anchors.json", register.anchors, "anchors"),
]

if apps.is_installed("voltrail_server.api"):
    routes = import_module("voltrail_server.api.routes")
    urlpatterns.append(path("api/v1/", routes.api.urls))

handler403 = "voltrail_server.pages.errors.refused"
handler404 = "voltrail_server.pages.errors.not_found"
handler500 = "voltrail_server.pages.errors.failed"

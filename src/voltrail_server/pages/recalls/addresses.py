"""The addresses of recalls."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.recalls import recalls

ADDRESSES = [
    page("recalls/", recalls.listing, "recalls"),
    page("recalls/new/", recalls.new, "recall-new"),
    page("recalls/scope.csv", recalls.scope_sheet, "recall-scope"),
    page("recalls/<int:index>/", recalls.recall, "recall"),
    page("recalls/<int:index>/report.csv", recalls.report_sheet, "recall-report"),
    page("recalls/<int:index>/answer/", recalls.answer, "recall-answer"),
]

"""The addresses of lists to take away: each as CSV and as XLSX, and what a worker wrote."""

from voltrail_server.pages.exporting import exporting
from voltrail_server.pages.frame import page

LISTS = ("arrivals", "lots", "orders", "parties", "places", "register")
ADDRESSES = [
    *[
        page(f"{name}.{ending}", exporting.taking(name, ending), f"{name}-{ending}")
        for name in LISTS
        for ending in ("csv", "xlsx")
    ],
    page("long-work/<uuid:number>/file", exporting.file, "work-file"),
]

"""A supplier's arrivals by month and decision: one walk along an index, over its newest rows."""

from voltrail_server.records.models import ArrivalRow

_MOST = 5_000  # [rows] newest first; the cost stops there
_MONTH = len("2026-01")


def of_seller(seller: str) -> list[tuple[str, str, int]]:
    """Return (month, disposition, count) of the newest arrivals that a party sold."""
    rows = ArrivalRow.objects.filter(seller=seller).order_by("-received_at")
    counts: dict[tuple[str, str], int] = {}
    for received, disposition in rows.values_list("received_at", "disposition")[:_MOST]:
        month = (str(received)[:_MONTH], str(disposition))
        counts[month] = counts.get(month, 0) + 1
    return sorted((month, word, count) for (month, word), count in counts.items())

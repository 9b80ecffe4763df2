"""How many arrivals stand where, in one walk along an index."""

from django.db.models import Count

from voltrail_server.records.models import ArrivalRow


def dispositions() -> dict[str, int]:
    """Return how many arrivals have each disposition."""
    rows = ArrivalRow.objects.order_by().values_list("disposition").annotate(Count("arrival"))
    return {str(name): int(number) for name, number in rows}

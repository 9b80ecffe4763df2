"""Save a filter, list a person's own, remove one. Only lists of this site have any."""

from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail_server.people.models import Account
from voltrail_server.saved.models import SavedFilter

LISTS = frozenset(
    f"/{one}/"
    for one in (
        "arrivals",
        "lots",
        "orders",
        "parties",
        "places",
        "holds",
        "contradictions",
        "exceptions",
        "register",
        "people",
    )
)
MOST = 20  # [filters] of one list
_MAX_NAME, _MAX_QUERY = 40, 1_000  # [characters]
_PASSING = ("cursor", "csrfmiddlewaretoken")  # where a reader is in a list is no filter


@dataclass(frozen=True, slots=True)
class Chip:
    """A saved filter as it stands above its list."""

    number: int
    name: str
    address: str
    is_here: bool


def listing(account: Account, path: str, query: str) -> tuple[Chip, ...]:
    """Return a person's filters of a list; the one that fits the address is marked."""
    if path not in LISTS:
        return ()
    here = plain(query)
    return tuple(
        Chip(row.pk, row.name, row.address, row.query == here) for row in own(account, path)
    )


def own(account: Account, path: str = "") -> tuple[SavedFilter, ...]:
    """Return a person's filters of a list, or of all lists, by list and name."""
    if path and path not in LISTS:
        raise _no_list()
    rows = SavedFilter.objects.filter(account=account).order_by("path", "name", "id")
    return tuple(rows.filter(path=path) if path else rows)


def save(account: Account, path: str, query: str, name: str) -> tuple[SavedFilter, bool]:
    """Keep a filter under a name, in the place of one of that name; say whether it is new."""
    called, kept = " ".join(name.split()), plain(query)
    if path not in LISTS:
        raise _no_list()
    if not called or len(called) > _MAX_NAME:
        raise MalformedError(
            _("The name has no letter, or more than %(n)s.") % {"n": _MAX_NAME},
            hint=_("Give it a short name."),
        )
    if not kept or len(kept) > _MAX_QUERY:
        raise MalformedError(
            _("There is no filter to save."), hint=_("Narrow the list first, then save it.")
        )
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)  # so that no two count at once
        own = SavedFilter.objects.filter(account=account, path=path)
        if own.exclude(name=called).count() >= MOST:
            raise MalformedError(
                _("A list keeps %(n)s filters at most.") % {"n": MOST}, hint=_("Remove one first.")
            )
        return SavedFilter.objects.update_or_create(
            account=account, path=path, name=called, defaults={"query": kept}
        )


def remove(account: Account, number: int) -> str:
    """Forget a filter of one's own; return the address of its list."""
    found = SavedFilter.objects.filter(account=account, pk=number).first()
    if found is None:
        raise UnknownSubjectError(_("You have no such filter."), hint=_("Look at the list."))
    found.delete()
    return found.path


def plain(query: str) -> str:
    """Return what an address asks for, in one order, without what is empty or passing."""
    given = QueryDict(query[: 4 * _MAX_QUERY])
    kept = QueryDict(mutable=True)
    for key in sorted(given):
        values = [one for one in given.getlist(key) if one]
        if key not in _PASSING and values:
            kept.setlist(key, values)
    return kept.urlencode()


def _no_list() -> MalformedError:
    return MalformedError(_("That list keeps no filters."), hint=_("Save it on its own page."))

"""
Make notices of what was found, each once; and letters of those that go by mail.

How far events were told is a row that moves in the transaction which makes their notices: a crash
between loses both or neither. What is found twice is the same row of the table, by its source.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from voltrail_server.notices import finding, letters
from voltrail_server.notices.finding import Found, People
from voltrail_server.notices.kinds import DAILY, KINDS, NONE, NOW
from voltrail_server.notices.models import Habit, Notice, Told, Wish
from voltrail_server.people import language
from voltrail_server.people.models import Account
from voltrail_server.reading import outbox

CHUNK = 200  # [events] told in one transaction
MOST_CHUNKS = 50  # in one turn
EVERY = timedelta(minutes=10)  # how often duties, ends and work are looked at
_ROW = 1


def turn(at: datetime) -> int:
    """Tell what came since the last turn; return how many new notices there are."""
    before = Notice.objects.count()
    told, made = Told.objects.get_or_create(id=_ROW, defaults={"event": outbox.newest()})
    people = People(at)
    for _chunk in range(0 if made else MOST_CHUNKS):
        if not _events(people, at):
            break
    tell(finding.signatures(people, at), at)
    if told.looked_at is None or at - told.looked_at >= EVERY:
        for found in (finding.duties(people, at), finding.ends(people, at), finding.works(at)):
            tell(found, at)
        Told.objects.filter(id=_ROW).update(looked_at=at)
    post(at)
    return Notice.objects.count() - before


def _events(people: People, at: datetime) -> int:
    """Tell the next few events, and remember it, all or nothing; return how many there were."""
    with transaction.atomic():
        told = Told.objects.select_for_update().get(id=_ROW)
        events = outbox.after(told.event, CHUNK)
        if events:
            tell((one for event in events for one in finding.of_event(event, people)), at)
            Told.objects.filter(id=_ROW).update(event=events[-1].number)
    return len(events)


def tell(found: Iterable[Found], at: datetime) -> None:
    """Keep notices as each person wishes them; one that stands already is left as it is."""
    listed = list(found)
    if not listed:
        return
    numbers = {one.account for one in listed}
    wishes = {(w.account_id, w.kind): w for w in Wish.objects.filter(account__in=numbers)}
    accounts = Account.objects.in_bulk(numbers)
    rows = [
        _row(one, accounts[one.account], wishes.get((one.account, one.kind)), at)
        for one in listed
        if one.account in accounts
    ]
    Notice.objects.bulk_create(
        [row for row in rows if row.shown or row.mail != NONE], ignore_conflicts=True
    )


def post(at: datetime) -> None:
    """Make letters: one for each notice to be mailed at once, one for each person's day."""
    with transaction.atomic():
        waiting = Notice.objects.filter(mail=NOW, letter=None).select_related("account")
        for one in waiting.order_by("id"):
            one.letter = letters.of_notice(one, at)
            one.mail = NOW if one.letter else NONE
            one.save(update_fields=["letter", "mail"])
    numbers = Notice.objects.filter(mail=DAILY, letter=None).values_list("account", flat=True)
    for number in sorted(set(numbers)):
        _day(number, at)


def _day(number: int, at: datetime) -> None:
    with transaction.atomic():
        habit, _made = Habit.objects.select_for_update().get_or_create(account_id=number)
        local = at.astimezone(ZoneInfo(habit.zone))
        if local.hour < habit.hour or habit.made_for == local.date():
            return
        waiting = Notice.objects.filter(account=number, mail=DAILY, letter=None).order_by("id")
        found = list(waiting)
        letter = letters.of_day(habit.account, found, at)
        kept = {"letter": letter, "mail": DAILY if letter else NONE}
        Notice.objects.filter(pk__in=[one.pk for one in found]).update(**kept)
        habit.made_for = local.date()
        habit.save(update_fields=["made_for"])


def _row(one: Found, account: Account, wish: Wish | None, at: datetime) -> Notice:
    """Return a notice in the language of the one who gets it."""
    mail = wish.mail if wish else KINDS[one.kind].mail
    with language.speaking(account):
        return Notice(
            account=account,
            kind=one.kind,
            source=one.key,
            subject=one.subject[:200],
            sentence=one.say()[:500],
            hint=one.hint,
            address=one.address[:400],
            created_at=at,
            shown=wish.shown if wish else True,
            mail=mail if account.mail and letters.is_set_up() else NONE,
        )

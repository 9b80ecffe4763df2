"""
Keep what a file of somebody else says: each draft of it as an unsigned answer, as it was read.

The operator signs that it came, from whom and in which file; what it says stays its sender's word
and proves nothing alone. Foreign identities are linked to our subjects where the record says which
they are; nothing is guessed. The same file again keeps nothing twice, nor does the same event of
EPCIS in another file of its sender. Reads no file.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from voltrail import canonical
from voltrail.actions import captured, record
from voltrail.actions.captured import Word
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.canonical import Json
from voltrail.errors import MalformedError, ProductError
from voltrail.ids.identify import identify
from voltrail.ids.subject import PartyId, SubjectId
from voltrail.projections import contents, identities
from voltrail.projections.gathering import Gathering
from voltrail.readers.foreign import Draft, Named, Reading, Remark, plain
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.intake import Intake
from voltrail.statements.statement import MAX_SUBJECTS, Header
from voltrail.trust.signer import sealed

_LARGEST = 900_000  # [bytes] a statement holds 1 MiB, with its head; our choice: ADR 0054
FOREIGN = "urn:voltrail:foreign:"  # begins the type of what none of our statements means


class Meaning(Struct, frozen=True):
    """A foreign identity: which of our subjects it is, or why it is none."""

    named: Named
    subjects: tuple[SubjectId, ...] = ()
    refusal: str = ""


class Filed(Struct, frozen=True):
    """What is to be kept: the reading, who sent the file, and what is known of its identities."""

    reading: Reading
    sender: PartyId
    meanings: Mapping[str, Meaning]


def names(reading: Reading) -> tuple[Named, ...]:
    """
    Return the identities that a file names, each once, in the order in which they stand.

    Args:
        reading: of a foreign file

    Returns:
        Identities as the file writes them.

    Source: ADR 0054.
    """
    found = (one for draft in reading.drafts for one in _named(draft.said))
    return tuple(dict.fromkeys(found))


def meaning(desk: Desk, named: Named, at: datetime) -> Meaning:
    """
    Return which of our subjects a foreign identity is, by what is on record.

    Args:
        desk: where it is kept
        named: as the file writes it
        at: now, for dates in codes

    Returns:
        Its subjects; none where nothing says so; a refusal where it is written wrong.

    Source: mission, PV-01; ADR 0046, ADR 0054.
    """
    try:
        found = identify(named.text, at.date())
        meant = identities.meant(desk.entries, desk.views, found)
    except MalformedError as error:
        return Meaning(named, refusal=str(error))
    if meant.clash is not None:
        return Meaning(named, refusal=str(meant.clash))
    return Meaning(named, meant.subjects)


def keep(
    desk: Desk, filed: Filed, drafts: Sequence[Draft], at: datetime
) -> tuple[Registered | ProductError, ...]:
    """
    Return the place of each draft in the register, or why it was refused.

    Args:
        desk: holds the operator's key; the file's bytes are in its blobs
        filed: the reading, its sender, the meanings of its identities
        drafts: some of the reading's, in order
        at: log time

    Returns:
        One answer for each; a draft that is kept already has the place it has.

    Source: ADR 0054.
    """
    known = _kept(desk, filed)
    told = [_content(filed, draft) for draft in drafts]
    words = [_word(draft, said) for draft, said in zip(drafts, told, strict=True)]
    before = _before(desk, filed, words)
    answers: list[Registered | ProductError | int] = []
    fresh: list[bytes] = []
    begun: dict[Word, int] = {}
    for draft, said, word in zip(drafts, told, words, strict=True):
        if isinstance(said, ProductError):
            answers.append(said)
            continue
        same = known.get(canonical.digest(canonical.canonical_bytes(said)))
        if same is None and word is not None:
            same = before.get(word)
        if same is not None:
            answers.append(same)
        elif word in begun:
            answers.append(begun[word])
        else:
            if word is not None:
                begun[word] = len(fresh)
            answers.append(len(fresh))
            fresh.append(_sealed(desk, filed, (draft, said), at))
    return _answered(answers, record.hand_in_many(desk, fresh, at) if fresh else ())


def differing(desk: Desk, filed: Filed, drafts: Sequence[Draft]) -> tuple[Remark, ...]:
    """
    Return which events of a file say something else than the same eventID says elsewhere.

    Args:
        desk: where earlier words are kept
        filed: the reading and its sender
        drafts: some of the reading's, in order, before they are kept

    Returns:
        A remark for each event that differs from one on record, or from one above it.

    Source: ADR 0057.
    """
    words = [_word(draft, _content(filed, draft)) for draft in drafts]
    heard: dict[tuple[str, str], tuple[Word, str]] = {
        (one.event, one.kind): (one, f"entry {where.index}")
        for one, where in reversed(_before(desk, filed, words).items())
    }
    found: list[Remark] = []
    for draft, word in zip(drafts, words, strict=True):
        if word is None or draft.kind == "condition":
            continue
        first, where = heard.setdefault((word.event, word.kind), (word, draft.place))
        if first != word:
            sentence = f"The event {word.event[:200]!r} says something else in {where}."
            found.append(Remark(draft.place, sentence))
    return tuple(found)


def _word(draft: Draft, said: dict[str, Json] | ProductError) -> Word | None:
    return None if isinstance(said, ProductError) else captured.word(said, _type(draft))


def _before(desk: Desk, filed: Filed, words: Sequence[Word | None]) -> dict[Word, Registered]:
    """Return what stands on record of the sender about the same events."""
    events = [one.event for one in words if one is not None]
    return captured.standing(desk, filed.sender, events) if events else {}


def _answered(
    answers: Sequence[Registered | ProductError | int],
    told: Sequence[Registered | ProductError],
) -> tuple[Registered | ProductError, ...]:
    """Return each answer; where a number stands, the place it was given, new only once."""
    found: list[Registered | ProductError] = []
    seen: set[int] = set()
    for one in answers:
        made = told[one] if isinstance(one, int) else one
        if isinstance(one, int) and one in seen and isinstance(made, Registered):
            made = structs.replace(made, fresh=False)
        if isinstance(one, int):
            seen.add(one)
        found.append(made)
    return tuple(found)


def linked(filed: Filed, draft: Draft) -> tuple[SubjectId, ...]:
    """
    Return what a draft would be linked to: its sender, and what its identities are known to mean.

    Args:
        filed: the reading with the meanings of its identities
        draft: one of it

    Returns:
        At most as many subjects as a statement may have.

    Source: ADR 0054.
    """
    found = [
        subject
        for named in _named(draft.said)
        if (known := filed.meanings.get(named.text)) is not None
        for subject in known.subjects
    ]
    return tuple(dict.fromkeys([filed.sender, *found]))[:MAX_SUBJECTS]


def _content(filed: Filed, draft: Draft) -> dict[str, Json] | ProductError:
    """Return what the answer holds: form, place and all that the draft says."""
    try:
        said = msgspec.json.decode(msgspec.json.encode(draft.said, enc_hook=plain))
        told: dict[str, Json] = {"form": filed.reading.form, "place": draft.place, "said": said}
        return canonical.parse(canonical.canonical_bytes(told), limit=_LARGEST)
    except ProductError as error:
        sentence = f"{draft.place}: {error}"
        return MalformedError(sentence, hint=error.hint or "Ask the sender to mend the file.")


def _sealed(desk: Desk, filed: Filed, told: tuple[Draft, dict[str, Json]], at: datetime) -> bytes:
    draft, said = told
    file = Digest(filed.reading.digest)
    fact = Intake(filed.sender, filed.reading.form, _type(draft), said, file)
    payload = statements.compose(fact, Header(desk.operator, at), *linked(filed, draft))
    return sealed(payload, desk.signer).raw


def _type(draft: Draft) -> str:
    """Return the predicate type that a draft could become, or that of a foreign word."""
    return kinds.uri(draft.kind) if draft.kind in kinds.KINDS else FOREIGN + draft.kind


def _kept(desk: Desk, filed: Filed) -> dict[str, Registered]:
    """Return what is on record from this file and sender, by the digest of its content."""
    room = Gathering(desk.entries, desk.views)
    return {
        canonical.digest(canonical.canonical_bytes(one.fact.content)): captured.place(one)
        for one in room.standing(contents.PREFIX + filed.reading.digest)
        if isinstance(one.fact, Intake) and one.fact.said_by == filed.sender
    }


def _named(said: Any) -> Iterator[Named]:  # noqa: ANN401 — any value of a draft
    """Yield every identity in a draft, however deep."""
    if isinstance(said, Named):
        yield said
    elif isinstance(said, Struct):
        for name in said.__struct_fields__:
            yield from _named(getattr(said, name))
    elif isinstance(said, tuple | list):
        for one in said:
            yield from _named(one)

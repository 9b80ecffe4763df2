"""
Identities in EPCIS events that claim to be of GS1 and are written wrong: each is remarked.

An identity that claims nothing of GS1, a private URN or a plain address, is not looked at. What is
wrong is not mended and not refused here: the event stays its sender's word.
"""

from collections.abc import Iterator

from voltrail.errors import MalformedError
from voltrail.ids import digital_link
from voltrail.ids.identify import identify
from voltrail.readers.epcis_model import Event
from voltrail.readers.foreign import Remark

MOST_READ = 20_000  # [identities] of one file that are looked at; our choice: two seconds
MOST_TOLD = 100  # [remarks] about one file; the others are counted; our choice
_SHOWN = 120  # [characters] of an identity in a remark
_EPC = ("urn:epc:id:", "urn:epc:class:", "urn:epc:idpat:")


class Wrong:
    """The identities of one file: which were looked at, and what is wrong with them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._told = 0
        self._unread = 0

    def remarks(self, event: Event, place: str) -> Iterator[Remark]:
        """
        Yield a remark for each identity of an event that claims a form of GS1 and is refused.

        Args:
            event: as read
            place: names the event by its number

        Yields:
            Place, the identity and why it is refused; each identity once in an event.

        Source: our choice: ADR 0046, ADR 0047.
        """
        for text in dict.fromkeys(_written(event)):
            sentence = self._sentence(text)
            if not sentence:
                continue
            self._told += 1
            if self._told <= MOST_TOLD:
                shown = repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}…"
                yield Remark(place, f"The identity {shown} is written wrong: {sentence}")

    def rest(self) -> Iterator[Remark]:
        """
        Yield what was not told of the whole file.

        Yields:
            How many remarks were left out, and how many identities were not looked at.

        Source: our choice.
        """
        if self._told > MOST_TOLD:
            many = f"{self._told - MOST_TOLD:,}"
            yield Remark("The document", f"Identities are written wrong in {many} more places.")
        if self._unread:
            many = f"{self._unread:,}"
            yield Remark("The document", f"Whether {many} more identities are right was not read.")

    def _sentence(self, text: str) -> str:
        """Return why an identity is refused; nothing where it is right, or claims nothing."""
        if text not in self._known:
            if len(self._known) >= MOST_READ:
                self._unread += 1
                return ""
            self._known[text] = _refusal(text) if _claims(text) else ""
        return self._known[text]


def _claims(text: str) -> bool:
    low = text[:16].lower()
    if low.startswith("http"):
        return digital_link.claims(text)
    return low.startswith(_EPC)


def _refusal(text: str) -> str:
    try:
        identify(text)
    except MalformedError as error:
        return str(error)
    return ""


def _written(event: Event) -> Iterator[str]:
    """Yield the text of every identity in an event: what, whose, where, by which paper."""
    places = (event.parent, event.read_point, event.location)
    for one in (*places, *event.items, *event.inputs, *event.outputs):
        if one is not None:
            yield one.text
    for amount in (*event.amounts, *event.input_amounts, *event.output_amounts):
        yield amount.of.text
    for side in (*event.sources, *event.destinations):
        yield side.who.text
    for paper in event.papers:
        yield paper.number
    for sensed in event.sensors:
        if sensed.device:
            yield sensed.device

"""
EPCIS 2.0 documents in JSON, and 1.2 and 2.0 in XML: events become drafts.

Documents, query documents and bare events. Contexts are known by name and never fetched. One event
that is wrong refuses the whole document, with its place, so that no half of a story is recorded.
"""

from collections.abc import Iterator
from typing import Any

from voltrail.errors import MalformedError
from voltrail.readers import epcis_event, epcis_fields, epcis_says, epcis_xml
from voltrail.readers.epcis_fields import NAMES, Where
from voltrail.readers.epcis_wrong import Wrong
from voltrail.readers.foreign import Draft, Format, Opened, Reading, Remark
from voltrail.readers.markup import MAX_ADDRESS, MAX_PREFIXES, Element

NAME = "epcis"
_CONTEXT = "https://ref.gs1.org/standards/epcis/"
_DOCUMENTS = {"EPCISDocument", "EPCISQueryDocument"}
_KINDS = {"ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent",
          "TransformationEvent"}  # fmt: skip
_VERSIONS = ("2.0", "2.0.0", "2.0.1")
_SHOWN = 5  # [events] named in one refusal


def fits(opened: Opened) -> bool:
    """
    Return whether a file is EPCIS.

    Args:
        opened: the file

    Returns:
        True for a document, a query document or a bare event.

    Source: EPCIS 2.0, section 9.
    """
    value = opened.value
    if isinstance(value, Element):
        return value.name in _DOCUMENTS | _KINDS
    if not isinstance(value, dict):
        return False
    kind = value.get("type", value.get("isA"))
    return "epcisBody" in value or (isinstance(kind, str) and kind in _DOCUMENTS | _KINDS)


def read(opened: Opened) -> Reading:
    """
    Return the drafts of an EPCIS file.

    Args:
        opened: the file

    Returns:
        At least one draft for each event, and what was remarked.

    Raises:
        MalformedError: no such document, or an event that is wrong.

    Source: EPCIS 2.0, sections 7 and 9; CBV 2.0.
    """
    remarks = list(opened.remarks)
    xml = isinstance(opened.value, Element)
    found = _xml_events(opened.value, remarks) if xml else _json_events(opened.value, remarks)
    drafts: list[Draft] = []
    wrong: list[MalformedError] = []
    identities = Wrong()
    for value, where in found:
        try:
            event = epcis_event.read(value, where)
        except MalformedError as error:
            wrong.append(error)
        else:
            drafts.extend(epcis_says.drafts(event, where, opened.digest))
            remarks.extend(identities.remarks(event, where.place))
    if wrong:
        raise _refused(wrong)
    remarks.extend(identities.rest())
    return Reading(NAME, opened.digest, drafts, remarks)


def _refused(wrong: list[MalformedError]) -> MalformedError:
    if len(wrong) == 1:
        return wrong[0]
    named = " ".join(str(one) for one in wrong[:_SHOWN])
    rest = f" And {len(wrong) - _SHOWN:,} more." if len(wrong) > _SHOWN else ""
    return MalformedError(f"{len(wrong):,} events are wrong. {named}{rest}", hint=wrong[0].hint)


def _xml_events(root: Element, remarks: list[Remark]) -> Iterator[tuple[Any, Where]]:
    for value, declared, place in epcis_xml.events(root):
        yield value, Where(place, epcis_xml.prefixes(declared), remarks)


def _json_events(value: Any, remarks: list[Remark]) -> Iterator[tuple[Any, Where]]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise MalformedError("The file holds no EPCIS document.", hint="Give one object.")
    whole = Where("The document", NAMES, remarks)
    if not isinstance(value.get("type"), str) or value["type"] not in _DOCUMENTS:
        yield value, _where("event 1", value, whole)
        return
    if "@context" not in value:
        raise MalformedError("The document lacks @context.", hint=f"Name {_CONTEXT}…")
    inside = _where("The document", value, whole)
    _need_frame(value, inside)
    for at, one in enumerate(_list_of(value, inside), 1):
        yield one, _where(f"event {at}", one, inside)


def _need_frame(value: dict[str, Any], where: Where) -> None:
    version = value.get("schemaVersion")
    if version not in _VERSIONS:
        raise where.at("schemaVersion").fault(f"is {version!r:.20}", "EPCIS 2.0 is read as JSON.")
    epcis_fields.time(value.get("creationDate"), where.at("creationDate"))


def _list_of(value: dict[str, Any], where: Where) -> list[Any]:
    path = ["epcisBody", "eventList"]
    if value["type"] == "EPCISQueryDocument":
        path = ["epcisBody", "queryResults", "resultsBody", "eventList"]
    found: Any = value
    for name in path:
        where = where.at(name)
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise where.fault("is not a list of events", "Put the events there.")
    return found


def _where(place: str, value: Any, outer: Where) -> Where:  # noqa: ANN401 — any JSON value
    """Return a place with the prefixes that its own context adds."""
    given = value.get("@context", []) if isinstance(value, dict) else []
    prefixes, loose = dict(outer.prefixes), outer.loose
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, dict):
            prefixes |= {name: said for name, said in one.items() if isinstance(said, str)}
        elif isinstance(one, str) and not one.startswith(_CONTEXT):
            loose = True
            outer.remarks.append(
                Remark(place, f"The context {one[:200]} is not here; its words are kept.")
            )
        elif not isinstance(one, str):
            raise MalformedError(
                f"{place}.@context is neither name nor object.", hint="Write both so."
            )
    if len(prefixes) > MAX_PREFIXES or any(len(one) > MAX_ADDRESS for one in prefixes.values()):
        raise MalformedError(
            f"{place}.@context has more than {MAX_PREFIXES} prefixes, or one that is far too long.",
            hint="Name the vocabularies that are used.",
        )
    return Where(place, prefixes, outer.remarks, loose)


FORMAT = Format(NAME, "EPCIS 1.2 and 2.0", fits, read)

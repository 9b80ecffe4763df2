"""
Bring the certificates in a CMS message into the one order that strict readers ask for.

Common services write the set in the order of the chain, which BER allows and DER does not. No
signature covers that order, and no length changes. Does not judge anything.
"""

from collections.abc import Iterator

from voltrail.errors import MalformedError

_LONG = 0x80  # X.690 section 8.1.3.5: the lower bits say how many bytes the length has
_MOST_LENGTH = 3  # [bytes] of a length; a token has at most 64 KiB
_CERTIFICATES = 0xA0  # RFC 5652 section 5.1: [0] IMPLICIT CertificateSet


def with_certificates_in_order(response: bytes) -> bytes:
    """
    Return a time-stamp response whose certificates stand in DER's order.

    Args:
        response: a TimeStampResp whose token is a SignedData

    Returns:
        The same bytes but for that order.

    Raises:
        MalformedError: a length leads out of the message.

    Source: X.690 section 11.6; RFC 5652 section 5.1; RFC 3161 section 2.4.2.
    """
    span = _set_of_certificates(response)
    if span is None:
        return response
    start, end = span
    ordered = sorted(response[first:last] for _, first, _, last in _elements(response, start, end))
    return response[:start] + b"".join(ordered) + response[end:]


def _set_of_certificates(data: bytes) -> tuple[int, int] | None:
    """Return where the contents of the set begin and end; None where there is none."""
    place = (0, len(data))
    for step in (0, 1, 1, 0):  # TimeStampResp → token → [0] content → SignedData
        inside = list(_elements(data, *place))
        if len(inside) <= step:
            return None
        _, _, begins, ends = inside[step]
        place = (begins, ends)
    found = [one for one in _elements(data, *place) if one[0] == _CERTIFICATES]
    return (found[0][2], found[0][3]) if found else None


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, where an element begins, where its contents begin, and where it ends."""
    while start < end:
        begins, size = start + 2, data[start + 1] if start + 1 < end else _LONG
        if size & _LONG:
            count = size & ~_LONG
            size = int.from_bytes(data[begins : begins + count], "big")
            begins += count
            if not 0 < count <= _MOST_LENGTH:
                raise _cut()
        if begins + size > end:
            raise _cut()
        yield data[start], start, begins, begins + size
        start = begins + size


def _cut() -> MalformedError:
    return MalformedError(
        "The bytes are no time-stamp token.", hint="Ask the time-stamp service again."
    )

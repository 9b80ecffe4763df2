"""
What somebody else's proof shows: over which bytes, by whom, and when.

A plain value that every reader of foreign proofs returns. Proven time and claimed time are two
fields, so that nobody takes the one for the other. Says nothing on whether the signer is to be
believed, and is no statement.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct


class Proven(Struct, frozen=True):
    """
    A foreign proof that holds.

    Attributes:
        form: the kind of proof, in words
        signer: as the proof names the key: a certificate's name, a did:key, a fingerprint
        sha256: digest of the bytes that the proof covers
        proven_at: a time that a third party vouches for; None where there is none
        claimed_at: a time that the signer states of itself; proves nothing
        valid_until: the end that the signer set; judged where the proof was verified
        said: what else stands in the proof, for a person to read
    """

    form: str
    signer: str
    sha256: str
    proven_at: datetime | None = None
    claimed_at: datetime | None = None
    valid_until: datetime | None = None
    said: Mapping[str, str] = {}

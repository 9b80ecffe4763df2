"""Claim 1: a full verdict costs little more than the signature in it."""

import ground
import measure
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from measure import Row

from voltrail.ids.subject import LotId
from voltrail.statements import envelope, statement
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner
from voltrail_world.cast import BEGINS, FJORDLINIE, KESTREL, NORDLICHT

COUNT = 20_000 if measure.FULL else 2_000
WANTED = 0.85
BATCH = 250  # [envelopes] handed in at once


def said(key: LocalSigner, number: int) -> bytes:
    lot = LotId.of("kestrel", f"L{number % ground.LOTS}")
    seals = ("a1", "a2")
    fact = HandOver(lot, f"H{number}", Half.GIVEN, KESTREL, FJORDLINIE, ground.NOW, 40, seals=seals)
    return signer.sealed(statement.compose(fact, Header(KESTREL, ground.NOW), lot), key).raw


def measured(algorithm: Algorithm) -> Row:
    key = signer.generate(algorithm)
    anchors = Anchors((Anchor(key.public, KESTREL, BEGINS),))
    raws = [said(key, number) for number in range(COUNT)]
    opened = [envelope.parse(raw) for raw in raws]
    signed = [(one.signatures[0].sig, one.pae) for one in opened]
    public = load_der_public_key(key.public.spki)
    more = (ec.ECDSA(SHA256()),) if algorithm is Algorithm.P256 else ()

    def bare() -> None:
        for signature, data in signed:
            public.verify(signature, data, *more)  # type: ignore[union-attr, call-arg]

    def full() -> None:
        for at in range(0, COUNT, BATCH):
            ground.verdicts(raws[at : at + BATCH], NORDLICHT, anchors)

    times = measure.pairs(bare, full)
    over = measure.spread((slow - fast) / COUNT for fast, slow in times)
    print(
        f"{algorithm}: {COUNT:,} envelopes of {len(raws[0]):,} bytes; "
        f"the rest of a verdict costs {over.text(' us', 1e6)}"
    )
    return Row(
        f"verdict, {algorithm}",
        measure.spread(COUNT / fast for fast, _ in times).text("/s"),
        measure.spread(COUNT / slow for _, slow in times).text("/s"),
        measure.spread(fast / slow for fast, slow in times).middle,
        WANTED,
    )


if __name__ == "__main__":
    schemes = (Algorithm.ED25519, Algorithm.P256, Algorithm.MLDSA44)
    measure.show("1  Verdict against bare signature", [measured(one) for one in schemes])

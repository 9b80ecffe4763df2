"""A passkey made in Python: what a browser sends of it, and every way its answer may go wrong."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field

from voltrail.trust import signer
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner

PRESENT, VERIFIED = 0x01, 0x04
COSE = {Algorithm.P256: "-7", Algorithm.ED25519: "-8"}


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Authenticator:
    """A passkey; its fields are what it says, and so how it may go wrong."""

    own: LocalSigner = field(default_factory=lambda: signer.generate(Algorithm.P256))
    credential: str = field(default_factory=lambda: url64(secrets.token_bytes(32)))
    host: str = "localhost"
    origin: str = "http://localhost:8000"
    flags: int = PRESENT | VERIFIED
    more: tuple[tuple[str, object], ...] = ()

    @property
    def key(self) -> str:
        return self.own.public.key_id

    def answer(self, challenge: bytes) -> dict[str, str]:
        """What the page posts for a challenge."""
        data = hashlib.sha256(self.host.encode()).digest() + bytes([self.flags]) + bytes(4)
        said = {"type": "webauthn.get", "challenge": url64(challenge), "origin": self.origin}
        client = json.dumps({**said, "crossOrigin": False, **dict(self.more)}).encode()
        inner = self.own.sign(data + hashlib.sha256(client).digest())
        parts = {
            "authenticatorData": url64(data),
            "clientDataJSON": url64(client),
            "signature": url64(inner),
        }
        return {"credential": self.credential, "assertion": json.dumps(parts)}

    def made(self, challenge: bytes) -> dict[str, str]:
        """What the page posts of a new passkey, with the proof that it is held."""
        spki, scheme = self.own.public.spki, COSE[self.own.public.algorithm]
        return {
            **self.answer(challenge),
            "spki": url64(spki),
            "algorithm": scheme,
            "label": "Phone",
        }

"""
A process of ours that answers as Vault's transit engine is documented to; it is not Vault.

Keeps two versions of one Ed25519 key, wants the token given as its argument, and prints its port.
Under the key name `wrong` it signs other bytes than it was asked to.
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEYS = {str(version): Ed25519PrivateKey.generate() for version in (1, 2)}


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Transit(BaseHTTPRequestHandler):
    """GET /v1/transit/keys/NAME and POST /v1/transit/sign/NAME."""

    def do_GET(self) -> None:
        halves = {
            version: {"public_key": text(key.public_key().public_bytes_raw())}
            for version, key in KEYS.items()
        }
        self.answer("/v1/transit/keys/", {"type": "ed25519", "keys": halves})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        version = str(asked.get("key_version", 2))
        signed = base64.b64decode(asked["input"])
        if self.path.endswith("/wrong"):
            signed += b"."
        signature = KEYS[version].sign(signed)
        self.answer("/v1/transit/sign/", {"signature": f"vault:v{version}:{text(signature)}"})

    def answer(self, place: str, data: object) -> None:
        status, body = 200, {"data": data}
        if self.headers.get("X-Vault-Token") != sys.argv[1]:
            status, body = 403, {"errors": ["permission denied"]}
        elif self.path.removeprefix(place) not in ("seal", "wrong"):
            status, body = 404, {"errors": []}
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Transit) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()

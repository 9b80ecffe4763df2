"""
A time-stamp service as a process of its own on loopback: OpenSSL stamps, this only listens.

    python stamp_service.py FOLDER      prints its address; FOLDER is from `made`
"""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


def made(folder: Path, name: str = "Stamps & Sons", *, days: float = 30) -> Path:
    """A new service in a folder; the file of its root and its own certificate."""
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _named(f"{name} root")
    root = (
        _begun(root_name, root_name, root_key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, SHA256())
    )
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    own = (
        _begun(_named(name), root_name, key.public_key(), now, days)
        .add_extension(stamping, critical=True)
        .sign(root_key, SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    (folder / "own.pem").write_bytes(own.public_bytes(Encoding.PEM))
    roots = root.public_bytes(Encoding.PEM) + own.public_bytes(Encoding.PEM)
    (folder / "roots.pem").write_bytes(roots)
    (folder / "chain.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "serial").write_text("01\n")
    (folder / "ts.cnf").write_text(_CONFIG.format(folder=folder))
    return folder / "roots.pem"


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: float,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )


@contextmanager
def stamping(folder: Path) -> Iterator[str]:
    """The address of a service that ends with the block."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("a"),
        text=True,
    )
    try:
        assert process.stdout is not None
        match = re.search(r"http://\S+", process.stdout.readline())
        assert match, (folder / "log").read_text()
        yield match[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


class Door(BaseHTTPRequestHandler):
    """Hands each query to OpenSSL, and its answer back."""

    folder = Path()

    def do_POST(self) -> None:
        query = self.folder / "query.tsq"
        query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        words = ["openssl", "ts", "-reply", "-config", "ts.cnf", "-section", "one"]
        words += ["-queryfile", "query.tsq", "-signer", "own.pem", "-inkey", "key.pem"]
        words += ["-chain", "chain.pem", "-out", "answer.tsr"]
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)
        answer = (self.folder / "answer.tsr").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


def main(folder: str) -> None:
    Door.folder = Path(folder)
    server = HTTPServer(("127.0.0.1", 0), Door)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}/\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])

"""An auditor installs the kernel alone: it must work where nothing of the server is installed."""

import os
import subprocess
import sys

from house.source import SRC

BLOCKED = ("django", "ninja", "pydantic", "granian", "whitenoise", "psycopg", "numpy")
BLOCKED += ("rfc3161_client", "securesystemslib", "tuf")  # the extra `proofs`
BLOCKED += ("sigstore", "sigstore_models")
BLOCKED += ("pkcs11", "asn1crypto")  # the extra `hardware`
CHILD = f"""
import importlib, importlib.abc, pkgutil, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Absent())
import voltrail
names = [m.name for m in pkgutil.walk_packages(voltrail.__path__, "voltrail.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
assert not [name for name in sys.modules if name.partition(".")[0] in {BLOCKED!r}]
print(len(names))
"""


def test_every_kernel_module_imports_without_the_server_s_dependencies() -> None:
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) > 20

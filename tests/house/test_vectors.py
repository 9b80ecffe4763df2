"""Other people's vectors are read by a test, folder by folder; a new folder asks for one."""

import re

import pytest

from corpus import corpus
from house.source import ROOT

# Folder of the corpus → the tests that judge each of its cases.
READERS = {
    "ed25519-rfc8032": ("trust/test_keys.py",),
    "in-toto-demo": ("trust/foreign/test_links.py",),
    "jcs-rfc8785": ("foundations/test_canonical.py", "trust/foreign/test_canonical_json.py"),
    "merkle-rfc6962": ("foundations/test_merkle.py",),
    "mldsa44-kat": ("trust/test_keys.py",),
    "rfc3161": ("trust/foreign/test_timestamp.py",),
    "signed-note": ("register/test_note.py",),
    "signed-qr-hc1": ("foundations/test_cose.py", "trust/foreign/test_signed_code.py"),
    "sigstore-conformance": ("trust/foreign/test_sigstore.py",),
    "sigstore-go-examples": ("trust/foreign/test_sigstore.py",),
    "tlog-tiles-tessera": ("register/test_tile.py",),
    "tuf": ("trust/test_tuf.py",),
    "vc-eddsa-jcs-2022": ("trust/foreign/test_credential.py",),
    "wycheproof": ("trust/test_keys.py", "trust/foreign/test_schemes.py"),
}


def test_every_folder_of_provenance_vectors_has_its_reader() -> None:
    folders = {one.name for one in corpus("provenance").iterdir() if one.is_dir()}
    assert folders == set(READERS)


@pytest.mark.parametrize("folder", READERS)
def test_a_reader_names_the_folder_it_reads(folder: str) -> None:
    named = re.compile(rf'corpus\(\s*"provenance",\s*"{folder}"')
    for test in READERS[folder]:
        assert named.search((ROOT / "tests" / test).read_text(encoding="utf-8")), test

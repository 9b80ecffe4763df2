"""Keys on a stick: what is written is read by TUF's own client, and what is bent is refused."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus import corpus
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust import signer, tuf_check, tuf_export
from voltrail.trust.keys import Algorithm
from voltrail.trust.tuf_check import Patience, Verdict
from voltrail.trust.tuf_export import Terms

pytest.importorskip("tuf", reason="the extra `proofs` is not installed")

from securesystemslib.signer import Signature
from tuf.api.metadata import Metadata
from tuf.api.serialization.json import CanonicalJSONSerializer
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

Change = Callable[[dict[str, Any]], object]

AT = datetime(2026, 11, 28, tzinfo=UTC)
ONE, TWO, THREE = (signer.generate() for _ in range(3))
TARGETS = {"anchors.json": b'{"keys": []}'}
ROOT = "metadata/1.root.json"


def export(
    signers: Sequence[signer.LocalSigner] = (ONE,),
    old: Mapping[str, bytes] | None = None,
    at: datetime = AT,
    **more: Any,  # noqa: ANN401
) -> dict[str, bytes]:
    """The whole stick after one more export."""
    return {**(old or {}), **tuf_export.export(TARGETS, signers, at, old or {}, **more)}


def check(
    files: Mapping[str, bytes], at: datetime = AT, root: bytes | None = None
) -> tuf_check.Checked:
    return tuf_check.check(files, root or files[ROOT], at)


def read(folder: Path) -> dict[str, bytes]:
    found = [one for one in folder.rglob("*") if one.is_file()]
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in found}


@pytest.mark.parametrize("algorithm", signer.MAKERS)
def test_an_export_is_read_back_with_every_scheme(algorithm: Algorithm) -> None:
    found = check(export([signer.generate(algorithm)]))
    assert (found.verdict, found.made_at) == (Verdict.FRESH, AT)
    assert set(found.targets) == set(TARGETS)
    assert found.versions == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}


def test_the_file_that_makes_an_export_count_is_written_last() -> None:
    assert list(tuf_export.export(TARGETS, [ONE], AT, {}))[-1] == "metadata/timestamp.json"


def test_tuf_s_own_client_reads_an_export() -> None:
    files = export([ONE, TWO], terms=Terms(threshold=2))
    found = TrustedMetadataSet(files[ROOT], EnvelopeType.METADATA)
    found.reference_time = AT
    found.update_timestamp(files["metadata/timestamp.json"])
    found.update_snapshot(files["metadata/snapshot.json"])
    found.update_delegated_targets(files["metadata/targets.json"], "targets", "root")
    target = found.targets.targets["anchors.json"]
    target.verify_length_and_hashes(TARGETS["anchors.json"])


def test_a_second_export_keeps_the_root_and_counts_on() -> None:
    again = export(old=export(), at=AT + timedelta(days=9))
    assert "metadata/2.root.json" not in again
    found = check(again, AT + timedelta(days=10))
    assert (found.versions["timestamp"], found.versions["root"]) == (2, 1)


def test_new_keys_count_where_the_old_ones_hand_over() -> None:
    first = export([ONE, TWO], terms=Terms(threshold=2))
    with pytest.raises(RefusedError):
        export([THREE], first)
    with pytest.raises(RefusedError):
        export([THREE], first, retiring=[ONE])
    second = export([THREE], first, retiring=[ONE, TWO])
    assert check(second).versions["root"] == 2
    assert check(second, root=second["metadata/2.root.json"]).versions["root"] == 2


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (0, Verdict.FRESH),
        (30, Verdict.FRESH),
        (31, Verdict.STALE_WARN),
        (180, Verdict.STALE_WARN),
        (181, Verdict.STALE_REFUSE),
        (366, Verdict.STALE_REFUSE),
        (3_653, Verdict.STALE_REFUSE),
        (-1, Verdict.STALE_REFUSE),
        (-3_653, Verdict.STALE_REFUSE),
    ],
)
def test_a_stick_says_how_old_it_is(days: int, verdict: Verdict) -> None:
    """Pitfall 14: a trust root is never silently stale, and a wrong clock is said."""
    found = check(export(), AT + timedelta(days=days))
    assert found.verdict == verdict
    assert found.sentence.endswith(".")


def test_the_policy_on_age_is_the_reader_s() -> None:
    later, files = AT + timedelta(days=3), export()
    strict = tuf_check.check(files, files[ROOT], later, Patience(1, 2))
    assert strict.verdict == Verdict.STALE_REFUSE


def test_an_export_ends_even_where_the_reader_is_patient() -> None:
    files = export(terms=Terms(days=5))
    found = tuf_check.check(files, files[ROOT], AT + timedelta(days=6), Patience(900, 900))
    assert found.verdict == Verdict.STALE_REFUSE


def test_keys_that_make_no_threshold_are_refused() -> None:
    for signers, threshold in (([], 1), ([ONE], 2), ([ONE], 0), ([ONE, ONE], 2)):
        with pytest.raises(MalformedError):
            export(signers, terms=Terms(threshold=threshold))


def test_a_damaged_last_export_is_not_continued() -> None:
    with pytest.raises(MalformedError):
        export(old={**export(), "metadata/timestamp.json": b"{}"})


def bent(
    path: str, change: Change, signers: Sequence[signer.LocalSigner] = (ONE,)
) -> dict[str, bytes]:
    """A stick one of whose files was changed and signed again."""
    files = export()
    whole = json.loads(files[path])
    change(whole["signed"])
    made = Metadata.from_dict(whole)
    made.signatures = {}
    for one in signers:
        name = tuf_export._key(one).keyid
        covered = CanonicalJSONSerializer().serialize(made.signed)
        made.signatures[name] = Signature(name, one.sign(covered).hex())
    return {**files, path: made.to_bytes()}


FILES = ["metadata/timestamp.json", "metadata/snapshot.json", "metadata/targets.json", ROOT]


@pytest.mark.parametrize("path", FILES)
def test_a_file_signed_by_a_stranger_is_refused(path: str) -> None:
    good = export()
    files = bent(path, lambda _: None, [TWO])
    with pytest.raises(SignatureInvalidError):
        check(files, root=files[ROOT] if path == ROOT else good[ROOT])


@pytest.mark.parametrize("path", [*FILES, "targets/anchors.json"])
def test_a_file_changed_or_missing_is_refused(path: str) -> None:
    good = export()
    for data in (good[path].replace(b"1", b"2", 1) + b" ", b"{}", b"[]", b"\xff"):
        with pytest.raises(ProductError):
            check({**good, path: data}, root=data if path == ROOT else good[ROOT])
    if path != ROOT:
        with pytest.raises(UnverifiableError):
            check({name: data for name, data in good.items() if name != path}, root=good[ROOT])


def test_parts_of_two_exports_do_not_make_one() -> None:
    first = export()
    second = export(old=first, at=AT + timedelta(days=1))
    for path in FILES[:3]:
        with pytest.raises(SignatureInvalidError):
            check({**second, path: first[path]}, AT + timedelta(days=1))


def test_one_key_under_two_names_is_not_two_keys() -> None:
    """Pitfall 3: a threshold counts keys by their material."""

    def twice(signed: dict[str, Any]) -> None:
        (row,) = signed["keys"].values()
        signed["keys"]["again"] = dict(row)
        signed["roles"]["root"] |= {"keyids": [*signed["roles"]["root"]["keyids"], "again"]}

    files = bent(ROOT, twice)
    with pytest.raises(MalformedError, match="two names"):
        check(files)


NAMES = [".", "..", "ö", "a/b", "../a", "role\0", "а", "ro le", "a" * 65, "A\n"]


@pytest.mark.parametrize("name", NAMES)
def test_a_role_whose_name_could_mean_something_else_is_refused(name: str) -> None:
    """Pitfall 10: `.`, `..`, `ö` and the like are no role names."""

    def delegates(signed: dict[str, Any]) -> None:
        role = {"name": name, "keyids": [], "threshold": 1, "paths": ["*"], "terminating": False}
        signed["delegations"] = {"keys": {}, "roles": [role]}

    files = with_targets(delegates)
    with pytest.raises(MalformedError, match="could be read"):
        check(files)


@pytest.mark.parametrize(
    "name", [*NAMES[:3], "../../etc/passwd", "/etc/passwd", "a//b", "a\\b", "C:"]
)
def test_a_target_that_would_be_put_elsewhere_is_refused(name: str) -> None:
    """Pitfall 10: a target's name is a plain name below its folder."""

    def adds(signed: dict[str, Any]) -> None:
        signed["targets"][name] = dict(signed["targets"]["anchors.json"])

    files = with_targets(adds)
    files[f"targets/{name}"] = TARGETS["anchors.json"]
    with pytest.raises(MalformedError, match="could be read"):
        check(files)


def with_targets(change: Change) -> dict[str, bytes]:
    """A stick whose targets were changed, and whatever stands above them signed again."""
    files = bent("metadata/targets.json", change)
    for path, part, field in (
        ("metadata/snapshot.json", "metadata/targets.json", "meta"),
        ("metadata/timestamp.json", "metadata/snapshot.json", "meta"),
    ):
        whole = json.loads(files[path])
        name = part.removeprefix("metadata/")
        whole["signed"][field][name] = {"version": 1}
        again = bent(path, lambda signed, now=whole["signed"]: signed.update(now))
        files[path] = again[path]
    return files


def test_a_root_under_another_number_is_refused() -> None:
    files = export([ONE])
    with pytest.raises(SignatureInvalidError, match="version"):
        check({**files, "metadata/2.root.json": files[ROOT]})


def test_a_file_of_another_role_is_refused() -> None:
    files = export()
    with pytest.raises(MalformedError, match="no timestamp"):
        check({**files, "metadata/timestamp.json": files["metadata/snapshot.json"]})


def test_roots_and_roles_without_end_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = export()
    second = export([TWO], first, retiring=[ONE])
    monkeypatch.setattr(tuf_check, "MAX_ROOTS", 1)
    with pytest.raises(MalformedError, match="roots"):
        check(second)
    monkeypatch.setattr(tuf_check, "MAX_ROLES", 0)
    files = read(corpus("provenance", "tuf", "repository_data", "repository"))
    monkeypatch.setattr(tuf_check, "MAX_ROOTS", 2)
    with pytest.raises(MalformedError, match="delegates"):
        check(files)


def test_where_the_package_is_missing_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    files = export()
    for name in ("tuf.api", "tuf.api.metadata"):
        monkeypatch.setitem(sys.modules, name, None)
    for attempt in (export, lambda: check(files)):
        with pytest.raises(UnverifiableError) as caught:
            attempt()
        assert "voltrail[proofs]" in caught.value.hint


def test_a_key_twice_in_a_file_is_refused() -> None:
    """Pitfall 7."""
    good = export()
    text = good["metadata/timestamp.json"].replace(b'"signed"', b'"signed": {}, "signed"', 1)
    with pytest.raises(MalformedError):
        check({**good, "metadata/timestamp.json": text})


def test_a_time_that_is_none_is_refused() -> None:
    for text in ("soon", "2026-11-28T00:00:00", 5):
        files = bent(
            "metadata/timestamp.json",
            lambda signed, now=text: signed.update({tuf_export.MADE_AT: now}),
        )
        with pytest.raises(MalformedError):
            check(files)


def later(data: bytes) -> bytes:
    """Metadata that end a year later than was signed."""
    assert b"2030" in data
    return data.replace(b"2030", b"2031")


# Other people's repositories: folder → verdict at the end of 2026. They do not say when made.
REPOSITORIES = {"repository": Verdict.STALE_WARN}


@pytest.mark.parametrize("name", REPOSITORIES)
def test_a_repository_of_other_people_is_read_with_its_delegations(name: str) -> None:
    files = read(corpus("provenance", "tuf", "repository_data", name))
    found = check(files)
    assert found.verdict == REPOSITORIES[name]
    assert set(found.targets) == {"file1.txt", "file2.txt", "file3.txt"}
    assert check(files, datetime(2030, 1, 2, tzinfo=UTC)).verdict == Verdict.STALE_REFUSE
    for path in [path for path in files if not path.endswith("root.json")]:
        changed = files[path] + b" " if path.startswith("targets") else later(files[path])
        with pytest.raises(SignatureInvalidError):
            check({**files, path: changed})


def test_a_client_s_metadata_of_other_people_lack_the_targets_and_say_so() -> None:
    place = corpus("provenance", "tuf", "repository_data", "client", "test_repository1", "metadata")
    files = {f"metadata/{name}": data for name, data in read(place / "current").items()}
    with pytest.raises(UnverifiableError, match=r"file1\.txt"):
        check(files, root=files["metadata/root.json"])

"""A maker seals a list with the kernel alone; a buyer checks it and its units with one key."""

import json
from pathlib import Path

import pytest

from voltrail.cli.main import main

LOT, PRODUCT = "urn:voltrail:lot:kestrel:L26-7", "urn:voltrail:product:kestrel:KR-48"
ROWS = "".join(f"K{number:04},C{number // 10}\n" for number in range(500))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list and two keys of its maker, and one of somebody else."""
    monkeypatch.chdir(tmp_path)
    Path("units.csv").write_text(f"serial,cells\n{ROWS}")
    for name, firm, scheme in (
        ("maker", "kestrel", "ed25519"),
        ("late", "kestrel", "ml-dsa-44"),
        ("other", "tiderace", "ed25519"),
    ):
        issuer = f"urn:voltrail:party:{firm}"
        said = (
            "key",
            "new",
            "--plain",
            "--issuer",
            issuer,
            "--algorithm",
            scheme,
            "--out",
            f"{name}.pem",
        )
        assert main(said) == 0
    return tmp_path


def seal(*more: str, keys: tuple[str, ...] = ("maker",), out: str = "lot.json") -> int:
    words = ["lot", "seal", "--manifest", "units.csv", "--lot", LOT, "--product", PRODUCT]
    signed = [word for key in keys for word in ("--key", f"{key}.pem")]
    return main([*words, *signed, "--out", out, *more])


def check(*more: str, keys: tuple[str, ...] = ("maker",)) -> int:
    pinned = [word for key in keys for word in ("--key", f"{key}.pem.pub")]
    return main(["lot", "check", "lot.json", "--manifest", "units.csv", *pinned, *more])


def prove(*serials: str, out: str = "one.unit-proof") -> int:
    named = [word for serial in serials for word in ("--serial", serial)]
    return main(["lot", "prove", "--manifest", "units.csv", *named, "--out", out])


def verify(*more: str, proof: str = "one.unit-proof") -> int:
    return main(
        ["lot", "verify-unit", "lot.json", "--proof", proof, "--key", "maker.pem.pub", *more]
    )


@pytest.mark.usefixtures("folder")
def test_a_list_is_sealed_checked_and_one_unit_proven(capsys: pytest.CaptureFixture[str]) -> None:
    assert seal("production_date=2026-11-01", "firmwareVersion=none") == 0
    assert check() == check("--tree") == 0
    assert prove("K0123") == verify() == verify("--serial", "K0123") == 0
    assert "kestrel listed unit K0123 in kestrel:L26-7." in capsys.readouterr().out
    assert verify("--json") == 0
    assert json.loads(capsys.readouterr().out) == {"lot": LOT, "serial": "K0123", "line": 124}


@pytest.mark.usefixtures("folder")
def test_two_schemes_sign_together_and_both_are_asked_for() -> None:
    assert seal(keys=("maker", "late")) == 0
    assert check(keys=("maker", "late")) == 0
    assert check() == 75  # the second signature is nobody's we know


@pytest.mark.usefixtures("folder")
def test_many_units_are_proven_into_a_folder() -> None:
    seal()
    assert prove("K0001", "K0499", out="proofs") == 0
    assert verify(proof="proofs/K0499.unit-proof") == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "changed",
    [f"serial,cells\n{ROWS}K9999,C1\n", f"serial,cells\n{ROWS[::-1][::-1]}"[:-1], "serial\n"],
    ids=["a unit more", "cut", "another list"],
)
def test_another_list_is_refused(changed: str, capsys: pytest.CaptureFixture[str]) -> None:
    seal()
    Path("units.csv").write_text(changed)
    assert check() == 1
    assert "not the one that the maker signed" in capsys.readouterr().err
    assert check("--tree") in (1, 65)


@pytest.mark.usefixtures("folder")
def test_a_list_sorted_again_or_with_other_line_ends_is_another_list() -> None:
    seal()
    lines = ROWS.splitlines()
    Path("units.csv").write_text("\n".join(["serial,cells", *lines[::-1], ""]))
    assert check() == 1
    Path("units.csv").write_bytes(f"serial,cells\n{ROWS}".replace("\n", "\r\n").encode())
    assert check() == 1


@pytest.mark.usefixtures("folder")
def test_somebody_else_s_key_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    seal(keys=("other",))
    assert check() == 75
    assert seal("--issuer", "urn:voltrail:party:tiderace", keys=("other",)) == 0
    capsys.readouterr()
    assert check(keys=("other",)) == 1
    assert "not the maker" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_person_who_is_called_like_the_maker_is_not_the_maker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    person = "urn:voltrail:person:kestrel"
    assert main(["key", "new", "--plain", "--issuer", person, "--out", "person.pem"]) == 0
    assert seal("--issuer", person, keys=("person",)) == 0
    capsys.readouterr()
    assert check(keys=("person",)) == 1
    assert "not the maker" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_the_proof_of_another_unit_is_refused() -> None:
    seal()
    prove("K0123")
    assert verify("--serial", "K0124") == 1


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("line", ["K0001,C5", ",C5"], ids=["twice", "no serial"])
def test_a_list_with_a_bad_line_is_not_sealed(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("units.csv").write_text(f"serial,cells\n{ROWS}{line}\n")
    assert seal() == 65
    assert "Line 502" in capsys.readouterr().err
    assert not Path("lot.json").exists()


@pytest.mark.usefixtures("folder")
def test_a_field_that_a_lot_has_not_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert seal("production_dat=2026-11-01") == 65
    assert "Did you mean production_date?" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_record_without_a_list_and_a_statement_of_another_kind_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bare = ("draft", "lot", f"lot={LOT}", f"product={PRODUCT}")
    main([*bare, "--issuer", "urn:voltrail:party:kestrel", "--out", "draft.json"])
    main(["sign", "draft.json", "--key", "maker.pem", "--out", "lot.json"])
    assert check() == 1
    assert "commits to no list" in capsys.readouterr().err
    other = (
        "draft",
        "signal",
        "kind=unexpected-packaging",
        "sentence=Wrapped twice.",
        "--about",
        LOT,
    )
    assert main([*other, "--issuer", "urn:voltrail:party:kestrel", "--out", "draft.json"]) == 0
    main(["sign", "draft.json", "--key", "maker.pem", "--out", "lot.json"])
    assert check() == 65


@pytest.mark.usefixtures("folder")
def test_a_locked_key_asks_for_its_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "correct horse")
    issuer = "urn:voltrail:party:kestrel"
    assert main(["key", "new", "--issuer", issuer, "--out", "locked.pem"]) == 0
    assert b"ENCRYPTED" in Path("locked.pem").read_bytes()
    assert seal(keys=("locked",)) == 0
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "wrong")
    assert seal(keys=("locked",), out="again.json") == 65

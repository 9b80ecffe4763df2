"""Parts lists in CycloneDX are read, and two of them are compared line by line."""

import json
from typing import Any

import pytest

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.readers import bom_diff, cyclonedx, cyclonedx_links, registry, testing
from voltrail.readers.bom_diff import Change
from voltrail.readers.cyclonedx import Bom


def device(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    told = {key: more.pop(key) for key in ("quantity", "function", "location") if key in more}
    properties = [{"name": f"cdx:device:{key}", "value": one} for key, one in told.items()]
    supplier = {"supplier": {"name": more.pop("by")}} if "by" in more else {}
    return {"type": "device", "name": name, **supplier, "properties": properties, **more}


def bom(*components: object, **more: object) -> Bom:
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.7", "components": list(components), **more}
    found: Bom = registry.read(json.dumps(whole).encode()).drafts[0].said
    return found


def changes(old: Bom, new: Bom) -> list[tuple[str, str, str, str]]:
    return [
        (one.change.value, one.line, one.before, one.after) for one in bom_diff.compare(old, new)
    ]


def test_the_reader_keeps_the_contract() -> None:
    inner = device("R1", by="Ohmworks", quantity="4")
    board = {"component": device("Board")}
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": board,
             "components": [device("U1", by="A", hashes=[{"alg": "SHA-256", "content": "aa"}],
                                   **{"bom-ref": "u1"}, components=[inner])]}  # fmt: skip
    testing.format_conforms(cyclonedx.FORMAT, json.dumps(whole).encode())


@pytest.mark.corpus
def test_a_hardware_list_says_who_supplies_how_many_and_where() -> None:
    file = corpus("traceability", "cyclonedx", "HBOM", "PCIe-SATA-adapter-board", "bom.json")
    reading = registry.read(file.read_bytes())
    parts = reading.drafts[0].said.components
    assert len(parts) == 6
    molex = parts[1]
    assert (molex.supplier, molex.quantity, molex.location) == ("Molex", "8", "mainboard")
    assert molex.part_number == "822348522712"
    assert [one.sentence[:16] for one in reading.remarks] == ["Nobody is named "]


@pytest.mark.corpus
def test_two_real_releases_differ_in_eight_versions() -> None:
    folder = ("traceability", "cyclonedx", "SBOM", "proton-bridge")
    old, new = (
        registry.read(corpus(*folder, f"proton-bridge-v{one}.bom.json").read_bytes()).drafts[0].said
        for one in ("1.6.3", "1.8.0")
    )
    found = changes(old, new)
    assert {one[0] for one in found} == {"version"}
    assert [(line, before[:14], after[:14]) for _, line, before, after in found] == [
        ("github.com/ProtonMail/proton-bridge", "v1.6.3", "v1.8.0"),
        ("github.com/emersion/go-imap-quota", "v0.0.0-2020042", "v0.0.0-2021020"),
        ("github.com/go-resty/resty/v2", "v2.3.0", "v2.6.0"),
        ("github.com/miekg/dns", "v1.1.30", "v1.1.41"),
        ("golang.org/x/net", "v0.0.0-2020070", "v0.0.0-2021040"),
        ("golang.org/x/sync", "v0.0.0-2019091", "v0.0.0-2021022"),
        ("golang.org/x/sys", "v0.0.0-2020032", "v0.0.0-2021033"),
        ("golang.org/x/term", "v0.0.0-2020111", "v0.0.0-2020112"),
    ]
    assert changes(old, old) == []
    assert len(changes(new, old)) == len(found)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ({"by": "A"}, {"by": "B"}, ("supplier-swapped", "U1", "A", "B")),
        ({"quantity": "2"}, {"quantity": "3"}, ("quantity", "U1", "2", "3")),
        ({"version": "1"}, {"version": "2"}, ("version", "U1", "1", "2")),
        ({"location": "top"}, {"location": "back"}, ("moved", "U1", "top", "back")),
        (
            {"function": "fuse"},
            {"name": "U9", "function": "fuse"},
            ("part-swapped", "U9", "U1", "U9"),
        ),
    ],
)
def test_each_change_has_its_name(
    old: dict[str, str], new: dict[str, str], change: tuple[str, ...]
) -> None:
    two = [bom(device(**{"name": "U1", "by": "A", **one})) for one in (old, new)]
    assert changes(*two) == [change]


def test_what_has_no_counterpart_is_added_or_removed() -> None:
    found = changes(bom(device("U1", by="A")), bom(device("R7", by="B")))
    assert [one[:2] for one in found] == [("added", "R7"), ("removed", "U1")]


def test_the_same_version_with_other_bytes_is_told() -> None:
    old, new = (
        bom(
            {
                "type": "firmware",
                "name": "bms",
                "version": "2",
                "hashes": [{"alg": "SHA-256", "content": one}],
            }
        )
        for one in ("aa", "bb")
    )
    assert [one.change for one in bom_diff.compare(old, new)] == [Change.CONTENT]


def test_lines_meet_by_package_address_before_name() -> None:
    old = {"type": "library", "name": "x", "version": "1", "purl": "pkg:generic/maker/x@1?os=a"}
    new = {"type": "library", "name": "renamed", "version": "2", "purl": "pkg:generic/maker/x@2"}
    assert [one[0] for one in changes(bom(old), bom(new))] == ["part-swapped", "version"]


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"specVersion": "9.9"}, "CycloneDX '9.9' is not read"),
        ({"components": {}}, "components is not a list"),
        ({"components": [{"type": "device"}]}, r"components\[0\] lacks name"),
        ({"components": [{"type": "toy", "name": "x"}]}, r"components\[0\].type is 'toy'"),
        ({"components": []}, "lists no components"),
    ],
)
def test_what_is_no_parts_list_is_refused(odd: dict[str, Any], why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        bom(**odd)


def depending(*dependencies: object, names: str = "abc") -> list[tuple[str, str]]:
    parts = [device(one, by="A", **{"bom-ref": one}) for one in names]
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts,
             "dependencies": list(dependencies)}  # fmt: skip
    found = registry.read(json.dumps(whole).encode())
    return [(one.place, one.sentence) for one in found.remarks]


def needs(ref: str, *others: str) -> dict[str, object]:
    return {"ref": ref, "dependsOn": list(others)}


def test_dependencies_that_run_in_circles_are_remarked_one_by_one() -> None:
    told = depending(needs("a", "b"), needs("b", "c"), needs("c", "a", "c"))
    assert told == [
        ("dependencies", "Dependencies run in a circle: 'a' → 'b' → 'c' → 'a'."),
        ("dependencies", "Dependencies run in a circle: 'c' → 'c'."),
    ]


def test_what_leads_into_a_circle_is_no_part_of_it() -> None:
    told = depending(needs("a", "b"), needs("b", "c", "b"), needs("c"))
    assert told == [("dependencies", "Dependencies run in a circle: 'b' → 'b'.")]


def test_two_ways_to_one_part_are_no_circle() -> None:
    assert depending(needs("a", "b", "c"), needs("b", "c"), needs("c")) == []


def test_a_reference_that_nothing_bears_is_remarked_once_and_another_file_is_not_followed() -> None:
    told = depending(needs("zz", "yy", "a"), needs("a", "yy", "urn:cdx:u/1#p"))
    assert told == [
        ("dependencies[0]", "No bom-ref of the file is 'zz'."),
        ("dependencies[0]", "No bom-ref of the file is 'yy'."),
    ]


def test_remarks_about_dependencies_are_bounded() -> None:
    most = cyclonedx_links.MOST
    many = [f"n{number}" for number in range(most + 5)]
    told = depending(*(needs(one, one) for one in many))
    assert len(told) == 2 * (most + 1)
    assert told[most] == ("dependencies", "More references name what is not in the file.")
    assert told[-1] == ("dependencies", "More dependencies run in circles.")


def test_a_long_circle_is_shown_in_short() -> None:
    told = depending(*(needs(a, b) for a, b in zip("abcdefgh", "bcdefgha", strict=True)),
                     names="abcdefgh")  # fmt: skip
    assert told[0][1].endswith("'f' → 2 more → 'a'.")


@pytest.mark.parametrize("odd", ["x", 1, {"ref": 1}, {"ref": "a", "dependsOn": "b"}])
def test_a_dependency_of_another_form_says_nothing(odd: object) -> None:
    assert depending(odd) == []

"""Merkle trees: proofs verify, tampered ones are refused, other people's vectors agree."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail import merkle
from voltrail.errors import MalformedError, ProductError, RefusedError

sizes = st.integers(1, 300)


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([n >> 8, n & 255])) for n in range(count)]


def slow_root(hashes: list[bytes]) -> bytes:
    """Return the root by the definition in the RFC."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + slow_root(hashes[:k]) + slow_root(hashes[k:])).digest()


def flipped(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data, "big") ^ (1 << (bit % (8 * len(data))))
    return number.to_bytes(len(data), "big")


@given(st.integers(0, 300))
def test_root_and_frontier_follow_the_definition(size: int) -> None:
    hashes = leaves(size)
    expected = slow_root(hashes)
    assert merkle.root(hashes) == expected
    assert merkle.Frontier.EMPTY.extend(hashes).root() == expected
    pushed = merkle.Frontier.EMPTY
    for each in hashes:
        pushed = pushed.push(each)
    assert pushed == merkle.Frontier.EMPTY.extend(hashes)


@given(sizes, st.data())
def test_a_frontier_may_be_extended_in_any_portions(size: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, size))
    hashes = leaves(size)
    frontier = merkle.Frontier.EMPTY.extend(hashes[:cut]).extend(hashes[cut:])
    assert (frontier.size, frontier.root()) == (size, merkle.root(hashes))


def test_a_frontier_with_the_wrong_number_of_peaks_is_malformed() -> None:
    for size in (3, -1):
        with pytest.raises(MalformedError):
            merkle.Frontier(size, (b"x" * 32,))
    with pytest.raises(MalformedError):
        merkle.Frontier.EMPTY.push(b"short")


@given(sizes, st.data())
def test_inclusion_proofs_verify_and_tampered_ones_are_refused(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    root = merkle.root(hashes)
    proof = merkle.inclusion_proof(index, size, merkle.reader_over(hashes))
    merkle.verify_inclusion(index, size, hashes[index], proof, root)
    bit = data.draw(st.integers(0, 255))
    forged = [
        (index, flipped(hashes[index], bit), proof, root),
        (index, hashes[index], proof, flipped(root, bit)),
        (index, hashes[index], [*proof, root], root),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        forged += [(index, hashes[index], bent, root), (index, hashes[index], proof[:-1], root)]
        other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
        forged.append((other, hashes[index], proof, root))
    for place, leaf, path, top in forged:
        with pytest.raises(RefusedError):
            merkle.verify_inclusion(place, size, leaf, path, top)


@given(sizes, st.data())
def test_consistency_proofs_verify_and_tampered_ones_are_refused(
    new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, new))
    hashes = leaves(new)
    before, after = merkle.root(hashes[:old]), merkle.root(hashes)
    proof = merkle.consistency_proof(old, new, merkle.reader_over(hashes))
    merkle.verify_consistency(old, new, before, after, proof)
    bit = data.draw(st.integers(0, 255))
    forged = [
        (flipped(before, bit), after, proof),
        (before, flipped(after, bit), proof),
        (before, after, [*proof, after]),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        forged += [(before, after, bent), (before, after, proof[:-1]), (before, after, [])]
    for first, second, path in forged:
        with pytest.raises(RefusedError):
            merkle.verify_consistency(old, new, first, second, path)


@given(sizes, st.data())
def test_every_subtree_proves_its_leaves_and_its_place(size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size - 1))
    longest = size - start if start == 0 else min(start & -start, size - start)
    end = start + data.draw(st.integers(1, longest))
    hashes = leaves(size)
    node = merkle.reader_over(hashes)
    part, whole = hashes[start:end], merkle.root(hashes)
    sub = merkle.root(part)
    assert merkle.range_hash(start, end, node) == sub
    proof = merkle.subtree_consistency_proof(start, end, size, node)
    merkle.verify_subtree_consistency(start, end, size, sub, whole, proof)
    index = data.draw(st.integers(start, end - 1))
    path = merkle.inclusion_proof(index - start, end - start, merkle.reader_over(part))
    merkle.verify_subtree_inclusion(index, start, end, hashes[index], path, sub)
    bit = data.draw(st.integers(0, 255))
    with pytest.raises(RefusedError):
        merkle.verify_subtree_consistency(start, end, size, flipped(sub, bit), whole, proof)
    with pytest.raises(RefusedError):
        merkle.verify_subtree_consistency(start, end, size, sub, flipped(whole, bit), proof)


def test_ranges_and_lengths_out_of_bounds_are_malformed() -> None:
    hashes, root = leaves(5), merkle.root(leaves(5))
    node = merkle.reader_over(hashes)
    attempts = [
        lambda: merkle.verify_inclusion(5, 5, root, [], root),
        lambda: merkle.verify_inclusion(-1, 5, root, [], root),
        lambda: merkle.verify_inclusion(0, 5, b"short", [], root),
        lambda: merkle.verify_inclusion(0, 5, root, [b"short"], root),
        lambda: merkle.verify_consistency(0, 5, merkle.EMPTY_ROOT, root, []),
        lambda: merkle.verify_consistency(6, 5, root, root, []),
        lambda: merkle.verify_consistency(2, 5, b"short", root, []),
        lambda: merkle.inclusion_proof(5, 5, node),
        lambda: merkle.consistency_proof(0, 5, node),
        lambda: merkle.subtree_consistency_proof(1, 3, 5, node),
        lambda: node(9, 0),
        lambda: node(0, 5),
        lambda: node(1, -1),
    ]
    for attempt in attempts:
        with pytest.raises(MalformedError):
            attempt()


def test_the_empty_range_hashes_to_the_empty_root() -> None:
    assert merkle.range_hash(3, 3, merkle.reader_over([])) == merkle.EMPTY_ROOT


def from_base64(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def judge(kind: str, case: dict) -> None:
    proof = [from_base64(each) for each in case["proof"] or []]
    hashes = {
        key: from_base64(case[key]) for key in ("root", "root1", "root2", "leafHash") if key in case
    }
    if kind == "inclusion":
        merkle.verify_inclusion(
            case["leafIdx"], case["treeSize"], hashes["leafHash"], proof, hashes["root"]
        )
    elif kind == "subtreeinclusion":
        merkle.verify_subtree_inclusion(
            case["leafIdx"], case["start"], case["end"], hashes["leafHash"], proof, hashes["root"]
        )
    elif kind == "consistency":
        merkle.verify_consistency(
            case["size1"], case["size2"], hashes["root1"], hashes["root2"], proof
        )
    else:
        merkle.verify_subtree_consistency(
            case["start"], case["end"], case["size"], hashes["root1"], hashes["root2"], proof
        )


def verdict(kind: str, path: Path) -> bool:
    try:
        judge(kind, json.loads(path.read_text()))
    except ProductError:
        return True
    return False


@pytest.mark.parametrize(
    "kind", ["inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"]
)
def test_other_peoples_vectors_agree(kind: str) -> None:
    folder = corpus("provenance", "merkle-rfc6962", kind)
    paths = sorted(folder.rglob("*.json"))
    assert len(paths) > 50
    wrong = [
        str(path.relative_to(folder))
        for path in paths
        if verdict(kind, path) != json.loads(path.read_text())["wantErr"]
    ]
    assert wrong == []

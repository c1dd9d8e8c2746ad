"""The tree against the published vectors, against RFC 9162's own recursive words, and against forgers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.storage.merkle import (
    EMPTY_ROOT,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_salt,
    node_hash,
    root,
)

LARGEST = 64
LEAVES = [leaf_hash(bytes(16), bytes([number])) for number in range(LARGEST)]

# The test data of RFC 6962's reference implementation (certificate-transparency, merkle_tree_test).
PUBLISHED_CONTENTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
PUBLISHED_LEAVES = [leaf_hash(b"", content) for content in PUBLISHED_CONTENTS]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PUBLISHED_INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
PUBLISHED_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def split_of(size: int) -> int:
    return max(1 << power for power in range(size.bit_length()) if 1 << power < size)


def rfc_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    split = split_of(len(leaves))
    return sha256(b"\x01" + rfc_root(leaves[:split]) + rfc_root(leaves[split:])).digest()


def rfc_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    split = split_of(len(leaves))
    if index < split:
        return [*rfc_path(index, leaves[:split]), rfc_root(leaves[split:])]
    return [*rfc_path(index - split, leaves[split:]), rfc_root(leaves[:split])]


def rfc_subproof(old: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, section 2.1.4.1."""
    if old == len(leaves):
        return [] if whole else [rfc_root(leaves)]
    split = split_of(len(leaves))
    if old <= split:
        return [*rfc_subproof(old, leaves[:split], whole), rfc_root(leaves[split:])]
    return [*rfc_subproof(old - split, leaves[split:], False), rfc_root(leaves[:split])]


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def forgeries(proof: list[bytes], chance: random.Random) -> Iterator[list[bytes]]:
    """One bit, one node dropped, added, doubled, cut, and neighbours swapped, at each place."""
    yield [*proof, EMPTY_ROOT]
    for place, node in enumerate(proof):
        yield [*proof[:place], flipped(node, chance.randrange(256)), *proof[place + 1 :]]
        yield proof[:place] + proof[place + 1 :]
        yield [*proof[:place], EMPTY_ROOT, *proof[place:]]
        yield [*proof[:place], node, *proof[place:]]
        yield [*proof[:place], node[:-1], *proof[place + 1 :]]
        if place:
            yield [*proof[: place - 1], node, proof[place - 1], *proof[place + 1 :]]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root(PUBLISHED_LEAVES[:size]).hex() == PUBLISHED_ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PUBLISHED_INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = inclusion_proof(PUBLISHED_LEAVES, index, size)

    assert [node.hex() for node in proof] == PUBLISHED_INCLUSION[index, size]


@pytest.mark.parametrize(("old", "new"), PUBLISHED_CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, new: int) -> None:
    proof = consistency_proof(PUBLISHED_LEAVES, old, new)

    assert [node.hex() for node in proof] == PUBLISHED_CONSISTENCY[old, new]


def test_salts_and_hashes_are_those_of_the_format() -> None:
    seal_salt = bytes(range(16))

    salt = leaf_salt(seal_salt, 258)

    assert salt == sha256(b"\x02" + seal_salt + b"\0\0\0\0\0\0\x01\x02").digest()[:16]
    assert leaf_hash(salt, b"{}") == sha256(b"\x00" + salt + b"{}").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()
    with pytest.raises(OverflowError):
        leaf_salt(seal_salt, -1)
    with pytest.raises(OverflowError):
        leaf_salt(seal_salt, 2**64)


def test_every_root_up_to_64_is_that_of_the_rfc_by_append_and_after_a_reload() -> None:
    frontier = Frontier()
    for size in range(LARGEST + 1):
        assert frontier.size == size
        assert frontier.root() == root(LEAVES[:size]) == rfc_root(LEAVES[:size])
        if size < LARGEST:
            frontier = Frontier.from_bytes(size, frontier.to_bytes())
            frontier.append(LEAVES[size])


def test_every_inclusion_proof_up_to_64_holds() -> None:
    for size in range(1, LARGEST + 1):
        tree_root = root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(LEAVES, index, size)
            assert proof == rfc_path(index, LEAVES[:size])
            assert check_inclusion(LEAVES[index], index, size, proof, tree_root)


def test_every_consistency_proof_up_to_64_holds() -> None:
    roots = [root(LEAVES[:size]) for size in range(LARGEST + 1)]
    for new in range(LARGEST + 1):
        for old in range(new + 1):
            proof = consistency_proof(LEAVES, old, new)
            assert proof == (rfc_subproof(old, LEAVES[:new], True) if old else [])
            assert check_consistency(old, new, roots[old], roots[new], proof)


@pytest.mark.parametrize("size", [*range(1, 18), 31, 32, 33, 63, 64])
def test_a_forged_inclusion_proof_is_rejected(size: int) -> None:
    chance = random.Random(size)
    tree_root = root(LEAVES[:size])
    for index in range(size):
        leaf, proof = LEAVES[index], inclusion_proof(LEAVES, index, size)
        for forged in forgeries(proof, chance):
            assert not check_inclusion(leaf, index, size, forged, tree_root)
        for bit in range(0, 256, 17):
            assert not check_inclusion(flipped(leaf, bit), index, size, proof, tree_root)
            assert not check_inclusion(leaf, index, size, proof, flipped(tree_root, bit))
        for other in range(-1, size + 1):
            assert check_inclusion(leaf, other, size, proof, tree_root) == (other == index)
        for other_leaf in LEAVES[:size]:
            assert check_inclusion(other_leaf, index, size, proof, tree_root) == (other_leaf == leaf)


@pytest.mark.parametrize("new", [*range(18), 31, 32, 33, 63, 64])
def test_a_forged_consistency_proof_is_rejected(new: int) -> None:
    chance = random.Random(new)
    new_root = root(LEAVES[:new])
    for old in range(new + 1):
        old_root, proof = root(LEAVES[:old]), consistency_proof(LEAVES, old, new)
        for forged in forgeries(proof, chance):
            assert not check_consistency(old, new, old_root, new_root, forged)
        for bit in range(0, 256, 17):
            assert not check_consistency(old, new, flipped(old_root, bit), new_root, proof)
            # Any tree at all continues an empty one, so only there the new root is free.
            assert check_consistency(old, new, old_root, flipped(new_root, bit), proof) == (old == 0 < new)
        for other in range(-1, new + 2):
            assert check_consistency(other, new, old_root, new_root, proof) == (other == old)


def test_two_trees_that_part_have_no_consistency_proof() -> None:
    forked = [*LEAVES[:20], EMPTY_ROOT, *LEAVES[21:]]

    for proof in (consistency_proof(LEAVES, 30, 50), consistency_proof(forked, 30, 50)):
        assert not check_consistency(30, 50, root(LEAVES[:30]), root(forked[:50]), proof)


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    inner = node_hash(LEAVES[0], LEAVES[1])

    assert not check_inclusion(inner, 0, 4, [node_hash(LEAVES[2], LEAVES[3])], root(LEAVES[:4]))


def test_nodes_of_another_length_or_type_are_rejected() -> None:
    whole = LEAVES[0] + LEAVES[1]
    tree_root = root(LEAVES[:2])

    assert not check_inclusion(whole[:33], 0, 2, [whole[33:]], tree_root)
    assert not check_inclusion(bytearray(LEAVES[0]), 0, 2, [LEAVES[1]], tree_root)  # type: ignore[arg-type]  # the point
    assert not check_consistency(1, 2, whole[:33], tree_root, [whole[33:]])
    assert not check_consistency(0, 5, EMPTY_ROOT, b"", [])


@pytest.mark.parametrize(("size", "length"), [(0, 32), (1, 0), (1, 31), (3, 32), (3, 96), (4, 33), (-1, 32), (-1, 0)])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, length: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Frontier.from_bytes(size, bytes(length))


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, 65), (64, None), (3, -1)])
def test_an_inclusion_proof_outside_the_tree_is_refused(index: int, size: int | None) -> None:
    with pytest.raises(ValueError, match=f"no leaf {index} in a tree"):
        inclusion_proof(LEAVES, index, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4), (0, 65)])
def test_a_consistency_proof_backwards_or_outside_is_refused(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=f"no step from {old} to {new}"):
        consistency_proof(LEAVES, old, new)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_larger_trees_hold_too(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 5_000))
    old = data.draw(st.integers(1, new))
    index = data.draw(st.integers(0, old - 1))
    leaves = [number.to_bytes(32, "big") for number in range(new)]
    old_root, new_root = root(leaves[:old]), root(leaves)

    step = consistency_proof(leaves, old, new)
    path = inclusion_proof(leaves, index, old)

    assert check_consistency(old, new, old_root, new_root, step)
    assert check_inclusion(leaves[index], index, old, path, old_root)
    assert not check_inclusion(leaves[index], index, old, [*path, new_root], old_root)
    assert max(len(step) - 1, len(path)) <= new.bit_length()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=8))
def test_appending_in_pieces_gives_the_same_tree(pieces: list[int]) -> None:
    leaves = [number.to_bytes(32, "big") for number in range(sum(pieces))]
    frontier, done = Frontier(), 0

    for piece in pieces:
        frontier = Frontier.from_bytes(frontier.size, frontier.to_bytes())
        frontier.extend(leaves[done : done + piece])
        done += piece

    assert (frontier.size, frontier.root()) == (len(leaves), root(leaves))


def test_a_failing_iterable_leaves_the_frontier_whole() -> None:
    def three_and_a_fault() -> Iterator[bytes]:
        yield from LEAVES[:3]
        raise OSError

    frontier = Frontier()
    with pytest.raises(OSError):  # noqa: PT011 - raised two lines above
        frontier.extend(three_and_a_fault())

    assert (frontier.size, frontier.root()) == (3, root(LEAVES[:3]))


@pytest.mark.campaign
def test_appends_are_fast() -> None:
    leaves, frontier = LEAVES * 12_500, Frontier()

    started = perf_counter()
    frontier.extend(leaves)

    assert len(leaves) / (perf_counter() - started) > 400_000

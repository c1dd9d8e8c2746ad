"""The RFC 9162 Merkle tree over the ledger's entries: leaves, roots, appending, proofs and their checks.

A head is a size and a root. With it, an inclusion proof shows that one leaf is in the tree, and a consistency
proof that an older tree is a prefix of a newer one; each holds about log2(size) hashes of 32 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256().digest()
HASH_LENGTH = 32


def leaf_salt(seal_salt: bytes, index: int) -> bytes:
    """Derive the 16-byte salt of the leaf at *index* (from 0) from the random salt of its seal.

    Raises OverflowError for an index below 0 or of more than 64 bits.

    >>> leaf_salt(bytes(16), 0).hex()
    'd3396282a06c23f48a71004c78b30331'
    """
    return sha256(b"\x02" + seal_salt + index.to_bytes(8, "big")).digest()[:16]


def leaf_hash(salt: bytes, content: bytes) -> bytes:
    """Hash one leaf; with an empty salt, as plain RFC 9162 does.

    >>> leaf_hash(b"", b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + salt + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node from the hashes of its two children.

    >>> node_hash(leaf_hash(b"", b""), leaf_hash(b"", b"\\0")).hex()[:16]
    'fac54203e7cc696c'
    """
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows: its size and the roots of its perfect subtrees, largest first.

    An append needs no more than these: about one hash to compute, and at most log2(size) + 1 hashes to keep.

    >>> frontier = Frontier()
    >>> frontier.extend([leaf_hash(b"", b""), leaf_hash(b"", b"\\0")])
    >>> frontier.size, frontier.root().hex()[:16]
    (2, 'fac54203e7cc696c')
    >>> Frontier.from_bytes(2, frontier.to_bytes()).root() == frontier.root()
    True
    """

    __slots__ = ("_subtrees", "size")

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> Frontier:
        """Restore the tree that :meth:`to_bytes` wrote; ValueError if *raw* does not fit *size*."""
        if size < 0 or len(raw) != HASH_LENGTH * size.bit_count():
            raise ValueError(f"a frontier of {len(raw)} bytes does not fit a tree of {size} leaves")
        frontier = cls()
        frontier.size = size
        frontier._subtrees = [raw[at : at + HASH_LENGTH] for at in range(0, len(raw), HASH_LENGTH)]
        return frontier

    def to_bytes(self) -> bytes:
        """Return the subtree roots one after the other, largest subtree first; empty for an empty tree."""
        return b"".join(self._subtrees)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the end, in order."""
        subtrees, size = self._subtrees, self.size
        for leaf in leaves:
            node, carry = leaf, size
            while carry & 1:  # a carry as in binary counting: two subtrees of one height become one
                node = sha256(b"\x01" + subtrees.pop() + node).digest()
                carry >>= 1
            subtrees.append(node)
            size += 1
            self.size = size

    def root(self) -> bytes:
        """Return the root of the tree so far; :data:`EMPTY_ROOT` while it has no leaf."""
        subtrees = reversed(self._subtrees)
        node = next(subtrees, EMPTY_ROOT)
        for left in subtrees:
            node = sha256(b"\x01" + left + node).digest()
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """Compute the root of the tree over these leaf hashes.

    >>> root([]) == EMPTY_ROOT
    True
    """
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], index: int, size: int | None = None) -> list[bytes]:
    """Return the hashes that lead from the leaf at *index* to the root of the first *size* leaves (None: all).

    RFC 9162, section 2.1.3.1; the hash nearest the leaf comes first. Takes about *size* hashes to compute. Raises
    ValueError unless ``0 <= index < size <= len(leaves)``.

    >>> left, right = leaf_hash(b"", b""), leaf_hash(b"", b"\\0")
    >>> inclusion_proof([left, right], 1) == [left]
    True
    """
    start, end, proof = 0, len(leaves) if size is None else size, []
    if not 0 <= index < end <= len(leaves):
        raise ValueError(f"no leaf {index} in a tree of {end} leaves, with {len(leaves)} at hand")
    while end - start > 1:
        split = start + (1 << (end - start - 1).bit_length() - 1)  # the left side: the largest power of two
        if index < split:
            proof.append(root(leaves[split:end]))
            end = split
        else:
            proof.append(root(leaves[start:split]))
            start = split
    return proof[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether *proof* shows that *leaf* is at *index* in the tree of that size and root.

    RFC 9162, section 2.1.3.2. Anything malformed is simply False.

    >>> left, right = leaf_hash(b"", b""), leaf_hash(b"", b"\\0")
    >>> check_inclusion(right, 1, 2, [left], node_hash(left, right))
    True
    >>> check_inclusion(right, 0, 2, [left], node_hash(left, right))
    False
    """
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    sides = _siblings_on_the_left(index, size - 1)
    # A proof that is too long is wrong as well: the hashes beyond the root could be any.
    if len(proof) != len(sides):
        return False
    node = leaf
    for sibling, on_the_left in zip(proof, sides, strict=True):
        node = node_hash(sibling, node) if on_the_left else node_hash(node, sibling)
    return node == root


def consistency_proof(leaves: Sequence[bytes], old_size: int, new_size: int) -> list[bytes]:
    """Return the hashes that show the tree of the first *old_size* leaves to be a prefix of that of *new_size*.

    RFC 9162, section 2.1.4.1; an empty list if the old tree is empty or is the new one. Takes about *new_size* hashes
    to compute. Raises ValueError unless ``0 <= old_size <= new_size <= len(leaves)``.

    >>> left, right = leaf_hash(b"", b""), leaf_hash(b"", b"\\0")
    >>> consistency_proof([left, right], 1, 2) == [right]
    True
    """
    if not 0 <= old_size <= new_size <= len(leaves):
        raise ValueError(f"no step from {old_size} to {new_size} leaves, with {len(leaves)} at hand")
    if old_size in (0, new_size):
        return []
    width = old_size & -old_size  # of the old tree's last perfect subtree, which the new tree has as well
    path = inclusion_proof(leaves, old_size - 1, new_size)[width.bit_length() - 1 :]
    return path if width == old_size else [root(leaves[old_size - width : old_size]), *path]


def check_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether *proof* shows that the tree of the old size and root is a prefix of the new one.

    RFC 9162, section 2.1.4.2. An empty tree is a prefix of every tree, and needs an empty proof. Anything malformed
    is simply False.

    >>> left, right = leaf_hash(b"", b""), leaf_hash(b"", b"\\0")
    >>> check_consistency(1, 2, left, node_hash(left, right), [right])
    True
    >>> check_consistency(1, 2, right, node_hash(left, right), [right])
    False
    """
    if not 0 <= old_size <= new_size or not _all_hashes(old_root, new_root, *proof):
        return False
    # Otherwise any 32 bytes would pass as the head of an empty ledger, and be "consistent" with everything.
    if old_size == 0 and old_root != EMPTY_ROOT:
        return False
    if old_size in (0, new_size):
        return not proof and (old_size < new_size or old_root == new_root)
    width = old_size & -old_size  # the largest power of two that divides it: the size of its last perfect subtree
    # If the old tree is a single perfect subtree, RFC 9162 leaves its hash out of the proof: it is the old root itself.
    path = [old_root, *proof] if width == old_size else list(proof)
    sides = _siblings_on_the_left((old_size - 1) // width, (new_size - 1) // width)
    if len(path) != len(sides) + 1:
        return False
    old_node = new_node = path[0]
    for sibling, on_the_left in zip(path[1:], sides, strict=True):
        if on_the_left:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
        else:
            new_node = node_hash(new_node, sibling)
    return old_node == old_root and new_node == new_root


def _siblings_on_the_left(index: int, last: int) -> list[bool]:
    """Return for each sibling on the way from a node to the root whether it is on the left.

    Args:
        index: The node's index in its row.
        last: The index of the last node of that row. That node has no sibling if its index is even; it then moves up
            one row unchanged.
    """
    sides = []
    while last:
        if index & 1 or index < last:
            sides.append(bool(index & 1))
        index, last = index >> 1, last >> 1
    return sides


def _all_hashes(*values: bytes) -> bool:
    """Return whether all values are hashes of the right length.

    With hashes of other lengths the same bytes could be cut into two children in two ways.
    """
    return all(isinstance(value, bytes) and len(value) == HASH_LENGTH for value in values)

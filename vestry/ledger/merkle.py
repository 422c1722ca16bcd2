"""A Merkle tree as in RFC 6962, section 2.1: one root for many hashes, and a short proof for each of them.

Leaves and nodes are hashed with different first bytes, so that neither can be passed off as the other. Who
knows the root and is handed one leaf with its path (some twenty hashes for a million leaves) can tell that
the leaf is in the tree without seeing any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf_of(data: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(data: Iterable[bytes]) -> bytes:
    """The root over some data, read once and never held."""
    trees: list[tuple[int, bytes]] = []  # whole trees so far, biggest first: how many leaves, and the root
    for one in data:
        trees.append((1, leaf_of(one)))
        while len(trees) > 1 and trees[-2][0] == trees[-1][0]:
            (size, left), (_, right) = trees[-2:]
            trees[-2:] = [(2 * size, _node(left, right))]
    if not trees:
        return hashlib.sha256().digest()
    _, root = trees.pop()
    while trees:
        root = _node(trees.pop()[1], root)
    return root


def path_to(data: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from one leaf up to the root, lowest first."""
    if len(data) == 1:
        return []
    half = _split(len(data))
    if index < half:
        return [*path_to(data[:half], index), root_of(data[half:])]
    return [*path_to(data[half:], index - half), root_of(data[:half])]


def root_from(one: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to; None when the path can't be one of a tree of that size."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return None if path else leaf_of(one)
    if not path:
        return None
    half = _split(size)
    *below, beside = path
    if index < half:
        left = root_from(one, index, half, below)
        return left and _node(left, beside)
    right = root_from(one, index - half, size - half, below)
    return right and _node(beside, right)


def _split(size: int) -> int:
    """The biggest power of two that is less than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)

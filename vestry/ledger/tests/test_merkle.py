import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.ledger import merkle

# The leaves and roots by which implementations of RFC 6962 are compared with each other.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_standard(size):
    assert merkle.root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_a_tree_of_nothing_has_a_root_too():
    assert merkle.root_of([]) == hashlib.sha256().digest()


leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


@given(leaves, st.data())
def test_every_leaf_can_be_proven_by_a_short_path(data, draw):
    index = draw.draw(st.integers(0, len(data) - 1))
    path = merkle.path_to(data, index)
    assert merkle.root_from(data[index], index, len(data), path) == merkle.root_of(data)
    assert len(path) <= (len(data) - 1).bit_length()


@given(leaves, st.data())
def test_nothing_else_can(data, draw):
    index = draw.draw(st.integers(0, len(data) - 1))
    path, root = merkle.path_to(data, index), merkle.root_of(data)
    other = draw.draw(st.binary(max_size=4).filter(lambda one: one != data[index]))
    assert merkle.root_from(other, index, len(data), path) != root
    assert merkle.root_from(data[index], index, len(data), [*path, root]) != root
    assert merkle.root_from(data[index], index, len(data), path[1:]) != root or not path
    assert merkle.root_from(data[index], len(data), len(data), path) is None

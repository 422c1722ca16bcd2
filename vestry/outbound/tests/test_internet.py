"""What is on the public internet, and what only looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.outbound.internet import is_public

INSIDE = [
    *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fd00::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "fe80::1%eth0", "nonsense"),
    *("64:ff9b:1::a00:1", "fec0::1", "::10.0.0.1", "10.1.2.3", "fc00::1", "2002:a00:1::"),
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_what_is_public_is_known(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_carried_inside_another_is_judged_as_itself(address):
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_public(f"64:ff9b::{address}") == is_public(str(address))

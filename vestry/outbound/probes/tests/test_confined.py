"""The gate: what is on the public internet, looked up once; and nothing inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.outbound.probes.confined import (
    Gate,
    Limits,
    Named,
    NotReached,
    Refusal,
    taken_apart,
)


def named(*answers):
    """A resolver that gives one answer after the other."""
    rest = [Named(addresses=(each,)) if isinstance(each, str) else Named(addresses=each) for each in answers]
    return lambda host: rest.pop(0) if len(rest) > 1 else rest[0]


def test_a_name_that_changes_its_address_afterwards_keeps_its_first():
    gate = Gate(taken_apart("https://site.example"), look_up=named("1.1.1.1", "127.0.0.1"))
    assert gate.pinned("site.example").addresses == ("1.1.1.1",)
    assert gate.pinned("SITE.example.").addresses == ("1.1.1.1",)
    with pytest.raises(Refusal):
        gate.pinned("other.example")


def test_one_address_inside_among_public_ones_is_refused():
    with pytest.raises(Refusal, match="leads inside"):
        Gate(taken_apart("https://site.example"), look_up=named(("1.1.1.1", "10.0.0.1")))


def test_in_one_s_own_network_only_the_named_host_is_allowed():
    names = {"in.example": "10.0.0.1", "also.example": "10.0.0.2", "here.example": "127.0.0.1"}
    gate = Gate(
        taken_apart("https://in.example"), local=True, look_up=lambda host: Named(addresses=(names[host],))
    )
    assert gate.pinned("in.example").addresses == ("10.0.0.1",)
    for host in ("also.example", "here.example"):
        with pytest.raises(Refusal):
            gate.pinned(host)


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_no_port_is_asked_but_the_usual_ones_and_the_one_named(port):
    gate = Gate(taken_apart("https://site.example:8443"), look_up=named("1.1.1.1"))
    with pytest.raises(Refusal, match=f"Port {port}"):
        gate.connect("site.example", port)


def test_too_many_hosts_and_too_many_bytes_end_the_look():
    gate = Gate(
        taken_apart("https://site.example"), look_up=named("1.1.1.1"), limits=Limits(hosts=2, bytes=10)
    )
    gate.pinned("b.example")
    with pytest.raises(Refusal, match="too many hosts"):
        gate.pinned("c.example")
    assert gate.count(10)
    assert not gate.count(1)
    with pytest.raises(Refusal, match="too much"):
        gate.connect("site.example", 443)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://x",
        "https://",
        "https://u:p@x",
        "javascript:alert(1)",
        "http://[::1",
        "http://x:99999/",
        "file:///x",
    ],
)
def test_what_is_no_address_is_refused_in_words(address):
    with pytest.raises(NotReached) as refused:
        taken_apart(address)
    assert str(refused.value).endswith(".")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    try:
        target = taken_apart(text)
    except NotReached:
        return
    assert target.scheme in ("http", "https")
    assert target.host

"""Which addresses are on the public internet: what is asked of an address that somebody else has named.

One place, because what `ipaddress` calls global and what leads inside are not the same, and differ by its
version.
"""

from __future__ import annotations

import ipaddress

# Addresses that carry another one inside: NAT64 and 6to4 lead wherever that one leads.
_NAT64, _SIX_TO_FOUR = (ipaddress.IPv6Network(each) for each in ("64:ff9b::/96", "2002::/16"))
# Inside by what they are for, whatever `ipaddress` says: local NAT64, site-local, IPv4-compatible.
_INSIDE = tuple(map(ipaddress.IPv6Network, ("64:ff9b:1::/48", "fec0::/10", "::/96")))
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, also the one that it carries inside."""
    try:
        parsed: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and any(parsed in each for each in _INSIDE):
        return False
    inner = _carried(parsed)
    return parsed.is_global and not parsed.is_multicast and (inner is None or is_public(str(inner)))


def carries_another(address: str) -> bool:
    """Whether it leads wherever the address leads that stands inside it."""
    return _carried(ipaddress.ip_address(address.partition("%")[0])) is not None


def _carried(address: _Address) -> _Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour if address in _SIX_TO_FOUR else None

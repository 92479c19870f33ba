"""Addresses as networks: which of them are one place, and under which name an address is blocked."""

import ipaddress

type _Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NEIGHBOURS = {4: 24, 6: 48}
_SUBSCRIBER = {4: 32, 6: 64}


def same_network(one: str, other: str) -> bool:
    """Tell whether two addresses are of one IPv4 /24 or one IPv6 /48; what is no address is of none."""
    networks = _network(one, _NEIGHBOURS), _network(other, _NEIGHBOURS)
    return networks[0] is not None and networks[0] == networks[1]


def blockable(address: str) -> str | None:
    """Return the network to block for an address: itself, of IPv6 the /64 in which a host picks addresses at will."""
    return _network(address, _SUBSCRIBER)


def _network(address: str, lengths: dict[int, int]) -> str | None:
    try:
        read = _plain(ipaddress.ip_address(address))
    except ValueError:
        return None
    return str(ipaddress.ip_network((read.packed, lengths[read.version]), strict=False))


def _plain(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 one maps (RFC 4291, 2.5.5.2)."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address

"""The address of the client: the peer of the connection, or the client that a trusted proxy names."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from starlette.types import Scope

from app.settings import Network

_LONGEST: Final = 2048
"""Bytes of X-Forwarded-For that are read, from its end."""


def client_address(scope: Scope, peer: str, trusted: Sequence[Network]) -> str:
    """Return the client's address: the right-most one in X-Forwarded-For that is not a trusted proxy.

    `peer` is the address of the connection. If it is not a trusted proxy, the header is ignored, because anybody can
    write it.
    """
    if not _within(peer, trusted):
        return peer
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = b",".join(lines)[-_LONGEST:].decode("latin-1").split(",")
    nearest = peer
    for hop in reversed(hops):
        address = _parsed(_without_port(hop.strip()))
        if address is None:
            break  # an address to the left of an unreadable one cannot be trusted
        nearest = str(address)
        if not _within(nearest, trusted):
            break
    return nearest


@lru_cache(maxsize=4096)
def bucket_of(address: str) -> str:
    """Return the name under which an address is counted: for IPv6 its /64, which is one household or machine."""
    parsed = _parsed(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _within(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop

"""Who asks: the address of a visitor, where the relay stands behind a proxy.

What a header says about an address is believed only if it comes from a proxy that was named
(RFC 7239, section 8.1, says why).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.requests import HTTPConnection

from helpdesk_tui.relay.config import RelayConfig, type_of_network

_MOST_HOPS = 10
_IPV6_SHARED = 64
"""A customer of an IPv6 provider has at least so many bits of addresses."""

type_of_address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network_of(text: str) -> type_of_network:
    """Return the address or network that an administrator named.

    Raises:
        ValueError: if it is none.
    """
    return ipaddress.ip_network(text.strip(), strict=False)


def client_address(request: HTTPConnection, trusted: Sequence[type_of_network]) -> str:
    """Return the address of the visitor; empty where there is none (a Unix socket).

    ``X-Forwarded-For`` is read from its end: each named proxy vouches for the one before it, and
    what stands before the first address that is not a proxy could have been written by anybody.
    """
    peer = request.client.host if request.client else ""
    found = _address(peer)
    if found is None or not _is_trusted(found, trusted):
        return str(found) if found else ""
    given = ",".join(request.headers.getlist("x-forwarded-for"))
    for hop in reversed(given.split(",")[-_MOST_HOPS:]):
        before = _address(hop)
        if before is None:
            break
        found = before
        if not _is_trusted(found, trusted):
            break
    return str(found)


def public_base(request: HTTPConnection, config: RelayConfig) -> str:
    """Return the address of this relay as the other end wrote it, without a slash at its end.

    Where no public address was given, that is what the request says; only a named proxy is
    believed about the request that it got itself.
    """
    if config.public_url:
        return config.public_url.rstrip("/")
    scheme, host = request.url.scheme, request.headers.get("host", "")
    if request.client and is_proxy(request.client.host, config.trusted_proxies):
        scheme = _last(request, "x-forwarded-proto") or scheme
        host = _last(request, "x-forwarded-host") or host
    return f"{scheme}://{host}"


def is_proxy(host: str, trusted: Sequence[type_of_network]) -> bool:
    """Tell whether a connection comes from a named proxy."""
    found = _address(host)
    return found is not None and _is_trusted(found, trusted)


def shared_by(address: str) -> str:
    """Return what all addresses of one customer share: an IPv6 network, an IPv4 address."""
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_SHARED), strict=False).network_address)
    return str(found or "")


def _address(text: str) -> type_of_address | None:
    word = text.strip()
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        # some proxies add the port
        word = word.partition(":")[0]
    try:
        # a zone names a link of this machine, nothing about the visitor
        found = ipaddress.ip_address(word.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found


def _last(request: HTTPConnection, name: str) -> str:
    """Return what the nearest proxy says in a header to which each may add something."""
    return ",".join(request.headers.getlist(name)).rpartition(",")[2].strip()


def _is_trusted(address: type_of_address, trusted: Sequence[type_of_network]) -> bool:
    return any(address.version == each.version and address in each for each in trusted)

"""Addresses of the web: how they are taken apart and which ones are fit for what.

Only what is written counts: nothing here asks a name server.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_LONGEST = 500
_NOT_PLAIN = re.compile(r"[^\x21-\x7e]")
_PORTS = {"http": 80, "https": 443}
_THIS_MACHINE = frozenset(("localhost", "localhost.localdomain", "ip6-localhost"))
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


def is_loopback(host: str) -> bool:
    """Tell whether the name or the number of a host means this machine."""
    if host.lower() in _THIS_MACHINE:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def parts_of(address: str, longest: int = _LONGEST) -> SplitResult | None:
    """Take an address apart; None unless it is one of http or https with a host.

    One that holds a name or a password is none: it would go wherever the address is shown.
    """
    if len(address) > longest or _NOT_PLAIN.search(address):
        return None
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError:
        return None
    is_plain = parts.username is None and parts.password is None
    return parts if parts.scheme in _PORTS and host and is_plain and port != 0 else None


def is_local(address: str) -> bool:
    """Tell whether an address is one of this machine."""
    parts = parts_of(address)
    return parts is not None and is_loopback(parts.hostname or "")


def is_safe(address: str) -> bool:
    """Tell whether nobody on the way reads along: https, or http on this machine."""
    parts = parts_of(address)
    return parts is not None and (parts.scheme == "https" or is_loopback(parts.hostname or ""))


def is_base(address: str) -> bool:
    """Tell whether further paths can be put behind an address: it has no query and no fragment."""
    parts = parts_of(address)
    return parts is not None and "?" not in address and "#" not in address


def origin_of(address: str) -> str:
    """Return the origin of an address as browsers send it (RFC 6454, section 6.2).

    Small letters, without the port that goes without saying; nothing for what has none, such as a
    host with a wildcard.
    """
    parts = parts_of(address)
    if parts is None:
        return ""
    port = parts.port
    host = parts.netloc.lower().removesuffix(":").removesuffix(f":{port}")
    if not _HOST.fullmatch(host):
        return ""
    said = port is not None and port != _PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if said else "")

"""Which addresses may be connected to: public ones, or named ones of this machine."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from helpdesk_tui.domain.web_addresses import is_loopback

_TRANSLATED = IPv6Network("64:ff9b::/96")

Resolve = Callable[[str, int], list[str]]
"""Gives the addresses of a host."""


class HostError(Exception):
    """A host that cannot be, or must not be, connected to; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; blocks.

    Raises:
        HostError: ``host-unknown``.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostError("host-unknown") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def addresses_of(
    host: str, port: int, *, is_local: bool = False, resolve: Resolve = resolve
) -> list[str]:
    """Return the addresses to connect to; one among them that must not be refuses all.

    Args:
        host: Its name, or an address.
        port: Where it will be connected to.
        is_local: It is this machine that was named, and nothing else may be meant.
        resolve: Gives the addresses.

    Raises:
        HostError: ``host-unknown`` or ``refused-private-address``.
    """
    found = await _looked_up(host, port, resolve)
    allowed = is_loopback if is_local else is_public
    if not found or not all(allowed(each) for each in found):
        raise HostError("refused-private-address")
    return found


async def _looked_up(host: str, port: int, resolve: Resolve) -> list[str]:
    """Look a name up in a thread that nobody has to wait for."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def give(found: list[str] | HostError) -> None:
        if answer.done():
            return
        if isinstance(found, HostError):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def look() -> None:
        try:
            found: list[str] | HostError = resolve(host, port)
        except HostError as error:
            found = error
        # whoever asked may have left meanwhile
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(give, found)

    threading.Thread(target=look, name="name-look-up", daemon=True).start()
    return await answer


def is_public(written: str) -> bool:
    """Tell whether an address, as it is written, is one of the open internet."""
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        address = _inner(address)
    return address.is_global and not address.is_multicast


def _inner(address: IPv6Address) -> IPv4Address | IPv6Address:
    """Return the older address that a newer one leads to, if it does."""
    if address in _TRANSLATED:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address

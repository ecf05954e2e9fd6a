"""Tell systemd that we are ready and alive; nothing where it did not start us."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def notify_service(message: str) -> bool:
    """Send one datagram such as ``READY=1`` to the service manager; tell whether there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with (
        suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link,
    ):
        link.settimeout(1.0)
        link.connect(address)
        link.sendall(message.encode())
        return True
    return False

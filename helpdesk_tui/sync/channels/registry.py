"""The channels that this program speaks, each declared in a module of its own."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.sync.channels.adapter import Adapter

_MODULES = {
    "email": "helpdesk_tui.sync.channels.email.adapter",
    "webchat": "helpdesk_tui.sync.channels.webchat.adapter",
    "sms": "helpdesk_tui.sync.channels.sms.adapter",
    "whatsapp": "helpdesk_tui.sync.channels.whatsapp.adapter",
    "instagram": "helpdesk_tui.sync.channels.instagram.adapter",
}
"""Module by channel; loaded once the channel is asked for."""


@cache
def adapter_of(channel: str) -> Adapter:
    """Return the adapter of a channel.

    Raises:
        NotFound: ``channel.unknown`` for one that cannot be connected yet.
    """
    if channel not in _MODULES:
        raise NotFound("channel.unknown", name=channel)
    found: Adapter = import_module(_MODULES[channel]).ADAPTER
    return found


def adapters() -> tuple[Adapter, ...]:
    """Return all adapters."""
    return tuple(adapter_of(channel) for channel in _MODULES)

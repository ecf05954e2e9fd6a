"""Where the adapters are: each stands in ``sync/channels/NAME/adapter.py``, as ``ADAPTER``."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.sync.channels.adapter import Adapter


@cache
def adapter_of(channel: str) -> Adapter:
    """Return the adapter of a declared channel; it is loaded once it is asked for.

    Raises:
        NotFound: ``channel.unknown`` for one that is not declared.
    """
    if channel not in CHANNELS:
        raise NotFound("channel.unknown", name=channel)
    found: Adapter = import_module(f"{__package__}.{channel}.adapter").ADAPTER
    return found


def adapters() -> tuple[Adapter, ...]:
    """Return the adapters of all declared channels."""
    return tuple(adapter_of(channel) for channel in CHANNELS)

"""The webchat channel: a site at a relay, which this side asks and tells.

What it offers is imported at its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.webchat.checks import check_account as test
    from helpdesk_tui.sync.channels.webchat.client import RelayClient
    from helpdesk_tui.sync.channels.webchat.settings import WebchatSettings, read_settings

__all__ = ["RelayClient", "WebchatSettings", "read_settings", "test"]

_HOMES = {
    "RelayClient": ("client", "RelayClient"),
    "WebchatSettings": ("settings", "WebchatSettings"),
    "read_settings": ("settings", "read_settings"),
    "test": ("checks", "check_account"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    module, attribute = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)

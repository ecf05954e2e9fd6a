"""Where the sources are: each stands in ``sync/providers/KIND/source.py``, as ``connect``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import httpx

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.imported import ImportedSource
from helpdesk_tui.sync.providers.source import Source

Connect = Callable[..., Source]


def connect(
    connected: ConnectedSource,
    secret: str,
    *,
    paces: Paces | None = None,
    store: Store | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Source:
    """Return the source behind a connection; its module is loaded once it is asked for.

    Args:
        connected: Which.
        secret: What logs in there; empty where it needs none.
        paces: Shared by all that ask this account; its own if not given.
        store: Where it lies what was imported; only imported sources need it.
        transport: Stands in for the network.

    Raises:
        NotFound: ``source.unknown`` for a kind that is not declared.
        AuthFailed: ``source.credentials`` for what can be no key.
    """
    spec = SOURCES.get(connected.kind)
    if spec is None:
        raise NotFound("source.unknown", name=connected.kind)
    if spec.is_imported:
        if store is None:
            raise NotFound("source.unknown", name=connected.kind)
        return ImportedSource(connected, store)
    secret = secret.strip()
    if not (secret.isascii() and secret.isprintable()):
        # no header may hold it, and what says so would name it
        raise AuthFailed("source.credentials", text="")
    make: Connect = import_module(f"{__package__}.{connected.kind}.source").connect
    return make(connected, secret, paces=paces or Paces(), transport=transport)

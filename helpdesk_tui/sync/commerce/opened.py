"""A connected source that is kept open for changes, as it is set up just now."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.sync.channels.errors import Rejected
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.registry import connect
from helpdesk_tui.sync.providers.source import ActingSource

Secret = Callable[[ConnectedSource], str]
"""Gives what logs in to a source; raises HelpdeskError."""
Connect = Callable[[ConnectedSource, str, Paces], ActingSource]
"""Opens a source."""


def connect_acting(connected: ConnectedSource, secret: str, paces: Paces) -> ActingSource:
    """Open a source whose kind is declared to be one that changes things."""
    return cast("ActingSource", connect(connected, secret, paces=paces))


class OpenedSource:
    """One source, connected once it is needed; used by one thread, :meth:`close` by any."""

    def __init__(
        self, store: Store, source_id: int, secret: Secret, connect: Connect = connect_acting
    ) -> None:
        self._sources = Sources(store, SYSTEM)
        self._source_id = source_id
        self._secret = secret
        self._connect = connect
        self._paces = Paces()
        self._connected: ConnectedSource | None = None
        self._source: ActingSource | None = None

    def get(self) -> ActingSource:
        """Return the source; connected anew if its settings have changed.

        Raises:
            Rejected: ``action.source-off``.
            HelpdeskError: it cannot be connected to; nothing was asked there.
        """
        connected = next((one for one in self._sources.all() if one.id == self._source_id), None)
        if connected is None or not connected.is_enabled:
            self.drop()
            raise Rejected(
                "action.source-off", name=connected.name if connected else str(self._source_id)
            )
        if self._source is None or not _is_same(connected, self._connected):
            self.drop()
            # what it says of itself comes along: its time zone is that of all its days
            self._source = self._connect(connected, self._secret(connected), self._paces)
            self._connected = connected
        return self._source

    def drop(self) -> None:
        """Close the connection; the next one reads its secret anew."""
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def close(self) -> None:
        """Drop the connection; what waits for an answer ends."""
        self.drop()


def _is_same(one: ConnectedSource, other: ConnectedSource | None) -> bool:
    return other is not None and (one.kind, one.settings, one.told) == (
        other.kind,
        other.settings,
        other.told,
    )

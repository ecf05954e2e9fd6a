"""Imported files as a source: it lies in the store, so that nobody is asked over the network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities
from helpdesk_tui.services.commerce.importing import Imports
from helpdesk_tui.sync.channels.errors import Gone
from helpdesk_tui.sync.providers.source import Found


class ImportedSource:
    """What was imported under one name."""

    def __init__(self, connected: ConnectedSource, store: Store) -> None:
        self._connected = connected
        self._imports = Imports(store, SYSTEM)

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is there, and all that was told of them."""
        match = self._imports.match(self._connected, identities)
        if match is None:
            return None
        facts = self._imports.facts(self._connected, match.external_id, sections)
        return None if facts is None else Found(match, facts)

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Hand over what was told of a customer.

        Raises:
            Gone: ``provider.gone``.
        """
        facts = self._imports.facts(self._connected, external_id, sections)
        if facts is None:
            raise Gone("provider.gone")
        tell(facts)

    def test(self) -> tuple[Check, ...]:
        """Count who was told of."""
        count = self._imports.count(self._connected)
        return (Check("imported", ok=True, values={"count": count}),)

    def about(self) -> Mapping[str, str]:
        """Return nothing: files have no name of their own."""
        return {}

    def close(self) -> None:
        """Nothing is connected."""

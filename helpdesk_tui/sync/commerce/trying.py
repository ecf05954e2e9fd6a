"""Trying out a source of customer data: its key and each of its rights. Blocks for the network."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.commerce.sources import Sources, key_of
from helpdesk_tui.sync.providers.registry import connect


def try_out(store: Store, source: ConnectedSource, key: str) -> tuple[Check, ...]:
    """Try a source, connected or about to be, with a key; what goes wrong is a step that failed."""
    try:
        with closing(connect(source, key, store=store)) as found:
            return tuple([_named(one, source) for one in found.test()])
    except HelpdeskError as error:
        values = {name: str(each) for name, each in error.values.items()}
        return (_named(Check("login", ok=False, code=error.code, values=values), source),)


def _named(check: Check, source: ConnectedSource) -> Check:
    """Return a step that says which source it is about, where something is to be mended."""
    return check if check.ok else replace(check, values={"source": source.name, **check.values})


def try_kept(store: Store, name: str) -> tuple[Check, ...]:
    """Try a connected source with the key that is kept for it.

    One that was left alone, and answers now, is asked again at once.

    Raises:
        NotFound: ``source.missing``, or ``source.no-key``.
        UsageError: ``secret.*`` if the place of the key refuses, with the reason.
    """
    sources = Sources(store, SYSTEM)
    source = sources.named(name)
    checks = try_out(store, source, key_of(store.paths.root, source))
    if source.error_code and all(one.ok for one in checks):
        sources.well(source.id)
    return checks

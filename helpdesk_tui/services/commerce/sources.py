"""The connected sources of facts: connecting them, and how they fare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.commerce import sources as rows
from helpdesk_tui.db.commerce.values import refresh_worth
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, require_admin
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.sources import SOURCES, SourceSpec
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.web_addresses import is_base, is_safe
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

API = "api"
"""Setting of every source that is asked: another address of its interface than the usual one."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,50}")
_LONGEST = 500
_ADDRESSES = (API, "url")
_TAKEN = frozenset({"agent", "import", "keyword", "provider", "email", "phone", *CHANNELS})
"""Names that mean something else where a word of consent or an id is somebody's."""
_AT_ONCE = 200
"""Profiles that are forgotten in one transaction: agents write in between."""


class Sources:
    """Knows the connected sources; every call blocks.

    Calls that connect or change raise NotAllowed ``role.admin-needed`` for agents without the role.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def all(self) -> tuple[ConnectedSource, ...]:
        """Return the connected sources, the oldest first."""
        with self._store.read() as connection:
            return rows.load_sources(connection)

    def enabled(self) -> tuple[ConnectedSource, ...]:
        """Return those that are switched on."""
        return tuple([one for one in self.all() if one.is_enabled])

    def named(self, name: str) -> ConnectedSource:
        """Return the source of this name.

        Raises:
            NotFound: ``source.missing``, with the names there are.
        """
        found = self.all()
        for one in found:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in found) or "–"
        raise NotFound("source.missing", name=clean(name), known=known)

    def add(self, kind: str, name: str, settings: Mapping[str, str]) -> ConnectedSource:
        """Connect a source; what logs in to it stands with the secrets, not here.

        Args:
            kind: What it is: a name of :data:`SOURCES`.
            name: What the team calls it.
            settings: What its kind needs.

        Raises:
            NotFound: ``source.unknown``.
            UsageError: ``source.bad-name``, ``source.exists``, ``source.needs``,
                ``source.bad-setting`` or ``source.bad-address``.
        """
        require_admin(self._actor)
        kept = checked_settings(kind, settings)
        require_name(name)
        if name in _TAKEN or (name in SOURCES and name != kind):
            raise UsageError("source.bad-name", name=name)
        with self._store.write() as connection:
            source_id = rows.insert_source(connection, name, kind, kept, self._now())
            if source_id is None:
                raise UsageError("source.exists", name=name)
            after = {"source": source_id, "kind": kind}
            self._note(connection, Entry("source.added", after=after))
        return self.named(name)

    def change(self, name: str, settings: Mapping[str, str]) -> ConnectedSource:
        """Change settings of a source; those not named stay, an empty one goes.

        What it has said goes as well: it may be another shop by now, whose customers have the same
        numbers as others had there.

        Raises:
            NotFound: ``source.missing``.
            UsageError: as :meth:`add`.
        """
        require_admin(self._actor)
        source = self.named(name)
        kept = checked_settings(source.kind, {**source.settings, **settings})
        with self._store.write() as connection:
            rows.save_settings(connection, source.id, kept)
            after = {"source": source.id, "settings": True}
            self._note(connection, Entry("source.changed", after=after))
        if kept != source.settings:
            self._forget(source.id)
        return self.named(name)

    def set_enabled(self, name: str, *, enabled: bool) -> ConnectedSource:
        """Switch a source on or off; off keeps what it has said, and nothing is asked.

        Raises:
            NotFound: ``source.missing``.
        """
        require_admin(self._actor)
        source = self.named(name)
        if source.is_enabled != enabled:
            with self._store.write() as connection:
                rows.set_enabled(connection, source.id, enabled=enabled)
                before = {"source": source.id, "enabled": source.is_enabled}
                after = {"source": source.id, "enabled": enabled}
                self._note(connection, Entry("source.changed", before=before, after=after))
        return self.named(name)

    def remove(self, name: str) -> int:
        """Remove a source with all it has said; return of how many profiles that was.

        Raises:
            NotFound: ``source.missing``.
            NotAllowed: ``source.has-actions``: what was changed there stays in the books.
        """
        require_admin(self._actor)
        source = self.named(name)
        with self._store.write() as connection:
            if rows.has_actions(connection, source.id):
                raise NotAllowed("source.has-actions", name=name)
            rows.set_enabled(connection, source.id, enabled=False)
        count = self._forget(source.id)
        with self._store.write() as connection:
            rows.delete_source(connection, source.id)
            before = {"source": source.id, "kind": source.kind}
            self._note(connection, Entry("source.removed", before=before))
        return count

    def _forget(self, source_id: int) -> int:
        count = 0
        while True:
            with self._store.write(bulk=True) as connection:
                profiles = rows.known_profiles(connection, source_id, _AT_ONCE)
                for each in profiles:
                    rows.forget_said(connection, source_id, each)
                    refresh_worth(connection, each)
            count += len(profiles)
            if len(profiles) < _AT_ONCE:
                return count

    # the worker's side ------------------------------------------------------------------------

    def told(self, source_id: int, told: Mapping[str, str]) -> None:
        """Write what a source has said of itself: it can be asked."""
        values = {clean(name): shorten(clean(str(one)), _LONGEST) for name, one in told.items()}
        with self._store.write(bulk=True) as connection:
            self._note_well(connection, source_id)
            rows.save_told(connection, source_id, values, self._now())

    def well(self, source_id: int) -> None:
        """Write that a source answers."""
        with self._store.write(bulk=True) as connection:
            self._note_well(connection, source_id)
            rows.save_well(connection, source_id, self._now())

    def trouble(self, source_id: int, code: str, values: Mapping[str, object]) -> None:
        """Write why a source cannot be asked at all; news of it is an activity."""
        said = {name: shorten(clean(str(one)), _LONGEST) for name, one in values.items()}
        with self._store.write(bulk=True) as connection:
            if rows.save_trouble(connection, source_id, code, said, self._now()):
                after = {"source": source_id, "state": "stopped", "code": code}
                self._note(connection, Entry("source.state", after=after))

    def _note_well(self, connection: sqlite3.Connection, source_id: int) -> None:
        before = next((one for one in rows.load_sources(connection) if one.id == source_id), None)
        if before is not None and before.error_code:
            after = {"source": source_id, "state": "ok"}
            self._note(connection, Entry("source.state", after=after))

    def _note(self, connection: sqlite3.Connection, entry: Entry) -> None:
        activity.record(connection, self._actor, self._now(), [entry])


def require_name(name: str) -> None:
    """Refuse what no source can be called: its secret is kept under its name.

    Raises:
        UsageError: ``source.bad-name``.
    """
    if not _NAME.fullmatch(name):
        raise UsageError("source.bad-name", name=clean(name))


def key_of(root: Path, source: ConnectedSource) -> str:
    """Return what logs in to a source; empty where it needs nothing. Blocks: see ``get_secret``.

    Raises:
        NotFound: ``source.no-key``.
        UsageError: ``secret.*`` if its place refuses, with the reason.
    """
    from helpdesk_tui.services.secrets import find_secret, variable_of

    if not source.spec.credential:
        return ""
    found = find_secret(root, source.secret_name)
    if found is None:
        variable = variable_of(source.secret_name)
        raise NotFound("source.no-key", name=source.name, variable=variable)
    return found.reveal()


def checked_settings(kind: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a source as they are kept.

    Raises:
        NotFound: ``source.unknown``.
        UsageError: ``source.needs``, ``source.bad-setting`` or ``source.bad-address``.
    """
    spec = SOURCES.get(kind)
    if spec is None:
        raise NotFound("source.unknown", name=clean(kind), known=", ".join(SOURCES))
    kept = {name: clean(str(value)).strip() for name, value in settings.items()}
    kept = {name: value for name, value in kept.items() if value}
    allowed = [one.name for one in spec.needs] + ([] if spec.is_imported else [API])
    for name, value in kept.items():
        if name not in allowed or len(value) > _LONGEST:
            raise UsageError(
                "source.bad-setting", name=clean(name), known=", ".join(allowed) or "–"
            )
        if name in _ADDRESSES and not (is_safe(value) and is_base(value)):
            raise UsageError("source.bad-address", name=name, value=value)
    _require(spec, kept)
    return kept


def _require(spec: SourceSpec, kept: Mapping[str, str]) -> None:
    for one in spec.needs:
        if one.is_needed and one.name not in kept:
            raise UsageError(
                "source.needs", name=one.name, meaning=one.meaning, example=one.example
            )

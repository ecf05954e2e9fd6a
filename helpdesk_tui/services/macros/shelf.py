"""The macros of a desk: kept, found, edited by managers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.blobs import get_blob, put_blobs
from helpdesk_tui.db.macros import StoredMacro
from helpdesk_tui.db.settings import DESK, load_setting, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, Role
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.macros.file import parse_macro, read_macro
from helpdesk_tui.domain.macros.macro import Macro, MacroFile
from helpdesk_tui.domain.macros.search import score
from helpdesk_tui.domain.macros.writing import with_files, with_keys
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.text import clean
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.drafts import ReadyFiles, ready

if TYPE_CHECKING:
    import sqlite3

FAVOURITE_KEYS = "123456789"
_OWN_KEYS = "macro-favourites"
"""The setting of an agent with macros by key."""
_MAY_EDIT = (Role.MANAGER, Role.ADMIN, Role.OWNER)


@dataclass(frozen=True, slots=True)
class MacroRow:
    """A macro as it is kept."""

    id: int
    macro: Macro
    source: str
    """Its file, as people wrote it."""
    keys: str
    """``1`` to ``9``; empty for no key."""
    uses: int
    used_at: datetime | None
    updated_at: datetime
    version: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.macro.name


class MacroShelf:
    """Keeps macros; every call blocks. Managers edit them, everybody may read them."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._read: dict[int, tuple[int, Macro | None]] = {}
        """Macros as they were read, by id and version: a picker asks again with every key."""

    def all(self) -> tuple[MacroRow, ...]:
        """Return all macros by name; one whose file cannot be read any more is left out."""
        with self._store.read() as connection:
            found = rows.load_macros(connection)
        rows_read = [(stored, self._macro(stored)) for stored in found]
        return tuple(_of(stored, macro) for stored, macro in rows_read if macro is not None)

    def _macro(self, stored: StoredMacro) -> Macro | None:
        version, macro = self._read.get(stored.id, (0, None))
        if version != stored.version:
            macro = read_macro(stored.source).macro
            self._read[stored.id] = (stored.version, macro)
        return macro

    def sources(self) -> tuple[tuple[str, str], ...]:
        """Return name and file of every macro, those that cannot be read any more included."""
        with self._store.read() as connection:
            return tuple((each.name, each.source) for each in rows.load_macros(connection))

    def search(
        self, text: str, ticket_id: int | None = None, *, limit: int = 50
    ) -> tuple[MacroRow, ...]:
        """Return the macros that fit what was typed, the likeliest first, then the most used.

        Args:
            text: What was typed; nothing lists all.
            ticket_id: Only those whose scope fits this ticket and this agent's teams.
            limit: At most so many.

        Raises:
            NotFound: ``ticket.missing``.
        """
        found = self.all() if ticket_id is None else self.offered(ticket_id)
        scored = [(score(text, row.name, _findable(row.macro)), row) for row in found]
        fitting = [pair for pair in scored if pair[0]]
        fitting.sort(key=lambda pair: (-pair[0], -pair[1].uses, pair[1].name))
        return tuple(row for _, row in fitting[:limit])

    def offered(self, ticket_id: int) -> tuple[MacroRow, ...]:
        """Return the macros whose scope fits a ticket and this agent's teams, by name.

        Raises:
            NotFound: ``ticket.missing``.
        """
        with self._store.read() as connection:
            facts = rows.load_facts(connection, ticket_id)
            teams = rows.load_teams_of(connection, self._actor.agent_id)
        if facts is None:
            raise NotFound("ticket.missing", id=ticket_id)
        return tuple(
            row
            for row in self.all()
            if row.macro.scope.fits(teams=teams, channel=facts.channel, tags=facts.tags)
        )

    def favourites(self) -> dict[str, MacroRow]:
        """Return the favourites by their keys: the desk's, where this agent has no other there."""
        by_id = {row.id: row for row in self.all()}
        with self._store.read() as connection:
            own = self._own_keys(connection)
        taken = set(own.values())
        found = {row.keys: row for row in by_id.values() if row.keys and row.id not in taken}
        for keys, macro_id in own.items():
            found.pop(keys, None)
            if macro_id in by_id:
                found[keys] = by_id[macro_id]
        return dict(sorted(found.items()))

    def prefer(self, macro_id: int, keys: str) -> None:
        """Put a macro on a key (``1`` to ``9``) for this agent alone; nothing takes it off all.

        Raises:
            NotAllowed: ``agent.missing``.
            NotFound: ``macro.missing``.
            UsageError: ``macro.bad-value`` if that is no such key.
        """
        agent_id = self._actor.agent_id
        if agent_id is None:
            raise NotAllowed("agent.missing")
        if keys and keys not in FAVOURITE_KEYS:
            raise UsageError("macro.bad-value", name="keys", value=clean(keys), known="1 to 9")
        with self._store.write() as connection:
            stored = _current(connection, macro_id, None)
            own = {each: one for each, one in self._own_keys(connection).items() if one != macro_id}
            if keys:
                own[keys] = macro_id
            elif stored.shortcut:
                own.setdefault(stored.shortcut, 0)
            save_setting(connection, _OWN_KEYS, agent_id, json.dumps(own))

    def _own_keys(self, connection: sqlite3.Connection) -> dict[str, int]:
        """Return what this agent has put on keys; 0 stands for nothing, whatever the desk says."""
        found = load_setting(connection, _OWN_KEYS, self._actor.agent_id or DESK)
        own = json.loads(found) if found else {}
        return {str(keys): int(macro_id) for keys, macro_id in own.items()}

    def load(self, macro_id: int) -> MacroRow:
        """Return one macro.

        Raises:
            NotFound: ``macro.missing``.
            UsageError: ``macro.*`` if its file cannot be read any more.
        """
        with self._store.read() as connection:
            return checked(rows.load_macro(connection, macro_id), macro_id)

    def find(self, name: str) -> MacroRow:
        """Return the macro of a name, whatever its case and accents.

        Raises:
            NotFound: ``macro.unknown``, with the names that come near.
        """
        with self._store.read() as connection:
            stored = rows.find_macro(connection, " ".join(name.split()))
        if stored is None:
            near = ", ".join(row.name for row in self.search(name, limit=5))
            raise NotFound("macro.unknown", name=clean(name), known=near or "-")
        return checked(stored, stored.id)

    def save(
        self,
        source: str,
        *,
        macro_id: int | None = None,
        version: int | None = None,
        files: Mapping[str, OutgoingFile] | None = None,
    ) -> MacroRow:
        """Keep a macro's file: a new one, or in the place of ``macro_id``.

        Args:
            source: The file.
            macro_id: The macro that it replaces.
            version: The version that was edited; another one now is a conflict.
            files: The files that it names by path.

        Raises:
            NotAllowed: ``macro.not-allowed`` for an agent without the role.
            UsageError: ``macro.*`` with line and column, or ``macro.exists``.
            NotFound: ``macro.missing``, or ``macro.file-missing``.
            Conflict: ``macro.changed-meanwhile``.
        """
        self._check_role()
        packed = ready(tuple((files or {}).values()))
        source = _with_stored(source, files or {}, packed)
        macro = parse_macro(source)
        with self._store.write() as connection:
            same = rows.find_macro(connection, macro.name)
            if same is not None and same.id != macro_id:
                raise UsageError("macro.exists", name=macro.name)
            put_blobs(connection, self._store.paths, packed.blobs)
            _check_files(connection, macro)
            saved = self._put(connection, macro, source, macro_id, version)
            self._free_key(connection, macro.keys, saved)
            return checked(rows.load_macro(connection, saved), saved)

    def _put(
        self,
        connection: sqlite3.Connection,
        macro: Macro,
        source: str,
        macro_id: int | None,
        version: int | None,
    ) -> int:
        now = self._now()
        if macro_id is None:
            return rows.insert_macro(connection, macro.name, source, macro.keys, now)
        _current(connection, macro_id, version)
        rows.update_macro(connection, macro_id, macro.name, source, macro.keys, now)
        return macro_id

    def _free_key(self, connection: sqlite3.Connection, keys: str, macro_id: int) -> None:
        """Take a key from the macro that had it: a key opens one."""
        if not keys:
            return
        for other in rows.load_macros(connection):
            if other.shortcut == keys and other.id != macro_id:
                readable = read_macro(other.source).macro is not None
                source = with_keys(other.source, "") if readable else other.source
                rows.update_macro(connection, other.id, other.name, source, "", self._now())

    def favourite(self, macro_id: int, keys: str) -> MacroRow:
        """Put a macro on a key (``1`` to ``9``, or nothing); whichever had it loses it.

        Raises:
            NotAllowed: ``macro.not-allowed``.
            NotFound: ``macro.missing``.
            UsageError: ``macro.bad-value``.
        """
        self._check_role()
        with self._store.write() as connection:
            stored = _current(connection, macro_id, None)
            source = with_keys(stored.source, keys)
            macro = parse_macro(source)
            rows.update_macro(connection, macro_id, macro.name, source, macro.keys, self._now())
            self._free_key(connection, macro.keys, macro_id)
            return checked(rows.load_macro(connection, macro_id), macro_id)

    def delete(self, macro_id: int, *, version: int | None = None) -> None:
        """Remove a macro; what it has done stays.

        Raises:
            NotAllowed: ``macro.not-allowed``.
            NotFound: ``macro.missing``.
            Conflict: ``macro.changed-meanwhile``.
        """
        self._check_role()
        with self._store.write() as connection:
            _current(connection, macro_id, version)
            rows.delete_macro(connection, macro_id)

    def file(self, file: MacroFile) -> OutgoingFile:
        """Return a stored file of a macro with its bytes.

        Raises:
            NotFound: ``blob.missing``.
        """
        with self._store.read() as connection:
            data = get_blob(connection, self._store.paths, file.sha256)
        return OutgoingFile(file.path, "", data)

    @property
    def may_edit(self) -> bool:
        """Whether this agent may change macros."""
        return self._actor.role in _MAY_EDIT

    def _check_role(self) -> None:
        if not self.may_edit:
            raise NotAllowed("macro.not-allowed")


def _of(stored: StoredMacro, macro: Macro) -> MacroRow:
    return MacroRow(stored.id, macro, stored.source, stored.shortcut, stored.uses, stored.used_at,
                    stored.updated_at, stored.version)  # fmt: skip


def checked(stored: StoredMacro | None, macro_id: int) -> MacroRow:
    """Return a stored macro as it is read.

    Raises:
        NotFound: ``macro.missing``.
        UsageError: ``macro.*`` if its file cannot be read any more.
    """
    if stored is None:
        raise NotFound("macro.missing", id=macro_id)
    return _of(stored, parse_macro(stored.source))


def _current(connection: sqlite3.Connection, macro_id: int, version: int | None) -> StoredMacro:
    stored = rows.load_macro(connection, macro_id)
    if stored is None:
        raise NotFound("macro.missing", id=macro_id)
    if version is not None and version != stored.version:
        raise Conflict("macro.changed-meanwhile", name=stored.name)
    return stored


def _findable(macro: Macro) -> str:
    return " ".join(text for bodies in macro.bodies for text in bodies.texts.values())


def _with_stored(source: str, files: Mapping[str, OutgoingFile], packed: ReadyFiles) -> str:
    """Return a macro's file that names the files by what the store calls them."""
    stored = {
        written: MacroFile(row[0], row[3]) for written, row in zip(files, packed.rows, strict=True)
    }
    return with_files(source, stored) if stored else source


def _check_files(connection: sqlite3.Connection, macro: Macro) -> None:
    for file in macro.actions.attach:
        if not file.sha256 or rows.load_file_size(connection, file.sha256) is None:
            raise NotFound("macro.file-missing", name=file.path, macro=macro.name)

"""Macros: ready texts with actions, kept, found, filled in and used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.activity import new_change_id
from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.settings import DESK, load_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.domain.macros.file import parse_macro
from helpdesk_tui.domain.macros.language import guess
from helpdesk_tui.domain.macros.macro import Mode, Then
from helpdesk_tui.domain.macros.names import names
from helpdesk_tui.domain.macros.render import Filled, Hole, render
from helpdesk_tui.domain.macros.text import read
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.macros.drafts import (
    Drafted,
    draft_key,
    follow,
    following,
    put_in_draft,
)
from helpdesk_tui.services.macros.plan import Plan, Setting, Step, make_plan
from helpdesk_tui.services.macros.running import Outcome, Run, dry, run_one
from helpdesk_tui.services.macros.shelf import MacroRow, MacroShelf, checked
from helpdesk_tui.services.macros.values import load_context

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Applied", "Drafted", "Insertion", "MacroPreview", "MacroRow", "Macros"]


_SEVERAL = 2
"""Languages from which on there is a choice."""


@dataclass(frozen=True, slots=True)
class MacroPreview:
    """A macro for one ticket, filled in, before anything is done."""

    row: MacroRow
    plan: Plan

    @property
    def text(self) -> str:
        """The filled-in text; what is missing stands in it between brackets."""
        return self.plan.text.text

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What is missing in the text, with places."""
        return self.plan.text.holes

    @property
    def steps(self) -> tuple[Step, ...]:
        """What it would do beside its text."""
        return self.plan.steps

    @property
    def problems(self) -> tuple[HelpdeskError, ...]:
        """Why it cannot be run as it is."""
        return self.plan.problems


@dataclass(frozen=True, slots=True)
class Insertion:
    """What goes into a draft."""

    row: MacroRow
    filled: Filled
    files: tuple[OutgoingFile, ...]
    steps: tuple[Step, ...]
    """What :meth:`Macros.apply` does once the draft is sent."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a macro did."""

    change_id: str
    """What one undo takes back; empty if nothing was done."""
    outcomes: tuple[Outcome, ...]
    then: Then = Then.USUAL

    @property
    def changed(self) -> tuple[int, ...]:
        """The tickets that it was used on."""
        return tuple(each.ticket_id for each in self.outcomes if each.error is None)


class Macros(MacroShelf):
    """Keeps and uses macros; every call blocks. Managers edit them, everybody uses them."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        *,
        now: Clock = utc_now,
        zone: str = "UTC",
    ) -> None:
        super().__init__(store, actor, now=now)
        self._zone = zone

    def preview(self, macro_id: int, ticket_id: int, *, language: str = "") -> MacroPreview:
        """Return a macro filled in for a ticket, with all that it would do; nothing is done.

        Args:
            macro_id: The macro.
            ticket_id: The ticket.
            language: Which of its languages, such as ``pl``; empty: the customer's, if known.

        Raises:
            NotFound: ``macro.missing`` or ``ticket.missing``.
        """
        with self._store.read() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            return MacroPreview(row, self.plan(connection, row, ticket_id, language))

    # drafts ----------------------------------------------------------------------------------

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self._actor

    @property
    def paths(self) -> StorePaths:
        """Where the store keeps its files."""
        return self._store.paths

    def moment(self) -> datetime:
        """Return the moment it is."""
        return self._now()

    def draft(
        self,
        macro_id: int,
        ticket_id: int,
        text: str,
        *,
        language: str = "",
        kind: DraftKind = DraftKind.REPLY,
    ) -> Drafted:
        """Put a macro into this agent's draft: its files, and the actions that follow a reply.

        The text itself is the editor's. Its actions are done by :meth:`Replies.reply`, in the
        transaction that queues the text, so that one undo takes back both.

        Args:
            macro_id: The macro.
            ticket_id: The ticket.
            text: The whole text of the draft, the macro's included.
            language: Which of its languages; empty: the customer's, if that is known.
            kind: Which draft; actions follow replies only.

        Raises:
            NotFound: ``macro.missing`` or ``ticket.missing``.
            NotAllowed: ``agent.missing``.
            UsageError: ``attachment.too-large``.
        """
        key = draft_key(self, ticket_id, kind)
        with self._store.write() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            plan = self.plan(connection, row, ticket_id, language)
            put_in_draft(connection, self, key, row, plan, text)
            rows.count_uses(connection, macro_id, 1, self._now())
            return self._drafted(connection, key)

    def following(self, ticket_id: int) -> Drafted:
        """Return the files of this agent's draft of a reply, and what follows once it is sent."""
        key = draft_key(self, ticket_id, DraftKind.REPLY)
        with self._store.read() as connection:
            return self._drafted(connection, key)

    def drop(self, ticket_id: int) -> Drafted:
        """Let no macro's actions follow this agent's draft of a reply; text and files stay."""
        key = draft_key(self, ticket_id, DraftKind.REPLY)
        with self._store.write() as connection:
            draft_rows.save_macros(connection, key, ())
            return self._drafted(connection, key)

    def _drafted(self, connection: sqlite3.Connection, key: DraftKey) -> Drafted:
        files = draft_rows.load_files(connection, key)
        return Drafted(files, following(connection, self, key))

    def follow(
        self,
        connection: sqlite3.Connection,
        ticket_id: int,
        wanted: Sequence[tuple[int, str]],
        change_id: str,
    ) -> None:
        """Do what follows a sent draft, inside the caller's transaction.

        Raises:
            HelpdeskError: the first action that cannot be done; then nothing is sent either.
        """
        follow(connection, self, ticket_id, wanted, change_id)

    def values(self, ticket_id: int) -> dict[str, str]:
        """Return every name that macros may use, with its value in a ticket; empty: not known.

        Raises:
            NotFound: ``ticket.missing``.
        """
        with self._store.read() as connection:
            _, context = load_context(
                connection, ticket_id, self._actor.agent_id,
                language=self._spoken(connection) or "en",
                zone=self._zone, now=self._now(),
            )  # fmt: skip
        found: dict[str, str] = {}
        for name, _ in names():
            filled = render(read(f"{{{{ {name} }}}}"), context)
            found[name] = "" if filled.holes else filled.text
        return found

    def _spoken(self, connection: sqlite3.Connection) -> str:
        """Return the language of the agent's interface, else of the desk; empty for none."""
        for scope in (self._actor.agent_id or DESK, DESK):
            found = load_setting(connection, LANGUAGE, scope)
            if found is not None:
                return str(json.loads(found))
        return ""

    def sketch(self, source: str, ticket_id: int, *, language: str = "") -> MacroPreview:
        """Return a macro that is not kept yet, filled in for a ticket; nothing is done.

        Raises:
            UsageError: ``macro.*`` for a mistake in it.
            NotFound: ``ticket.missing``.
        """
        row = MacroRow(0, parse_macro(source), source, "", 0, None, self._now(), 0)
        with self._store.read() as connection:
            return MacroPreview(row, self.plan(connection, row, ticket_id, language))

    def insert(self, macro_id: int, ticket_id: int, *, language: str = "") -> Insertion:
        """Return text and files for a draft, and count the use; the ticket is left alone.

        Its actions are done by :meth:`apply` with ``Mode.INSERT`` once the draft has been sent.

        Raises:
            NotFound: ``macro.missing``, ``ticket.missing`` or ``blob.missing``.
        """
        with self._store.write() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            plan = self.plan(connection, row, ticket_id, language)
            files = tuple(
                OutgoingFile(name, kind, get_blob(connection, self._store.paths, sha256))
                for name, kind, _, sha256 in plan.files
            )
            rows.count_uses(connection, macro_id, 1, self._now())
        return Insertion(row, plan.text, files, plan.steps)

    def apply(
        self,
        macro_id: int,
        ticket_ids: Sequence[int],
        *,
        mode: Mode | None = None,
        language: str = "",
        dry_run: bool = False,
        undo: bool = True,
        seen: int | None = None,
        versions: Mapping[int, int] | None = None,
        change_id: str = "",
        attended: bool = False,
    ) -> Applied:
        """Use a macro on tickets: all of it on each, or nothing on that one.

        ``Mode.RUN`` sends its text as it is, and nothing of a draft along with it; a hole refuses.
        ``Mode.INSERT`` does its actions only, for a text that was sent from the draft. One undo
        (:meth:`Triage.undo`) takes all of it back, the reply too while it waits.

        Args:
            macro_id: The macro.
            ticket_ids: The tickets.
            mode: What to do; None: as the macro says.
            language: Which of its languages; empty: the customer's, if that is known.
            dry_run: Only say what would be done.
            undo: Leave time to take the reply back; False sends at once (scripts).
            seen: The newest message the agent saw.
            versions: Tickets as they were shown; one that changed since is left alone.
            change_id: Join a change that was made, such as that of the sent draft.
            attended: An agent sits there and is asked about what it does to orders: without one
                a macro that touches orders or subscriptions is refused.

        Raises:
            NotFound: ``macro.missing``.
        """
        if dry_run:
            with self._store.read() as connection:
                row = checked(rows.load_macro(connection, macro_id), macro_id)
                run = self._run(row, mode, "", undo=undo, seen=seen, versions=versions or {},
                                attended=attended)  # fmt: skip
                found = [self._one(connection, row, run, each, language, is_dry=True)
                         for each in dict.fromkeys(ticket_ids)]  # fmt: skip
            return Applied("", tuple(found), row.macro.then)
        with self._store.write() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            run = self._run(row, mode, change_id or new_change_id(), undo=undo, seen=seen,
                            versions=versions or {}, attended=attended)  # fmt: skip
            found = [self._one(connection, row, run, each, language, is_dry=False)
                     for each in dict.fromkeys(ticket_ids)]  # fmt: skip
            done = sum(each.error is None for each in found)
            if done and run.sends:
                # a text that was inserted has been counted then
                rows.count_uses(connection, macro_id, done, self._now())
        return Applied(run.change_id if done else "", tuple(found), row.macro.then)

    def _run(
        self,
        row: MacroRow,
        mode: Mode | None,
        change_id: str,
        *,
        undo: bool,
        seen: int | None,
        versions: Mapping[int, int],
        attended: bool,
    ) -> Run:
        sends = (mode or row.macro.mode) is Mode.RUN
        return Run(
            row.id, self._actor, self._now(), change_id, sends, undo, seen, versions,
            attended=attended,
        )  # fmt: skip

    def _one(
        self,
        connection: sqlite3.Connection,
        row: MacroRow,
        run: Run,
        ticket_id: int,
        language: str,
        *,
        is_dry: bool,
    ) -> Outcome:
        try:
            plan = self.plan(connection, row, ticket_id, language)
        except NotFound as error:
            return Outcome(ticket_id, error=error)
        if is_dry:
            return dry(connection, run, ticket_id, plan)
        return run_one(connection, self._store.paths, run, ticket_id, plan)

    def plan(
        self, connection: sqlite3.Connection, row: MacroRow, ticket_id: int, language: str = ""
    ) -> Plan:
        """Return what a macro says and does in a ticket, inside the caller's transaction.

        Raises:
            NotFound: ``ticket.missing``.
        """
        language = language or self._language(connection, row, ticket_id)
        bodies = row.macro.bodies_in(language)
        facts, context = load_context(
            connection,
            ticket_id,
            self._actor.agent_id,
            language=bodies.language if bodies else language or "en",
            zone=self._zone,
            now=self._now(),
        )
        setting = Setting(row.macro, bodies, self._actor, self._now(), self._zone)
        return make_plan(connection, setting, facts, context)

    def _language(self, connection: sqlite3.Connection, row: MacroRow, ticket_id: int) -> str:
        """Return the language of the customer, else the agent's, else the macro's own."""
        among = [bodies.language for bodies in row.macro.bodies]
        if len(among) < _SEVERAL:
            return among[0] if among else ""
        written = rows.load_last_inbound(connection, ticket_id)
        guessed = guess(written[0], among) if written else ""
        if guessed:
            return guessed
        return self._spoken(connection) or among[0]

"""Macros: ready texts with actions, kept, found, filled in and used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.activity import new_change_id
from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.domain.macro import Mode, Then
from helpdesk_tui.domain.macro_render import Filled, Hole
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.macro_plan import Plan, Setting, Step, make_plan
from helpdesk_tui.services.macro_running import Outcome, Run, dry, run_one
from helpdesk_tui.services.macro_shelf import MacroRow, MacroShelf, checked
from helpdesk_tui.services.macro_values import ValueProvider, load_context

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Applied", "Insertion", "MacroPreview", "MacroRow", "Macros"]


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
        providers: Sequence[ValueProvider] = (),
    ) -> None:
        super().__init__(store, actor, now=now)
        self._zone = zone
        self._providers = tuple(providers)

    def preview(self, macro_id: int, ticket_id: int, *, language: str = "") -> MacroPreview:
        """Return a macro filled in for a ticket, with all that it would do; nothing is done.

        Args:
            macro_id: The macro.
            ticket_id: The ticket.
            language: Which of its languages, such as ``pl``; empty: the one it was written in.

        Raises:
            NotFound: ``macro.missing`` or ``ticket.missing``.
        """
        with self._store.read() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            return MacroPreview(row, self._plan(connection, row, ticket_id, language))

    def insert(self, macro_id: int, ticket_id: int, *, language: str = "") -> Insertion:
        """Return text and files for a draft, and count the use; the ticket is left alone.

        Its actions are done by :meth:`apply` with ``Mode.INSERT`` once the draft has been sent.

        Raises:
            NotFound: ``macro.missing``, ``ticket.missing`` or ``blob.missing``.
        """
        with self._store.write() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            plan = self._plan(connection, row, ticket_id, language)
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
    ) -> Applied:
        """Use a macro on tickets: all of it on each, or nothing on that one.

        ``Mode.RUN`` sends its text as it is, and nothing of a draft along with it; a hole refuses.
        ``Mode.INSERT`` does its actions only, for a text that was sent from the draft. One undo
        (:meth:`Triage.undo`) takes all of it back, the reply too while it waits.

        Args:
            macro_id: The macro.
            ticket_ids: The tickets.
            mode: What to do; None: as the macro says.
            language: Which of its languages; empty: the one it was written in.
            dry_run: Only say what would be done.
            undo: Leave time to take the reply back; False sends at once (scripts).
            seen: The newest message the agent saw.
            versions: Tickets as they were shown; one that changed since is left alone.
            change_id: Join a change that was made, such as that of the sent draft.

        Raises:
            NotFound: ``macro.missing``.
        """
        if dry_run:
            with self._store.read() as connection:
                row = checked(rows.load_macro(connection, macro_id), macro_id)
                run = self._run(row, mode, "", undo=undo, seen=seen, versions=versions or {})
                found = [self._one(connection, row, run, each, language, is_dry=True)
                         for each in dict.fromkeys(ticket_ids)]  # fmt: skip
            return Applied("", tuple(found), row.macro.then)
        with self._store.write() as connection:
            row = checked(rows.load_macro(connection, macro_id), macro_id)
            run = self._run(row, mode, change_id or new_change_id(), undo=undo, seen=seen,
                            versions=versions or {})  # fmt: skip
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
    ) -> Run:
        sends = (mode or row.macro.mode) is Mode.RUN
        return Run(row.id, self._actor, self._now(), change_id, sends, undo, seen, versions)

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
            plan = self._plan(connection, row, ticket_id, language)
        except NotFound as error:
            return Outcome(ticket_id, error=error)
        if is_dry:
            return dry(connection, run, ticket_id, plan)
        return run_one(connection, self._store.paths, run, ticket_id, plan)

    def _plan(
        self, connection: sqlite3.Connection, row: MacroRow, ticket_id: int, language: str
    ) -> Plan:
        bodies = row.macro.bodies_in(language) if language else next(iter(row.macro.bodies), None)
        facts, context = load_context(
            connection,
            ticket_id,
            self._actor.agent_id,
            language=bodies.language if bodies else language or "en",
            zone=self._zone,
            providers=self._providers,
        )
        setting = Setting(row.macro, bodies, self._actor, self._now(), self._zone)
        return make_plan(connection, setting, facts, context)

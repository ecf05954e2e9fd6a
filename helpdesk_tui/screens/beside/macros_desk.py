"""Macros in the inbox: asked for by a key, used on the ticket at the cursor or on marked ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.domain.commerce.commands import Command, commands_of
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.composing.type_ahead import Writing
from helpdesk_tui.screens.inbox.actions import Act
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.screens.dialogs.macro_offers import PickedMacro, Shelf
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow


@dataclass(frozen=True, slots=True)
class Run:
    """A macro run on tickets: all of it at once, nothing of a half-written draft along with it."""

    macro_id: int
    language: str = ""
    asks: bool = False
    """Whether the dialogs of what it asks for open afterwards."""

    def __call__(self, desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
        """Run it; what cannot be done is skipped with its reason."""
        applied = desk.macros.apply(
            self.macro_id, ids, mode=Mode.RUN, language=self.language, versions=seen,
            attended=self.asks and len(ids) == 1,
        )  # fmt: skip
        skipped = [
            (each.ticket_id, each.error.code) for each in applied.outcomes if each.error is not None
        ]
        return Change(applied.change_id, applied.changed, tuple(skipped))


class MacrosDesk:
    """Asks for macros and uses them; remembers the last one."""

    def __init__(self, screen: InboxScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._shelves: dict[int, Shelf] = {}
        self._last: PickedMacro | None = None
        self.rows: tuple[MacroRow, ...] = ()
        """All macros, for the palette; read when it is opened first."""

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "ticket.macro": self.pick,
            "ticket.last-macro": self.again,
            "go.macros": self.shelf,
        }

    def begin(self) -> None:
        """Serve the composer, and know the macros for the palette."""
        pane = self._screen.panes.thread
        if pane is not None:
            pane.writing.macros.ask = self.ask_for_draft
        self.load()

    def load(self) -> None:
        """Read the macros for the palette."""

        def show(rows: tuple[MacroRow, ...]) -> None:
            self.rows = rows

        self._screen.start(
            self._desk.macros.all, show, lambda _error: None, group="macros", exclusive=True
        )

    # asking ----------------------------------------------------------------------------------

    @property
    def _row(self) -> TicketRow | None:
        return self._screen.tickets.cursor_row

    def pick(self) -> None:
        """Ask which macro to use on the ticket, or on those that are marked."""
        row, marks = self._row, self._screen.tickets.marks
        if row is None:
            return
        count = marks.count if marks.is_any else 1
        self._ask(row.id, "", partial(self._chosen, row), count=count)

    def ask_for_draft(self, typed: str, chosen: Callable[[PickedMacro | None], None]) -> None:
        """Ask which macro goes into the draft that is open."""
        pane = self._screen.panes.thread
        if pane is None or pane.thread is None:
            chosen(None)
            return
        row = pane.thread.ticket.row

        def take(picked: PickedMacro | None) -> None:
            if picked is None or not (picked.runs or self._is_bare(picked)):
                self._last = picked or self._last
                chosen(picked)
                if picked is not None:
                    self._ask_about((row.id,), commands_of(picked.row.macro.actions))
                return
            chosen(None)
            self._last = picked
            # it was asked for the ticket that is written to, whatever is marked in the list
            self._run(picked, row)

        self._ask(row.id, typed, take, from_draft=True)

    def _ask(
        self,
        ticket_id: int,
        typed: str,
        chosen: Callable[[PickedMacro | None], None],
        *,
        count: int = 1,
        from_draft: bool = False,
    ) -> None:
        from helpdesk_tui.screens.dialogs.macro_pick import MacroPicker

        dialog = MacroPicker(
            self._desk.macros,
            ticket_id,
            signs=self._screen.signs,
            now=self._screen.now,
            shelf=self._shelves.get(ticket_id),
            typed=typed,
            count=count,
            from_draft=from_draft,
        )

        def answered(picked: PickedMacro | None) -> None:
            if dialog.shelf is not None:
                self._shelves = {ticket_id: dialog.shelf}
            chosen(picked)

        self._screen.app.push_screen(dialog, answered)

    def _chosen(self, row: TicketRow, picked: PickedMacro | None) -> None:
        if picked is not None:
            self.use(row, picked)

    def again(self) -> None:
        """Use the macro that was used last, on this ticket."""
        row, last = self._row, self._last
        if last is None:
            self._screen.footer.say(_("no macro was used yet: m picks one"))
        elif row is not None:
            is_many = self._screen.tickets.marks.is_any
            self.use(row, replace(last, preview=None, typed="", runs=last.runs or is_many))

    def insert_named(self, macro_id: int) -> None:
        """Use a macro by its id, as the palette asks for it."""
        from helpdesk_tui.screens.dialogs.macro_offers import PickedMacro

        row = self._row
        if row is None:
            return

        def found(macro: MacroRow) -> None:
            runs = macro.macro.mode is Mode.RUN or self._screen.tickets.marks.is_any
            self.use(row, PickedMacro(macro, runs))

        self._screen.ask(lambda: self._desk.macros.load(macro_id), found, group="ask")

    # using -----------------------------------------------------------------------------------

    @staticmethod
    def _is_bare(picked: PickedMacro) -> bool:
        """Whether there is nothing to write in it: it only does something."""
        return not any(bodies.texts for bodies in picked.row.macro.bodies)

    def use(self, row: TicketRow, picked: PickedMacro) -> None:
        """Run a macro, or put it into the reply of a ticket."""
        self._last = picked
        if picked.runs or self._is_bare(picked) or self._screen.tickets.marks.is_any:
            self._run(picked)
        else:
            self._insert(row, picked)

    def _run(self, picked: PickedMacro, row: TicketRow | None = None) -> None:
        macro, does = picked.row.macro, picked.row.macro.actions
        is_given = does.assign not in ("", "me")
        leaves = does.status == "close" or bool(does.snooze) or does.spam or is_given
        leaves = leaves or bool(macro.then)
        values = {"name": clean(macro.name)}

        def many(count: int) -> str:
            return ngettext("{count} ticket: macro {name}", "{count} tickets: macro {name}", count)

        if self._screen.actions is not None:
            asked = commands_of(does)
            act = Act(
                Run(picked.row.id, picked.language, asks=bool(asked)),
                _("#{id} macro {name}"),
                many,
                values,
                moves_on=leaves,
                then=macro.then,
                done=lambda changed: self._ask_about(changed, asked),
            )
            self._screen.actions.do(act, row)

    def _ask_about(self, tickets: Sequence[int], asked: Sequence[Command]) -> None:
        """Open the dialogs of the orders and subscriptions that a macro is about."""
        if asked and len(tickets) == 1:
            from helpdesk_tui.screens.commerce.commanding import command_all

            command_all(self._screen, tickets[0], asked)

    def _insert(self, row: TicketRow, picked: PickedMacro) -> None:
        """Open the reply and put the text in; what is typed meanwhile goes behind it."""
        panes = self._screen.panes
        panes.enter(row.id)
        self._ask_about((row.id,), commands_of(picked.row.macro.actions))
        if picked.preview is not None:
            preview = picked.preview
            panes.write_when_loaded(
                row.id,
                Writing.REPLY,
                first=lambda pane: pane.writing.macros.insert(preview),
                typed=picked.typed,
            )
            return
        panes.write_when_loaded(row.id, Writing.REPLY, waits=True, typed=picked.typed)

        def filled(preview: MacroPreview) -> None:
            panes.write_at_last(row.id, lambda pane: _insert_into(pane, row.id, preview))

        def failed(error: HelpdeskError) -> None:
            panes.write_at_last(row.id, lambda _pane: None)
            self._screen.complain(error)

        self._screen.ask(
            lambda: self._desk.macros.preview(picked.row.id, row.id, language=picked.language),
            filled,
            failed,
            group="ask",
        )

    # the screen of macros --------------------------------------------------------------------

    def shelf(self) -> None:
        """Show all macros, to be made and changed."""
        from helpdesk_tui.screens.beside.macros import MacrosScreen

        row, screen = self._row, self._screen

        def left(_answer: None) -> None:
            self._shelves.clear()
            self.load()

        screen.app.push_screen(
            MacrosScreen(
                self._desk,
                screen.keymap,
                screen.signs,
                now=screen.now,
                zone=screen.zone,
                ticket_id=row.id if row is not None else 0,
            ),
            left,
        )


def _insert_into(pane: ThreadPane, ticket_id: int, preview: MacroPreview) -> None:
    if pane.ticket_id == ticket_id:
        pane.writing.macros.insert(preview)


def macros_desk(screen: InboxScreen, desk: Desk) -> MacrosDesk:
    """Return the macros of a screen; they are made once."""
    if screen.macros is None:
        screen.macros = MacrosDesk(screen, desk)
    return screen.macros

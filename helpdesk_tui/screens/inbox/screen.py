"""The inbox: views, tickets, the thread and the customer, side by side or one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer

from helpdesk_tui.domain.tickets import View, ViewCount
from helpdesk_tui.screens.inbox.actions_ahead import ActionsAhead
from helpdesk_tui.screens.inbox.data import InboxData
from helpdesk_tui.screens.inbox.first_steps import say_if_empty
from helpdesk_tui.screens.inbox.key_presses import action_of
from helpdesk_tui.screens.inbox.layout import BREAKPOINTS, LAYOUT
from helpdesk_tui.screens.inbox.others import Others
from helpdesk_tui.screens.inbox.panes import Panes
from helpdesk_tui.screens.inbox.ticking import Clock
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.chords import Chords
from helpdesk_tui.widgets.footer import Footer
from helpdesk_tui.widgets.header import Header, HeaderState, unread_total
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import Scope
from helpdesk_tui.widgets.narrow_screen import NarrowScreen
from helpdesk_tui.widgets.one_picture import once_written
from helpdesk_tui.widgets.rail import Rail, Teammate
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.tickets.head import ListHead
from helpdesk_tui.widgets.tickets.list import TicketList
from helpdesk_tui.widgets.too_small import NEEDED_COLUMNS, NEEDED_ROWS, TooSmall

if TYPE_CHECKING:
    from helpdesk_tui.domain.changes import Changes
    from helpdesk_tui.screens.beside.macros_desk import MacrosDesk
    from helpdesk_tui.screens.beside.mail_desk import MailDesk
    from helpdesk_tui.screens.beside.settings_desk import SettingsDesk
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.screens.inbox.actions import InboxActions
    from helpdesk_tui.screens.inbox.asks import InboxAsks
    from helpdesk_tui.screens.inbox.searching import Searching
    from helpdesk_tui.screens.inbox.views import ViewsDesk
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.opening import Loaded
    from helpdesk_tui.widgets.search_line import SearchLine

PREVIEW_AFTER = 0.12
"""Seconds of rest after the last key before the thread under the cursor is drawn."""


class InboxScreen(Jobs, NarrowScreen):
    """Composes the panes and gives every key its meaning."""

    HORIZONTAL_BREAKPOINTS = list(BREAKPOINTS)  # noqa: RUF012 - the library reads it there
    DEFAULT_CSS = LAYOUT

    @dataclass
    class StoreChanged(Message):
        """Somebody committed something."""

        changes: Changes

    @dataclass
    class TeamSeen(Message):
        """Who is here."""

        team: tuple[Teammate, ...]

    @dataclass
    class SyncSeen(Message):
        """How the mail flows."""

        words: str
        ink: Ink

    @dataclass
    class CountsChanged(Message):
        """The numbers of the views were read anew."""

        unread: int

    def __init__(
        self,
        keymap: Keymap,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
        signs: Signs,
        composed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self.keymap = keymap
        self.signs = signs
        self.now = now
        self.zone = zone
        self._composed = composed
        self.desk: Desk | None = None
        self.data: InboxData | None = None
        self.counts: Mapping[View, ViewCount] = {}
        self._chords = Chords(keymap, frozenset({Scope.DESK, Scope.APP}))
        self._typing_chords = Chords(keymap, frozenset({Scope.APP}))
        self._handlers: dict[str, Callable[[], None]] = {}
        self._ahead = ActionsAhead(self.perform)
        self._preview: Timer | None = None
        self._others = Others(self)
        self._clock = Clock(self)
        self.team: tuple[Teammate, ...] = ()
        self.touched_at = monotonic()
        """When the last key was pressed."""
        self.views: ViewsDesk | None = None
        self.macros: MacrosDesk | None = None
        self.searching: Searching | None = None
        self.asks: InboxAsks | None = None
        self.mail: MailDesk | None = None
        self.actions: InboxActions | None = None
        self.settings: SettingsDesk | None = None
        self.header = Header(keymap, signs=signs)
        self.rail = Rail(keymap, signs=signs)
        self.head = ListHead(signs=signs)
        self.tickets = TicketList(now(), signs=signs, id="tickets")
        self.tickets.quickened = self._clock.tick
        self.footer = Footer(keymap, signs=signs)
        self.panes = Panes(self)

    def compose(self) -> ComposeResult:
        """Lay out the list; thread and sidebar are mounted after the first picture."""
        width = self.app.size.width
        # the library would set this after a picture without it; here nothing has to be styled anew
        fitting = [name for least, name in BREAKPOINTS if width >= least]
        self.add_class(*fitting[-1:], update=False)
        yield self.header
        with Horizontal(id="body"):
            yield self.rail
            with Vertical(id="list-pane"):
                yield self.head
                yield self.tickets
        yield self.footer
        yield TooSmall()

    def on_mount(self) -> None:
        """Take the keys and ask for the tickets, all that before the first picture."""
        self.tickets.focus()
        self._clock.tick()
        self._composed()

    def on_resize(self, event: events.Resize) -> None:
        """Cover everything while the terminal is too small to work in."""
        tiny = event.size.width < NEEDED_COLUMNS or event.size.height < NEEDED_ROWS
        self.set_class(tiny, "-tiny")

    # the desk arrives ------------------------------------------------------------------------

    def begin(self, desk: Desk, loaded: Loaded, *, name: str) -> None:
        """Show the first list; the other panes follow after it is painted."""
        self.desk = desk
        self.data = InboxData(
            desk.inbox,
            self,
            self.tickets,
            agent_id=desk.actor.agent_id,
            counted=self.show_counts,
            shown=self._show_loaded,
        )
        self.data.where = loaded.where
        self.data.expected, self.data.settled = self._ahead.expect, self._ahead.release
        self.update_header(desk=name, agent=desk.actor.name)
        self.tickets.show(loaded.where, loaded.page, loaded.height)
        self.show_counts(loaded.counts)
        self._show_loaded(loaded)
        once_written(self.app, self.panes.load_rest, desk)

    def _show_loaded(self, loaded: Loaded) -> None:
        self._clock.wait()
        self.head.show(loaded.where)
        self.rail.show(loaded.where, self.counts)
        where = loaded.where
        is_plain = not (where.query or where.saved_id)
        self.update_header(view=where.view if is_plain else None, saved_id=where.saved_id)
        say_if_empty(self, loaded.where)
        if self.searching is not None:
            self.searching.shown(loaded)

    def show_counts(self, counts: Mapping[View, ViewCount]) -> None:
        """Show the numbers of the views wherever they stand."""
        self.counts = counts
        self.rail.show(self.data.where if self.data else None, counts)
        self.update_header(counts=counts)
        where = self.data.where if self.data is not None else None
        if where is not None and where.view in counts and not (where.query or where.saved_id):
            self.tickets.recount(where, counts[where.view].total(where.status))
        self.post_message(self.CountsChanged(unread_total(counts)))

    def update_header(self, **changes: object) -> None:
        """Change some of what the header says."""
        state: HeaderState = replace(self.header.state, **changes)  # type: ignore[arg-type]
        self.header.update(state)

    # keys ------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Give a key to the action it stands for, through the key table."""
        self.touched_at = monotonic()
        if self.panes.takes_ahead(event):
            event.stop()
            event.prevent_default()
            return
        focused = self.focused
        typing = focused is not None and focused.check_consume_key("a", "a")
        chords = self._typing_chords if typing else self._chords
        if action := action_of(event, chords, self.footer):
            self.perform(action)

    def on_paste(self, event: events.Paste) -> None:
        """Keep what is pasted before the composer it is meant for has the focus."""
        self.panes.takes_paste(event.text)

    def rebind(self) -> None:
        """Take the keymap as it stands now; it is one and the same for all that show keys."""
        self._chords = Chords(self.keymap, frozenset({Scope.DESK, Scope.APP}))
        self._typing_chords = Chords(self.keymap, frozenset({Scope.APP}))
        for line in (self.header, self.rail, self.footer):
            line.refresh()

    def perform(self, action: str) -> None:
        """Do an action by its id; nothing happens where it has no meaning."""
        if self._ahead.take(action):
            return
        self.footer.say("")
        handler = self.handlers.get(action)
        if handler is not None:
            handler()
        elif action.startswith("app."):
            self.app.post_message(AppAction(action))

    def go_to(self, ticket_id: int) -> None:
        """Go into a ticket, wherever it stands."""
        if self.handlers and self.mail is not None:
            self.mail.open_ticket(ticket_id)

    def complain_text(self, text: str) -> None:
        """Say what stands in the way of an action."""
        self.notify(text, severity="warning", markup=False)

    @property
    def can(self) -> frozenset[str]:
        """The actions that mean something now, for the palette."""
        return frozenset(self.handlers)

    @property
    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """What each action does here; made at the first key."""
        if not self._handlers and self.data is not None and self.desk is not None:
            from helpdesk_tui.screens.inbox.keys import handlers

            self._handlers = handlers(self, self.data, self.desk)
        return self._handlers

    # the list --------------------------------------------------------------------------------

    def on_ticket_list_wanted(self, message: TicketList.Wanted) -> None:
        """Load what came into sight."""
        if self.data is not None:
            self.data.load_wanted(message)

    def on_ticket_list_moved(self, message: TicketList.Moved) -> None:
        """Draw the ticket under the cursor once the keys rest."""
        self.stop_preview()
        self._preview = self.set_timer(PREVIEW_AFTER, self.panes.show_cursor)

    def stop_preview(self) -> None:
        """Draw what is asked for from now on, not what the cursor stood on before."""
        if self._preview is not None:
            self._preview.stop()
            self._preview = None

    def on_ticket_list_opened(self, message: TicketList.Opened) -> None:
        """Enter a ticket that was clicked."""
        self.panes.enter(message.row.id)

    def on_ticket_list_marks_changed(self, message: TicketList.MarksChanged) -> None:
        """Say how many tickets are marked, and that marks went with the list they stood in."""
        from helpdesk_tui.screens.acting.marking import show_marks

        show_marks(self, message.dropped)

    def on_ticket_list_newer_changed(self, message: TicketList.NewerChanged) -> None:
        """Announce what came in above."""
        self.head.show_newer(message.count)

    def on_rail_picked(self, message: Rail.Picked) -> None:
        """Open the view or status that was clicked."""
        if message.mentions or message.rejected:
            self.perform("go.mentions" if message.mentions else "go.intake")
        elif self.views is not None:
            self.views.picked(message)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys of the pane that has the focus."""
        self._chords.clear()
        self.panes.focus_changed()
        self.footer.show(self.panes.context)

    # the thread ------------------------------------------------------------------------------

    def on_thread_pane_loaded(self, message: ThreadPane.Loaded) -> None:
        """A thread is on the screen: its customer goes beside it."""
        self.panes.loaded(message.thread, message.profile)
        if self.searching is not None:
            self.searching.results.mark(message.thread)

    def on_thread_pane_entered(self, message: ThreadPane.Entered) -> None:
        """A ticket was opened: what mentions this agent there was seen."""
        if self.desk is not None and self.header.state.mentions:
            from helpdesk_tui.screens.beside.mentions_desk import see_mentions

            see_mentions(self, self.desk, message.ticket_id)

    def on_thread_pane_ticket_changed(self, message: ThreadPane.TicketChanged) -> None:
        """A ticket was changed in its pane: draw its row anew."""
        if message.message_id and self.actions is not None:
            self.actions.was_queued(message.ticket_id, message.message_id, message.at, message.then)
        elif self.data is not None:
            self.data.refresh([message.ticket_id])
        if message.note_id and self.actions is not None:
            self.actions.undoing.noted(message.ticket_id, message.note_id)

    def on_thread_pane_sent_off(self, message: ThreadPane.SentOff) -> None:
        """A text arrived in the store: what was asked for meanwhile is done now."""
        self.panes.write_now()
        if self.actions is not None:
            self.actions.undoing.sent_off(is_queued=True)

    def on_composer_pane_not_queued(self, message: ComposerPane.NotQueued) -> None:
        """A text is back in its draft: what was asked for meanwhile is done now."""
        self.panes.write_now()
        if self.actions is not None:
            self.actions.undoing.sent_off(is_queued=False)

    def on_composer_pane_kept(self, message: ComposerPane.Kept) -> None:
        """A draft was put away: its ticket shows that there is one."""
        if self.data is not None:
            self.data.refresh([message.ticket_id])

    def on_composer_pane_turned(self, message: ComposerPane.Turned) -> None:
        """Show the keys of a reply, or of a note."""
        self.footer.show(self.panes.context)

    # searching -------------------------------------------------------------------------------

    def on_search_line_asked(self, message: SearchLine.Asked) -> None:
        """Search; enter also goes to what was found."""
        if self.searching is not None:
            self.searching.asked(message.query, is_final=message.is_final)

    def on_search_line_left(self, message: SearchLine.Left) -> None:
        """Put the search away; what it found stays until ``q``."""
        if self.searching is not None:
            self.searching.end()

    # others ----------------------------------------------------------------------------------

    def on_inbox_screen_store_changed(self, message: StoreChanged) -> None:
        """Show what others did."""
        if self.views is not None:
            self.views.changed(message.changes)
        self._others.did(message.changes)

    def on_inbox_screen_team_seen(self, message: TeamSeen) -> None:
        """Show who is here."""
        from helpdesk_tui.screens.inbox.presence_watch import show_team

        self.team = message.team
        show_team(self, message.team)

    def on_inbox_screen_sync_seen(self, message: SyncSeen) -> None:
        """Show how the mail flows."""
        self.update_header(sync=self.signs.plain(message.words), sync_ink=message.ink)

    def restyle(self) -> None:
        """Draw everything in the colours of the theme in use."""
        self.tickets.restyle()
        self.refresh(layout=False)
        for widget in self.query("*"):
            widget.refresh()


@dataclass
class AppAction(Message):
    """An action of the whole program was asked for."""

    action: str

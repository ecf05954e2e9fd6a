"""The pane of one ticket: its head, its messages, and the composer below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.macros.macro import Then
from helpdesk_tui.domain.messages import (
    AuthorKind,
    Direction,
    DraftKind,
    Thread,
)
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.tickets import AgentRow
from helpdesk_tui.screens.composing.drafting import DraftKeeper
from helpdesk_tui.screens.composing.pane import ComposerPane
from helpdesk_tui.screens.inbox.news import arrived
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.screens.thread.deliveries import Deliveries
from helpdesk_tui.screens.thread.files import ThreadFiles
from helpdesk_tui.screens.thread.live_parts import LiveParts
from helpdesk_tui.screens.thread.pictures import Pictures
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.one_picture import one_picture
from helpdesk_tui.widgets.thread.head import ThreadHead
from helpdesk_tui.widgets.thread.view import ThreadView
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

MAX_KEPT = 500
"""Messages that stay loaded when a thread is read anew."""
_PAGE = 50
_LOW = 28


class ThreadPane(Jobs):
    """Opens tickets, shows them live, and lets the agent answer.

    The desk is asked in worker threads only. A load that is overtaken by a later one is dropped,
    so that what is on screen is always the ticket that was asked for last.
    """

    DEFAULT_CSS = """
    ThreadPane { layout: vertical; background: $surface; height: 1fr; width: 1fr; }
    ThreadPane > ThreadView { height: 1fr; }
    ThreadPane > #thread-empty {
        height: 1fr; padding: 2 4; color: $dim; background: $surface; display: none;
    }
    ThreadPane.-empty > #thread-empty { display: block; }
    ThreadPane.-empty > ThreadView, ThreadPane.-empty > ThreadHead { display: none; }
    """

    @dataclass
    class TicketChanged(Message):
        """Something of a ticket was changed here."""

        ticket_id: int
        message_id: int = 0
        """The reply that was queued just now, if that was it: it can be taken back."""
        note_id: int = 0
        """The note that was added just now, if that was it."""
        then: Then = Then.USUAL
        """Where the list is to go."""
        at: datetime | None = None
        """When the reply leaves, if that is a moment of its own."""

    class SentOff(Message):
        """A text is no longer on its way; comes behind the change of its ticket."""

    @dataclass
    class Entered(Message):
        """The agent went into a ticket (and so it counts as read)."""

        ticket_id: int

    @dataclass
    class Loaded(Message):
        """A thread is on screen, new or read anew; its customer belongs beside it."""

        thread: Thread
        profile: Profile

    view = query_one(ThreadView)
    head = query_one(ThreadHead)
    writing = query_one(ComposerPane)

    def __init__(
        self,
        desk: Callable[[], Desk],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        keymap: Keymap | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._now = now
        self._zone = zone
        self._keymap = keymap
        self.keeper = DraftKeeper(lambda: desk().drafts)
        self.files = ThreadFiles(self, desk, keymap)
        self.deliveries = Deliveries(self, desk)
        self.live = LiveParts(self)
        self.pictures = Pictures(self, desk)
        self.read_beside: Callable[[int], object] = _nothing
        """Reads what stands beside a thread, of the customer of a number, in the same thread."""
        self._wanted = 0
        self._token = 0
        self._is_preview = True
        self._thread: Thread | None = None
        self._knows_agents = False

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield ThreadHead(now=self._now, zone=self._zone, keymap=self._keymap, id="thread-head")
        yield Static(
            Content(_("No ticket is chosen.\n\nj and k move in the list, enter opens a ticket.")),
            id="thread-empty",
        )
        yield ThreadView(now=self._now, zone=self._zone, id="thread-view")
        yield self.live.foot
        yield ComposerPane(self._desk, self.keeper, now=self._now, keymap=self._keymap)

    def on_mount(self) -> None:
        """Start empty; ages move on once a minute."""
        self.add_class("-empty")
        self.live.begin()
        self.pictures.begin()

    def on_resize(self, event: events.Resize) -> None:
        """Give lines back to the messages where there are few."""
        is_low = event.size.height < _LOW
        self.head.set_low(is_low=is_low)
        self.writing.composer.set_class(is_low, "-low")
        self.call_after_refresh(self.pictures.resized)

    # -- opening --------------------------------------------------------------------------------

    @property
    def ticket_id(self) -> int:
        """The ticket that was asked for last; 0 for none."""
        return self._wanted

    @property
    def thread(self) -> Thread | None:
        """The thread on screen."""
        return self._thread

    @property
    def is_writing(self) -> bool:
        """True while the composer is open."""
        return self.writing.is_open

    def open(self, ticket_id: int, preview: bool = False) -> None:
        """Show a ticket. A preview, where the cursor only passes by, leaves it unread."""
        if ticket_id != self._wanted:
            self.writing.put_away()
            self.live.say("")
        self._is_preview = preview
        if ticket_id == self._wanted and self._thread is not None:
            if not preview:
                self._enter(self._thread)
            return
        self._wanted = ticket_id
        if self._thread is not None and self._thread.ticket.row.id != ticket_id and not preview:
            self._thread = None
            self.head.show(None)
            self.view.show_loading()
        self.remove_class("-empty")
        self._load(ticket_id, limit=_PAGE)

    def clear(self) -> None:
        """Show that no ticket is chosen."""
        self.writing.put_away()
        self._token += 1
        self._wanted, self._thread = 0, None
        self.head.show(None)
        self.view.show_nothing()
        self.live.say("")
        self.add_class("-empty")

    def refresh_ticket(self, least: int = _PAGE) -> None:
        """Read the ticket anew, ``least`` messages of it if there are; keeps the place."""
        if self._wanted:
            messages = self._thread.messages if self._thread is not None else ()
            shown = sum(one.direction is not Direction.NOTE for one in messages)
            self._load(self._wanted, limit=max(least, min(shown, MAX_KEPT)))

    def _load(self, ticket_id: int, *, limit: int) -> None:
        self._token += 1
        token = self._token
        self.start(
            lambda: self._read(ticket_id, limit),
            lambda found: self._show(token, *found),
            lambda error: self._refuse(token, error),
            group="thread-load",
            exclusive=True,
        )

    def _read(self, ticket_id: int, limit: int) -> tuple[Thread, Profile]:
        threads = self._desk().threads
        thread = threads.load(ticket_id, limit)
        profile = threads.profile(thread.ticket.customer_id)
        # in the same breath: all of it makes one picture
        self.read_beside(profile.id)
        return thread, profile

    def _refuse(self, token: int, error: HelpdeskError) -> None:
        if token == self._token:
            self.live.say(sentence(error))

    def _show(self, token: int, thread: Thread, profile: Profile) -> None:
        if token != self._token:
            return  # a later request is on its way
        before, self._thread = self._thread, thread
        fresh = before is None or before.ticket.row.id != thread.ticket.row.id
        at_end = self.view.is_at_end
        news = [] if fresh else arrived(before, thread)
        mine = any(one.author_kind is AuthorKind.AGENT for one in news)
        one_picture(self.app)
        self.head.show(thread.ticket)
        self.view.show(thread, follow=mine or (at_end and bool(news)))
        if news and not mine and not self.view.is_at_end:
            self.live.announce(news)
        self.writing.thread_changed(thread)
        self.live.shown(thread, profile)
        self.pictures.shown(entered=not self._is_preview)
        if fresh and not self._is_preview:
            self._enter(thread)
        elif news and not self._is_preview:
            self._mark_read(thread)
        self.post_message(self.Loaded(thread, profile))
        if not self._knows_agents:
            self._knows_agents = True
            self.start(lambda: self._desk().team.agents(), self._name_agents, group="team")

    def _name_agents(self, agents: tuple[AgentRow, ...]) -> None:
        self.view.name_agents({agent.id: agent.name for agent in agents})

    def _enter(self, thread: Thread) -> None:
        self.post_message(self.Entered(thread.ticket.row.id))
        self._mark_read(thread)

    def _mark_read(self, thread: Thread) -> None:
        row = thread.ticket.row
        if not row.unread and Flag.WOKEN not in row.flags:
            return
        ticket = thread.ticket.row.id
        self.start(
            lambda: self._desk().triage.mark_read([ticket]),
            lambda _: self._was_read(ticket),
            group="thread-read",
        )

    def _was_read(self, ticket: int) -> None:
        if self._thread is not None and self._thread.ticket.row.id == ticket:
            row = self._thread.ticket.row
            flags = tuple(flag for flag in row.flags if flag != Flag.WOKEN)
            row = replace(row, unread=False, flags=flags)
            self._thread = replace(self._thread, ticket=replace(self._thread.ticket, row=row))
        self.post_message(self.TicketChanged(ticket))

    def on_thread_view_older_wanted(self, message: ThreadView.OlderWanted) -> None:
        """Load the messages before those on screen."""
        message.stop()
        thread, token = self._thread, self._token
        if thread is None:
            return
        self.start(
            lambda: self._desk().threads.older(thread.ticket.row.id, message.before),
            lambda older: self._prepend(token, older),
            group="thread-older",
        )

    def _prepend(self, token: int, older: Thread) -> None:
        thread = self._thread
        if token != self._token or thread is None:
            return
        messages, events = older.messages + thread.messages, older.events + thread.events
        self._thread = replace(thread, messages=messages, events=events, older=older.older)
        self.view.show(self._thread)
        self.pictures.shown(entered=True)

    # -- time and presence -----------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the moment it is."""
        return self._now()

    def show_visitors(self, visitors: Mapping[int, VisitorNow]) -> None:
        """Show whether the visitor of a chat is there and types."""
        self.live.show_visitors(visitors)

    def on_thread_view_end_reached(self, message: ThreadView.EndReached) -> None:
        """What came in below is in sight now."""
        message.stop()
        self.live.reached_end()

    @property
    def entered(self) -> int | None:
        """The ticket that the agent went into; None while the cursor only passes by."""
        return self._wanted or None if not self._is_preview else None

    # -- answering ------------------------------------------------------------------------------

    def reply(self, *, to_all: bool = False) -> None:
        """Open the composer for a reply to the customer, or to all who were on the mail."""
        self.write(DraftKind.REPLY)
        if to_all and self._thread is not None:
            self.writing.copies.everybody()

    def note(self) -> None:
        """Open the composer for an internal note."""
        self.write(DraftKind.NOTE)

    def write(self, kind: DraftKind) -> None:
        """Open the composer with the draft of this kind."""
        if self._thread is not None:
            self._is_preview = False
            self.writing.open(self._thread, kind)

    def on_composer_pane_queued(self, message: ComposerPane.Queued) -> None:
        """A reply or note is in the store: show it where it stands."""
        message.stop()
        self.post_message(
            self.TicketChanged(
                message.ticket_id, message.message_id, message.note_id, message.then, message.at
            )
        )
        self.post_message(self.SentOff())
        if message.ticket_id == self._wanted:
            self.refresh_ticket()
        if not self.is_writing:
            self.view.focus()

    def on_composer_pane_said(self, message: ComposerPane.Said) -> None:
        """A text is in the store: show it, and let the agent write on."""
        message.stop()
        then = Then.STAY if message.message_id else Then.USUAL
        self.post_message(self.TicketChanged(message.ticket_id, message.message_id, then=then))
        if message.ticket_id == self._wanted:
            self.refresh_ticket()

    def on_composer_pane_closed(self, message: ComposerPane.Closed) -> None:
        """Give the keys back to the thread."""
        message.stop()
        self.view.focus()

    def delivery_changed(self, ticket: int, *, taken_back: DraftKind | None = None) -> None:
        """Show what became of a message; one taken back is in the composer again."""
        self.post_message(self.TicketChanged(ticket))
        self.refresh_ticket()
        thread = self._thread
        if taken_back and thread is not None and thread.ticket.row.id == ticket:
            self.writing.open(thread, taken_back)

    # -- files and links ------------------------------------------------------------------------

    def on_thread_view_file_chosen(self, message: ThreadView.FileChosen) -> None:
        """Open a clicked file."""
        message.stop()
        self.files.media.open(message.file)

    def on_thread_view_links_chosen(self, message: ThreadView.LinksChosen) -> None:
        """Show the links of the clicked message."""
        message.stop()
        self.files.show_links()


def _nothing(_profile: int) -> None:
    return

"""What moves in an opened ticket by itself: news below it, the visitor of a chat, countdowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.screens.acting.chats import siblings_of
from helpdesk_tui.screens.inbox.news import announcement
from helpdesk_tui.widgets.thread.foot import ThreadFoot
from helpdesk_tui.widgets.words.chats import seconds_to, visitor_name

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.domain.customers import Profile
    from helpdesk_tui.domain.messages import MessageRow, Thread
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.screens.thread.pane import ThreadPane

_MINUTE = 60.0


class LiveParts:
    """Keeps the head, the foot and the composer of a thread pane up with the world."""

    def __init__(self, pane: ThreadPane) -> None:
        self._pane = pane
        self.foot = ThreadFoot(id="thread-foot")
        self._visitors: Mapping[int, VisitorNow] = {}
        self._unseen: list[MessageRow] = []
        self._ticker: Timer | None = None
        self.siblings: tuple[TicketRow, ...] = ()
        """What else of this customer is open on other channels."""

    def begin(self) -> None:
        """Let ages move on once a minute."""
        self._pane.set_interval(_MINUTE, self._age)

    # news --------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say something below the thread; empty takes away what was said."""
        self._unseen.clear()
        self.foot.say(text)

    def announce(self, news: Sequence[MessageRow]) -> None:
        """Count what came in below what is being read."""
        self._unseen += news
        self.foot.say(announcement(self._unseen))

    def reached_end(self) -> None:
        """The newest message is in sight: nothing is news any more."""
        if self._unseen:
            self.say("")

    # the visitor -------------------------------------------------------------------------------

    def show_visitors(self, visitors: Mapping[int, VisitorNow]) -> None:
        """Take who of the visitors is there and types."""
        self._visitors = visitors
        self._show_visitor()

    def shown(self, thread: Thread, profile: Profile) -> None:
        """Fit to a thread that is on the screen, new or read anew."""
        self.siblings = siblings_of(thread.ticket.row, profile)
        self._pane.head.show_siblings(self.siblings)
        self._pane.writing.frame.siblings = self.siblings
        chat = thread.ticket.chat
        self.foot.set_live(is_live=chat is not None and chat.is_running)
        self._show_visitor()
        self._tick_while_needed()

    @property
    def visitor(self) -> VisitorNow | None:
        """How the visitor of this chat is now, as far as anybody has told."""
        thread = self._pane.thread
        return self._visitors.get(thread.ticket.row.id) if thread is not None else None

    def _show_visitor(self) -> None:
        thread, visitor = self._pane.thread, self.visitor
        self._pane.head.show_visitor(visitor)
        typing = ""
        if thread is not None and visitor is not None and visitor.typing:
            chat = thread.ticket.chat
            typing = visitor_name(thread.ticket.row) if chat is not None and chat.is_running else ""
        self.foot.show_typing(typing)
        self._pane.writing.frame.show_visitor(visitor)

    # time --------------------------------------------------------------------------------------

    @property
    def is_closing(self) -> bool:
        """Whether the end of the chat on screen can still be taken back."""
        thread = self._pane.thread
        chat = thread.ticket.chat if thread is not None else None
        return chat is not None and chat.is_closing

    def _closes_soon(self) -> bool:
        thread = self._pane.thread
        chat = thread.ticket.chat if thread is not None else None
        if chat is None or not chat.is_closing:
            return False
        return seconds_to(chat.closing_at, self._pane.now()) > 0

    def _tick_while_needed(self) -> None:
        """Count down each second while something can be taken back; otherwise stay silent."""
        if self._pane.view.counts_down or self._closes_soon():
            if self._ticker is None:
                self._ticker = self._pane.set_interval(1.0, self._tick)
        elif self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _tick(self) -> None:
        if self._pane.view.counts_down:
            self._pane.view.tick()
        if self.is_closing:
            self._pane.head.tick()
            self._pane.writing.frame.show_visitor(self.visitor)
        self._tick_while_needed()

    def _age(self) -> None:
        self._pane.view.tick()
        self._pane.head.tick()
        self._pane.writing.frame.show_visitor(self.visitor)

"""Ties the ids of the key table to what they do in the inbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.domain.tickets import Status, TicketRow, View
from helpdesk_tui.screens.acting.chats import ChatDesk
from helpdesk_tui.screens.acting.customer import CustomerDesk
from helpdesk_tui.screens.acting.marking import Marking
from helpdesk_tui.screens.acting.merge import MergeDesk
from helpdesk_tui.screens.acting.outside import TicketOutside
from helpdesk_tui.screens.acting.triage import TriageDesk
from helpdesk_tui.screens.beside.history_desk import HistoryDesk
from helpdesk_tui.screens.beside.macros_desk import macros_desk
from helpdesk_tui.screens.beside.mail_desk import MailDesk
from helpdesk_tui.screens.beside.mentions_desk import MentionsDesk
from helpdesk_tui.screens.beside.settings_desk import SettingsDesk
from helpdesk_tui.screens.beside.waiting_desk import WaitingDesk
from helpdesk_tui.screens.customer.choosing import Choosing
from helpdesk_tui.screens.inbox.actions import InboxActions
from helpdesk_tui.screens.inbox.asks import InboxAsks
from helpdesk_tui.screens.inbox.searching import searching
from helpdesk_tui.screens.inbox.views import views_desk
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.widgets.sidebar import Sidebar

Handlers = dict[str, Callable[[], None]]
_ALL = 1_000_000
"""More lines or rows than there are anywhere."""


@dataclass(slots=True)
class Moves:
    """Movement: in the list, in the thread, between panes."""

    screen: InboxScreen
    data: InboxData
    marking: Marking
    actions: InboxActions

    def line(self, by: int) -> None:
        """Move by rows, or by lines in the thread."""
        if self._in_list:
            self.screen.tickets.move(by)
        elif self._sidebar is not None:
            self._sidebar.move(by)
        else:
            self._scroll(by)

    def page(self, share: float) -> None:
        """Move by a share of what is on the screen."""
        if self._in_list:
            self.screen.tickets.move(round(self.screen.tickets.page_rows * share) or 1)
        elif self._sidebar is not None:
            self._sidebar.page(share)
        else:
            self._scroll(round(self._pane_height * share))

    def first(self) -> None:
        """Go to the top."""
        if self._in_list:
            self.data.to_start()
        elif self._sidebar is not None:
            self._sidebar.move(-_ALL)
        else:
            self._scroll(-_ALL)

    def last(self) -> None:
        """Go to the end."""
        if self._in_list:
            self.data.to_end()
        elif self._sidebar is not None:
            self._sidebar.move(_ALL)
        else:
            self._scroll(_ALL)

    def ticket(self, by: int) -> None:
        """Go to another ticket without leaving the thread."""
        self.screen.tickets.move(by)

    def message(self, by: int) -> None:
        """Go to another message of the thread."""
        thread = self.screen.panes.thread
        if thread is not None:
            thread.view.select_next(1 if by > 0 else -1)

    def enter(self) -> None:
        """Open the ticket; in the thread, open or close the quotes of a message.

        In the sidebar, open what the row is about.
        """
        thread = self.screen.panes.thread
        row = self.screen.tickets.cursor_row
        if self._in_list and row is not None:
            self.screen.panes.enter(row.id)
        elif self._in_list and self.screen.searching is not None:
            self.screen.searching.results.widen()
        elif self.screen.panes.current == "thread" and thread is not None:
            thread.view.toggle_fold()
        elif self._sidebar is not None:
            self._sidebar.choose()

    def back(self) -> None:
        """Leave the pane, then take marks off, then ask to stop what runs, then the search."""
        if self._in_list and (self.marking.give_up() or self.actions.doing.runs.ask_to_stop()):
            return
        if not self.screen.panes.back() and not self.data.where.takes_new:
            self.data.open(self.data.searched_from)

    def next_unread(self) -> None:
        """Go to the next unread ticket below."""

        def found(row: TicketRow | None) -> None:
            if row is None:
                self.screen.footer.say(_("no unread ticket below"))
            else:
                self.data.show_at(row)

        self.data.next_unread(found)

    @property
    def _sidebar(self) -> Sidebar | None:
        """The sidebar while it has the keys."""
        return self.screen.panes.sidebar if self.screen.panes.current == "sidebar" else None

    @property
    def _in_list(self) -> bool:
        return self.screen.panes.current == "list"

    @property
    def _pane_height(self) -> int:
        focused = self.screen.focused
        return focused.size.height if focused is not None else 1

    def _scroll(self, by: int) -> None:
        focused = self.screen.focused
        if focused is not None:
            focused.scroll_relative(y=by, animate=False)


def handlers(screen: InboxScreen, data: InboxData, desk: Desk) -> Handlers:
    """Return what every action of the key table does on this screen."""
    actions = InboxActions(screen, data, desk)
    marking = Marking(screen, data, desk)
    moves = Moves(screen, data, marking, actions)
    asks = InboxAsks(screen, data, desk, actions)
    mail = MailDesk(screen, data, desk, actions)
    triage = TriageDesk(screen, desk, actions)
    asks.snooze = triage.snooze
    chats = ChatDesk(screen, data, desk, mail.open_ticket)
    triage.asks_before_snooze = chats.asks_before_snooze
    search = searching(screen, data, desk)
    search.go_to = actions.doing.go_to = mail.open_ticket
    screen.asks, screen.actions, screen.mail = asks, actions, mail
    views = views_desk(screen, data, desk)
    history = HistoryDesk(screen, data, desk, mail.open_ticket, views.pick)
    actions.undoing.from_log = history.undo_newest
    settings = screen.settings = SettingsDesk(screen, desk)
    acting = _acting(screen, actions, asks)
    return {
        **_moving(moves, screen),
        **_going(data),
        **acting,
        **Choosing(screen, desk).handlers(acting),
        **marking.handlers(),
        **mail.handlers(),
        **triage.handlers(),
        **chats.handlers(),
        **TicketOutside(screen, desk).handlers(),
        **CustomerDesk(screen, data, desk, actions).handlers(),
        **MentionsDesk(screen, desk, mail.open_ticket).handlers(),
        **WaitingDesk(screen, desk, mail.open_ticket).handlers(),
        "list.search": search.begin,
        **views.handlers(),
        **macros_desk(screen, desk).handlers(),
        **history.handlers(),
        **settings.handlers(),
        **MergeDesk(screen, data, desk, actions, mail.open_ticket).handlers(),
    }


def _moving(moves: Moves, screen: InboxScreen) -> Handlers:
    panes = screen.panes
    return {
        "move.down": partial(moves.line, 1),
        "move.up": partial(moves.line, -1),
        "move.first": moves.first,
        "move.last": moves.last,
        "move.half-down": partial(moves.page, 0.5),
        "move.half-up": partial(moves.page, -0.5),
        "move.page-down": partial(moves.page, 1.0),
        "move.page-up": partial(moves.page, -1.0),
        "ticket.open": moves.enter,
        "app.back": moves.back,
        "ticket.next": partial(moves.ticket, 1),
        "ticket.previous": partial(moves.ticket, -1),
        "message.next": partial(moves.message, 1),
        "message.previous": partial(moves.message, -1),
        "pane.next": partial(panes.cycle, 1),
        "pane.previous": partial(panes.cycle, -1),
        "pane.left": partial(panes.step, -1),
        "pane.right": partial(panes.step, 1),
        "ticket.next-unread": moves.next_unread,
        "sidebar.toggle": panes.toggle_sidebar,
        "sidebar.focus": partial(panes.go, "sidebar"),
    }


def _going(data: InboxData) -> Handlers:
    def view(view: View) -> None:
        data.open(data.filter_of(view))

    def status(status: Status) -> None:
        data.open(data.with_status(status))

    return {
        "go.mine": partial(view, View.MINE),
        "go.unassigned": partial(view, View.UNASSIGNED),
        "go.all": partial(view, View.ALL),
        "go.spam": partial(view, View.SPAM),
        "go.snoozed": partial(status, Status.SNOOZED),
        "go.closed": partial(status, Status.CLOSED),
    }


def _acting(screen: InboxScreen, actions: InboxActions, asks: InboxAsks) -> Handlers:
    return {
        "ticket.reply": asks.reply,
        "ticket.reply-all": asks.reply_all,
        "ticket.note": asks.note,
        "ticket.forward": asks.forward,
        "ticket.close": actions.close,
        "ticket.reopen": actions.reopen,
        "ticket.take": actions.take,
        "ticket.spam": actions.toggle_spam,
        "ticket.unread": actions.mark_unread,
        "ticket.copy": actions.copy_id,
        "ticket.copy-title": actions.copy_title,
        "app.undo": actions.undo,
        "app.redo": actions.redo,
        "action.repeat": actions.doing.repeat,
        "action.skipped": actions.doing.show_left,
        "action.stop": actions.doing.stop,
        "ticket.status": asks.status,
        "list.narrow": asks.narrow,
        **_reading(screen),
    }


def _reading(screen: InboxScreen) -> Handlers:
    """Return what acts on the chosen message or file of the thread."""

    def on_thread(do: Callable[[ThreadPane], object]) -> Callable[[], None]:
        def act() -> None:
            if screen.panes.thread is not None:
                do(screen.panes.thread)

        return act

    return {
        "attachment.open": on_thread(lambda pane: pane.files.open()),
        "attachment.save": on_thread(lambda pane: pane.files.save()),
        "attachment.view": on_thread(lambda pane: pane.files.view()),
        "attachment.gallery": on_thread(lambda pane: pane.files.gallery()),
        "attachment.fetch": on_thread(lambda pane: pane.files.fetch()),
        "thread.links": on_thread(lambda pane: pane.files.show_links()),
        "message.source": on_thread(lambda pane: pane.files.show_source()),
        "thread.quotes": on_thread(lambda pane: pane.view.toggle_all_folds()),
        "attachment.next": on_thread(lambda pane: pane.view.select_file(1)),
        "attachment.previous": on_thread(lambda pane: pane.view.select_file(-1)),
        "message.retry": on_thread(lambda pane: pane.deliveries.retry()),
        "message.moment": on_thread(lambda pane: pane.deliveries.change_moment()),
        "message.was-sent": on_thread(lambda pane: pane.deliveries.was_sent()),
    }

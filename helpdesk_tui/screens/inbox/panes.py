"""Which pane is shown and has the keys; thread and sidebar are made after the first picture."""

from __future__ import annotations

import gc
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from time import monotonic
from typing import TYPE_CHECKING

from helpdesk_tui.screens.composing.type_ahead import TypeAhead, Writing
from helpdesk_tui.widgets.one_picture import one_picture

if TYPE_CHECKING:
    from textual import events

    from helpdesk_tui.domain.customers import Profile
    from helpdesk_tui.domain.messages import Thread
    from helpdesk_tui.domain.ticket_details import TicketDetail
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.screens.customer.context_desk import ContextDesk
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.widgets.sidebar import Sidebar
    from helpdesk_tui.widgets.sidebar.targets import Target

_FURTHEST = 2000
"""Messages that are read for one that was asked for; each costs memory and a little time."""
_REACHES = 3
"""How often a message further back is read for before it is given up."""
_PANES = ("list", "thread", "sidebar")


class Panes:
    """The panes of one inbox screen."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self.thread: ThreadPane | None = None
        self.sidebar: Sidebar | None = None
        self.customer: ContextDesk | None = None
        self.chosen: Callable[[Target], object] | None = None
        """Does what a row of the sidebar is for; set by the keys, before or after it is there."""
        self.current = "list"
        self._to_enter = 0
        self._to_select = 0
        self._select_in = 0
        self._reaches = 0
        self._to_write: TypeAhead | None = None

    @property
    def context(self) -> str:
        """What the keys mean now: the pane, or what is being typed."""
        focused = self._screen.focused
        if focused is not None and focused.check_consume_key("a", "a"):
            if focused.id == "search-input":
                return "search"
            return "composer" if self.thread is None else self.thread.writing.composer.context
        return self.current

    def load_rest(self, desk: Desk) -> None:
        """Load the code of thread and sidebar, in a thread, then mount them."""
        self._screen.start(_load_code, lambda _: self._mount_soon(desk), group="code")

    def _mount_soon(self, desk: Desk) -> None:
        self._screen.call_next(self._mount_rest, desk)

    async def _mount_rest(self, desk: Desk) -> None:
        from helpdesk_tui.screens.beside.macros_desk import macros_desk
        from helpdesk_tui.screens.beside.mail_desk import count_rejected
        from helpdesk_tui.screens.customer.context_desk import ContextDesk
        from helpdesk_tui.screens.inbox.searching import searching
        from helpdesk_tui.screens.inbox.views import views_desk
        from helpdesk_tui.screens.thread.pane import ThreadPane
        from helpdesk_tui.widgets.sidebar import Sidebar

        screen = self._screen
        thread = ThreadPane(lambda: desk, now=screen.now, zone=screen.zone, keymap=screen.keymap)
        is_plain = screen.signs.ascii_only
        sidebar = Sidebar(now=screen.now, zone=screen.zone, is_plain=is_plain)
        screen.add_class("-with-sidebar")
        await screen.query_one("#body").mount(thread, sidebar)
        # known to the keys only once they are whole
        self.thread, self.sidebar = thread, sidebar
        self.customer = ContextDesk(screen, desk, sidebar)
        sidebar.chosen = lambda target: self.chosen(target) if self.chosen else None
        thread.read_beside = self.customer.read
        thread.show_visitors(screen.tickets.visitors)
        count_rejected(screen, desk)
        if screen.data is not None:
            searching(screen, screen.data, desk)
            views_desk(screen, screen.data, desk).load()
            macros_desk(screen, desk).begin()
        if self._to_enter:
            self.enter(self._to_enter)
        else:
            self.show_cursor()
            if self.current != "list":
                self.go(self.current)  # its key was pressed before it was there
        if not gc.isenabled():
            # what stands now lives as long as the program: no collection has to look at it
            gc.freeze()
            gc.enable()

    # what is shown ---------------------------------------------------------------------------

    def show_cursor(self) -> None:
        """Draw the ticket under the cursor beside the list."""
        row = self._screen.tickets.cursor_row
        if self.thread is None or self._is_busy_elsewhere(row):
            return
        if row is None:
            self.thread.clear()
            if self.customer is not None:
                self.customer.clear()
        elif self.current == "list":
            if not self._screen.has_class("-narrow"):
                self.thread.open(row.id, preview=True)
        else:
            self.thread.open(row.id, preview=False)

    def _is_busy_elsewhere(self, row: TicketRow | None) -> bool:
        """Return whether another ticket is being written in: the cursor moved without a key."""
        if self.thread is None or self.current != "thread":
            return False
        waits = self._to_write is not None and not self._to_write.is_over
        is_same = row is not None and row.id == self.thread.ticket_id
        return (waits or self.thread.is_writing) and not is_same

    def enter(self, ticket_id: int) -> None:
        """Go into a ticket: it counts as read from now on."""
        self._screen.stop_preview()
        if self.thread is None:
            self._to_enter = ticket_id
            return
        self._to_enter = 0
        self.go("thread")
        self.thread.open(ticket_id, preview=False)
        if self.customer is not None:
            self.customer.entered(ticket_id)

    def write_when_loaded(
        self,
        ticket_id: int,
        writing: Writing,
        *,
        first: Callable[[ThreadPane], None] | None = None,
        typed: str = "",
        waits: bool = False,
    ) -> None:
        """Open the composer on a ticket: now, or as soon as its thread is on the screen.

        Args:
            ticket_id: The ticket.
            writing: What is written.
            first: What goes into the composer as it opens.
            typed: What was typed for it already.
            waits: Hold it back until :meth:`write_at_last`.
        """
        self._to_write = TypeAhead(ticket_id, writing, monotonic(), typed, first, waits)
        self.write_now()

    def write_at_last(self, ticket_id: int, first: Callable[[ThreadPane], None]) -> None:
        """Open the composer that was held back; not if the agent went elsewhere meanwhile."""
        ahead = self._to_write
        if ahead is not None and ahead.waits and ahead.ticket_id == ticket_id:
            ahead.first, ahead.waits = first, False
            self.write_now()

    def write_now(self) -> None:
        """Open the composer that was asked for, if all that it needs is there."""
        ahead, pane = self._to_write, self.thread
        if pane is None or ahead is None or pane.thread is None:
            return
        if pane.writing.off.is_under_way:
            ahead.since = monotonic()  # what is on its way closes the composer first
            return
        is_there = pane.thread.ticket.row.id == ahead.ticket_id
        if ahead.is_over and not (is_there and ahead.text.strip()):
            self._give_up()
        elif is_there and not ahead.waits:
            self._to_write = None
            self._begin(pane, ahead)

    def _begin(self, pane: ThreadPane, ahead: TypeAhead) -> None:
        self._screen.app.clear_notifications()  # they would lie on what is written
        if ahead.writing is Writing.FORWARD and self._screen.desk is not None:
            from helpdesk_tui.screens.composing.forward_start import start_forward

            start_forward(pane, self._screen.desk)
            return
        if ahead.writing is Writing.NOTE:
            pane.note()
        else:
            pane.reply(to_all=ahead.writing is Writing.REPLY_ALL)
        if ahead.first is not None:
            ahead.first(pane)
        composer = pane.writing.composer
        sends = composer.editor.enter_sends and ahead.text.endswith("\n")
        composer.editor.insert(ahead.text.rstrip("\n") if sends else ahead.text)
        if sends:
            pane.writing.at_once.send()

    def _give_up(self) -> None:
        """Open no composer; what was typed for it is kept in its draft."""
        ahead, self._to_write = self._to_write, None
        if ahead is not None and self.thread is not None and ahead.text.strip():
            # the values of threads are many, and the start shows none of them
            from helpdesk_tui.domain.messages import DraftKind

            kind = DraftKind.NOTE if ahead.writing is Writing.NOTE else DraftKind.REPLY
            keeper = self.thread.keeper
            if keeper.unsaved(ahead.ticket_id, kind) is None:
                keeper.noted(ahead.ticket_id, kind, "")
                keeper.remember(ahead.ticket_id, kind, ahead.text)
            self._screen.start(keeper.flush, lambda _: self._kept(ahead.ticket_id), group="draft")

    def _kept(self, ticket_id: int) -> None:
        if self._screen.data is not None:
            self._screen.data.refresh([ticket_id])

    def takes_ahead(self, event: events.Key) -> bool:
        """Keep a key for what is about to open; False if it is for somebody else."""
        ahead = self._to_write
        if ahead is None:
            composer = self.thread.writing.composer if self.thread is not None else None
            is_late = composer is not None and composer.is_catching_up
            return composer is not None and is_late and composer.editor.takes_early(event)
        if self.thread is not None and self.thread.writing.off.is_under_way:
            ahead.since = monotonic()
        if ahead.is_over or event.key == "escape":
            self._give_up()
            return False
        return ahead.take(event)

    def takes_paste(self, text: str) -> None:
        """Keep a pasted text for the composer that is about to open."""
        if self._to_write is not None and not self._to_write.is_over:
            self._to_write.text += text
        elif self.thread is not None and self.thread.writing.composer.is_catching_up:
            self.thread.writing.composer.editor.insert(text)

    def loaded(self, thread: Thread, profile: Profile) -> None:
        """A thread is on the screen: write if that was asked for, and show the customer."""
        self.write_now()
        self._select_wanted(thread)
        if self._screen.team:
            from helpdesk_tui.screens.inbox.presence_watch import show_team

            show_team(self._screen, self._screen.team)
        self.show_customer(thread.ticket, profile)

    def will_select(self, ticket_id: int, message_id: int) -> None:
        """Select a message once its ticket is shown; 0 leaves it at the newest."""
        self._select_in, self._to_select, self._reaches = ticket_id, message_id, 0

    def _select_wanted(self, thread: Thread) -> None:
        """Select the message that was asked for, read further back first if need be."""
        pane, desk, wanted = self.thread, self._screen.desk, self._to_select
        is_there = self._select_in == thread.ticket.row.id
        if not wanted or not is_there or pane is None or desk is None:
            return
        if any(one.id == wanted for one in thread.messages):
            pane.view.select(wanted)
            self._to_select = 0
        elif thread.older is None or self._reaches == _REACHES:
            self._to_select = 0
        else:
            # what is read meanwhile for a change of the ticket may overtake the deeper reading
            self._reaches += 1
            ticket = thread.ticket.row.id
            self._screen.start(
                lambda: min(desk.threads.depth(ticket, wanted), _FURTHEST),
                lambda depth: pane.refresh_ticket(depth) if pane.ticket_id == ticket else None,
                group="thread-depth",
            )

    def show_customer(self, detail: TicketDetail, profile: Profile) -> None:
        """Fill the sidebar."""
        if self.customer is None or self.thread is None:
            return
        if self.thread.ticket_id == detail.row.id:
            self.customer.show(detail, profile)

    def awaits_customer(self) -> bool:
        """Tell whether sources are being asked for the customer on the screen."""
        return self.customer is not None and self.customer.is_awaited

    def look_at_customer(self) -> None:
        """Show what sources have told meanwhile; runs in the thread that watches the store."""
        if self.customer is not None:
            self.customer.look()

    def tickets_changed(self, ids: AbstractSet[int]) -> None:
        """Read the open ticket anew if it is among those that changed."""
        if self.thread is not None and self.thread.ticket_id in ids:
            self.thread.refresh_ticket()

    # moving between panes --------------------------------------------------------------------

    def go(self, pane: str) -> None:
        """Give a pane the keys, and show it where only one fits."""
        screen = self._screen
        # the panes, their borders, the footer and the selection: all of them follow the focus
        one_picture(screen.app, 0.008)
        self.current = pane
        self._mark()
        if pane == "list" or self.thread is None or self.sidebar is None:
            screen.tickets.drop_left()
            screen.tickets.focus()
        elif pane == "thread":
            self.thread.view.focus()
        else:
            self._show_beside()
            self.sidebar.focus()
        screen.footer.show(self.context)

    def _show_beside(self) -> None:
        """Let the sidebar be of the ticket under the cursor, also where no thread is beside it."""
        row = self._screen.tickets.cursor_row
        if row is None or self.thread is None or self.thread.is_writing:
            return
        if self.thread.ticket_id != row.id:
            self.thread.open(row.id, preview=True)

    def _mark(self) -> None:
        """Let the style sheet know the pane: all classes at once, as each change costs a pass."""
        marks = {f"-on-{name}": name == self.current for name in _PANES}
        self._screen.update_classes(marks, animate=False)

    def focus_changed(self) -> None:
        """Follow the focus where it was moved by other means, such as the mouse."""
        focused = self._screen.focused
        if focused is None:
            return
        chain = list(focused.ancestors_with_self)
        pane = "list"
        if self.thread is not None and self.thread in chain:
            pane = "thread"
        elif self.sidebar is not None and self.sidebar in chain:
            pane = "sidebar"
        if pane != self.current:
            self.current = pane
            self._mark()

    def step(self, by: int) -> None:
        """Go to the pane to the right or to the left."""
        place = _PANES.index(self.current) + by
        if 0 <= place < len(_PANES) and (_PANES[place] != "sidebar" or self._sidebar_fits()):
            self.go(_PANES[place])

    def cycle(self, by: int) -> None:
        """Go to the next pane, round and round."""
        panes = _PANES if self._sidebar_fits() else _PANES[:2]
        place = panes.index(self.current) if self.current in panes else 0
        self.go(panes[(place + by) % len(panes)])

    def _sidebar_fits(self) -> bool:
        screen = self._screen
        return screen.has_class("-narrow") or screen.has_class("-with-sidebar")

    def back(self) -> bool:
        """Go one pane back; False in the list."""
        if self.current == "list":
            return False
        before = self.current == "sidebar" and self._screen.has_class("-narrow")
        self.go("thread" if before else "list")
        return True

    def toggle_sidebar(self) -> None:
        """Show or hide the customer."""
        screen = self._screen
        if screen.has_class("-wide"):
            screen.toggle_class("-with-sidebar")
            if self.current == "sidebar":
                self.go("thread")
        elif self.current == "sidebar":
            self.go("thread")
        else:
            self.go("sidebar")


def _load_code() -> None:
    """Import what the other panes are made of, so that the drawing thread does not have to."""
    import helpdesk_tui.screens.beside.macros_desk
    import helpdesk_tui.screens.customer.context_desk
    import helpdesk_tui.screens.inbox.keys
    import helpdesk_tui.screens.inbox.searching
    import helpdesk_tui.screens.inbox.views
    import helpdesk_tui.screens.thread.pane
    import helpdesk_tui.widgets.sidebar  # noqa: F401

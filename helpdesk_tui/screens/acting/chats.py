"""What is done in chats alone: patience asked for, an end that can be taken back, siblings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.tickets import Status, TicketRow
from helpdesk_tui.widgets.words.chats import is_chat, seconds_to
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.domain.customers import Profile
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

ASSISTANT_QUERY = "is:ai"
"""Chats that the assistant answers, or has answered alone."""


class ChatDesk:
    """Acts on chats of one inbox screen; the store is asked in threads only."""

    def __init__(
        self,
        screen: InboxScreen,
        data: InboxData,
        desk: Desk,
        go_to: Callable[[int], None],
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._go_to = go_to

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "ticket.hold": self.hold,
            "go.assistant": self.show_assistant,
            "go.sibling": self.sibling,
        }

    # patience --------------------------------------------------------------------------------

    def hold(self) -> None:
        """Tell the visitor that somebody still looks into it; the timer starts anew."""
        row = self._screen.tickets.cursor_row
        if row is None:
            return
        if not is_chat(row.channel):
            spec = CHANNELS.get(row.channel)
            label = spec.label if spec is not None else row.channel
            self._screen.complain(NotAllowed("chat.no-hold", channel=label))
            return
        ticket = row.id

        def done(_queued: object) -> None:
            said = _("#{id} the visitor is asked for patience · the timer starts anew")
            self._screen.footer.say(said.format(id=ticket))
            self._data.refresh([ticket])
            self._screen.panes.tickets_changed({ticket})

        self._screen.start(lambda: self._desk.replies.hold(ticket), done, group="write")

    def asks_before_snooze(self, snooze: Callable[[], None]) -> bool:
        """Ask first where the visitor sits and looks, and offer to ask for patience instead.

        Returns:
            Whether it was asked; ``snooze`` is called then if that is still wanted.
        """
        tickets = self._screen.tickets
        row = tickets.cursor_row
        if tickets.marks.is_any:
            meant = [one for one in tickets.window.rows if tickets.marks.has(one.id)]
        else:
            meant = [row] if row is not None else []
        waiting = [one for one in meant if self._is_there(one)]
        if not waiting:
            return False
        from helpdesk_tui.screens.menu import Choice, Menu

        choices: list[Choice[Callable[[], None]]] = []
        if not tickets.marks.is_any:
            choices.append(Choice(";", _("ask for patience instead"), self.hold))
        choices.append(Choice("b", _("snooze all the same …"), snooze))
        title = ngettext(
            "the visitor of this chat is there",
            "the visitors of {count} of these chats are there",
            len(waiting),
        )
        menu = Menu(title.format(count=number(len(waiting))), choices, opened_by="escape")
        self._screen.app.push_screen(menu, lambda do: do() if do is not None else None)
        return True

    def _is_there(self, row: TicketRow) -> bool:
        visitor = self._screen.tickets.visitors.get(row.id)
        return is_chat(row.channel) and visitor is not None and visitor.online

    # the assistant ---------------------------------------------------------------------------

    def show_assistant(self) -> None:
        """List the chats that the assistant answers."""
        self._screen.panes.go("list")
        self._data.search(ASSISTANT_QUERY, self._screen.complain)

    # siblings --------------------------------------------------------------------------------

    def sibling(self) -> None:
        """Go to what else of this customer is open on another channel, round and round."""
        pane = self._screen.panes.thread
        found = pane.live.siblings if pane is not None else ()
        if found:
            self._go_to(found[0].id)
        else:
            self._screen.footer.say(_("nothing else of this customer is open"))


def siblings_of(row: TicketRow, profile: Profile) -> tuple[TicketRow, ...]:
    """Return what else of a customer is open on other channels.

    Those with a smaller number come first, then the rest: whoever goes from one to the next comes
    round to where they began.
    """
    others = sorted(
        (
            one
            for one in profile.tickets
            if one.id != row.id and one.channel != row.channel and one.status is not Status.CLOSED
        ),
        key=lambda one: one.id,
        reverse=True,
    )
    before = [one for one in others if one.id < row.id]
    return (*before, *(one for one in others if one.id > row.id))


class ClosingHint:
    """Counts down in the footer while the end of a chat can be taken back."""

    def __init__(self, screen: InboxScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._timer: Timer | None = None
        self._said = ""
        self._ticket = 0
        self._ends: datetime | None = None

    def begin(self, changed: Sequence[int]) -> None:
        """Look when chats that were closed just now end, and say so until then."""
        newest = max(changed, default=0)

        def show(ends: datetime | None) -> None:
            if ends is not None:
                self._ticket, self._ends, self._said = newest, ends, ""
                self._tick()

        if newest:
            self._screen.start(lambda: self._end_of(newest), show, group="closing")

    def _end_of(self, ticket: int) -> datetime | None:
        chat = self._desk.threads.detail(ticket).chat
        return chat.closing_at if chat is not None and chat.is_closing else None

    def _look_again(self) -> None:
        """See whether it still ends: a visitor who writes keeps it open."""
        ticket = self._ticket

        def hush(ends: datetime | None) -> None:
            if ends is None and ticket == self._ticket and self._screen.footer.said == self._said:
                self._ends = None
                self._tick()

        self._screen.start(lambda: self._end_of(ticket), hush, group="closing")

    def _tick(self) -> None:
        footer = self._screen.footer
        left = seconds_to(self._ends, self._screen.now())
        is_ours = not self._said or footer.said == self._said
        if is_ours:
            said = _("#{id} closes in {count} s · z takes it back")
            self._said = said.format(id=self._ticket, count=left) if left else ""
            footer.say(self._said)
        if not is_ours or not left:
            if self._timer is not None:
                self._timer.stop()
            self._timer = None
        elif self._timer is None:
            self._timer = self._screen.set_interval(1.0, self._tick)
        else:
            self._look_again()

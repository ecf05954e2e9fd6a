"""Actions that ask something first: a moment, an agent, tags, a view, words to search for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.tickets import Status, TicketRow, ViewFilter
from helpdesk_tui.domain.views import SORTS
from helpdesk_tui.screens.composing.type_ahead import Writing
from helpdesk_tui.screens.inbox.actions import InboxActions
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.words.view_names import status_name
from helpdesk_tui.widgets.words.views import SORT_NAMES

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


class InboxAsks:
    """Opens the dialog of an action and does what was chosen."""

    def __init__(
        self, screen: InboxScreen, data: InboxData, desk: Desk, actions: InboxActions
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._actions = actions
        self.snooze: Callable[[], None] = lambda: None
        """Asks until when the ticket shall sleep."""

    @property
    def _row(self) -> TicketRow | None:
        return self._screen.tickets.cursor_row

    # the thread ------------------------------------------------------------------------------

    def reply(self) -> None:
        """Write to the customer."""
        self._write(Writing.REPLY)

    def reply_all(self) -> None:
        """Write to the customer, with copies to the others of the mail."""
        self._write(Writing.REPLY_ALL)

    def forward(self) -> None:
        """Pass mail on to somebody outside the ticket."""
        self._write(Writing.FORWARD)

    def note(self) -> None:
        """Write to the colleagues."""
        self._write(Writing.NOTE)

    def _write(self, writing: Writing) -> None:
        row, panes = self._row, self._screen.panes
        if row is None:
            return
        panes.enter(row.id)
        panes.write_when_loaded(row.id, writing)

    # dialogs over a ticket -------------------------------------------------------------------

    def status(self) -> None:
        """Ask where the ticket shall stand."""
        row = self._row
        if row is None:
            return
        from helpdesk_tui.screens.menu import Choice, Menu

        choices = (
            Choice(
                "o", status_name(Status.OPEN), self._actions.reopen, _now(row.status is Status.OPEN)
            ),
            Choice("b", _("snooze …"), self.snooze, _now(row.status is Status.SNOOZED)),
            Choice(
                "e",
                status_name(Status.CLOSED),
                self._actions.close,
                _now(row.status is Status.CLOSED),
            ),
            Choice("!", _("no spam") if row.spam else _("spam"), self._actions.toggle_spam),
        )
        place = [Status.OPEN, Status.SNOOZED, Status.CLOSED].index(row.status)
        menu = Menu(
            _("status of #{id}").format(id=row.id),
            choices,
            opened_by="ticket.status",
            current=place,
        )
        self._screen.app.push_screen(menu, lambda do: do() if do is not None else None)

    # lists -----------------------------------------------------------------------------------

    def narrow(self) -> None:
        """Ask which status the list shall show, or in which order."""
        from helpdesk_tui.screens.menu import Choice, Menu

        where = self._data.where
        is_counted = not (where.query or where.saved_id)
        count = self._screen.counts.get(where.view) if is_counted else None
        wanted: tuple[tuple[str, str, Status | None], ...] = (
            ("o", status_name(Status.OPEN), Status.OPEN),
            ("s", status_name(Status.SNOOZED), Status.SNOOZED),
            ("c", status_name(Status.CLOSED), Status.CLOSED),
            ("a", _("any status"), None),
        )
        choices = [
            Choice(
                key,
                label,
                self._data.with_status(status),
                number(count.total(status)) if count else _now(where.status is status),
            )
            for key, label, status in wanted
        ]
        choices += [
            Choice(key, _(SORT_NAMES[sort]), self._data.with_sort(sort), _now(where.sort is sort))
            for key, sort in zip("nlwp", SORTS, strict=True)
        ]
        place = [status for _, _, status in wanted].index(where.status)

        def chosen(where: ViewFilter | None) -> None:
            if where is not None:
                self._data.open(where)

        menu = Menu(_("show"), choices, opened_by="list.narrow", current=place)
        self._screen.app.push_screen(menu, chosen)


def _now(is_so: bool) -> str:
    return _("now") if is_so else ""

"""What happens while the list of tickets is not on the screen does not spoil it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.app import ComposeResult
from textual.containers import Vertical

from helpdesk_tui.domain.list_places import place_of
from helpdesk_tui.domain.tickets import Sort, TicketPage, View, ViewFilter
from helpdesk_tui.widgets.tickets.list import TicketList
from tests.support.themed import Themed
from tests.support.thread_values import NOW, row

ROWS = tuple(
    [row(id=9 - place, last_message_at=NOW - timedelta(minutes=place)) for place in (1, 2, 3)]
)
Change = Callable[[TicketList], object]


class Narrow(Themed):
    """A list in a pane that may give way to another one."""

    def compose(self) -> ComposeResult:
        """Make the pane."""
        yield Vertical(TicketList(NOW, id="list"), id="pane")


def texts(tickets: TicketList) -> list[str]:
    return [tickets.render_line(y).text for y in range(2 * len(ROWS))]


@pytest.mark.parametrize(
    "change",
    [
        lambda tickets: tickets.set_now(NOW + timedelta(minutes=1)),
        lambda tickets: tickets.show_present({8: ((False, "marek"),)}),
    ],
    ids=["minute", "colleague"],
)
async def test_the_list_is_whole_after_what_changed_behind_the_thread(change: Change) -> None:
    app = Narrow()
    async with app.run_test(size=(60, 12)) as pilot:
        tickets, pane = app.query_one(TicketList), app.query_one("#pane")
        ends = (place_of(ROWS[0], Sort.NEWEST), place_of(ROWS[-1], Sort.NEWEST))
        tickets.show(ViewFilter(View.ALL), TicketPage(ROWS, *ends, False), len(ROWS))
        await pilot.pause()
        assert all("Anna Kowalska" in line for line in texts(tickets)[::2])
        pane.display = False
        await pilot.pause()
        change(tickets)
        pane.display = True
        await pilot.pause()
        shown = texts(tickets)
        assert all("Anna Kowalska" in line for line in shown[::2])
        assert all("Return label" in line for line in shown[1::2])
        assert ("2m" if not tickets.present else "marek") in shown[0]

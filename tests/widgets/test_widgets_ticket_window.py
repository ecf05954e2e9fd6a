"""The window on a long list: pages, jumps, and changes that leave the cursor alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.list_places import place_of
from helpdesk_tui.domain.tickets import Priority, Sort, Status, TicketPage, TicketRow
from helpdesk_tui.widgets.tickets.window import KEEP, TicketWindow

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def row(number: int, **fields: object) -> TicketRow:
    """Make the ticket that stands at a place of the list: the higher, the older."""
    values: dict[str, object] = {
        "id": 10_000 - number, "subject": f"subject {number}", "channel": "email",
        "status": Status.OPEN, "spam": False, "unread": False, "customer_name": "Lena",
        "preview": "", "tags": (), "priority": Priority.NORMAL, "assignee_id": None,
        "assignee": None, "last_message_at": START - timedelta(minutes=number),
        "waiting_since": None, "snoozed_until": None, "has_media": False, "has_draft": False,
        "message_count": 1, "version": 1,
    }  # fmt: skip
    return TicketRow(**{**values, **fields})  # type: ignore[arg-type]


def page(first: int, last: int, *, more: bool = True) -> TicketPage:
    rows = tuple(row(number) for number in range(first, last))
    first_place, last_place = place_of(rows[0], Sort.NEWEST), place_of(rows[-1], Sort.NEWEST)
    return TicketPage(rows, first_place, last_place, more)


def opened(height: int = 1000) -> TicketWindow:
    window = TicketWindow()
    window.show_first(page(0, 100), height)
    return window


def test_an_answer_that_was_overtaken_changes_nothing() -> None:
    window = opened()
    new, old = row(7, version=3, unread=True), row(7, version=2)
    window.merge({new.id: new}, pinned=None, insert=True)
    assert not window.merge({old.id: old}, pinned=None, insert=True).changed
    assert window.find(new.id) == new


def test_the_first_page_stands_at_the_top() -> None:
    window = opened()
    assert (window.start, window.end, window.height) == (0, 100, 1000)
    assert window.index_of(row(7).id) == 7
    assert window.row_at(100) is None


def test_a_short_list_is_as_high_as_its_rows() -> None:
    window = TicketWindow()
    window.show_first(page(0, 3, more=False), 99)
    assert (window.height, window.at_end) == (3, True)


def test_pages_follow_and_the_far_end_is_dropped() -> None:
    window = opened(2000)
    for first in range(100, 900, 100):
        window.extend_after(page(first, first + 100))
    assert len(window.rows) == KEEP
    assert (window.start, window.end, window.at_top) == (900 - KEEP, 900, False)
    assert window.index_of(row(899).id) == 899


def test_the_end_tells_the_true_height() -> None:
    window = opened(1000)
    window.extend_after(page(100, 150, more=False))
    assert (window.height, window.at_end) == (150, True)


def test_the_last_page_counts_from_the_end() -> None:
    window = opened(1000)
    window.show_last(page(900, 1000), 1000)
    assert (window.start, window.end, window.at_top) == (900, 1000, False)


def test_a_jump_is_an_estimate_that_the_top_corrects() -> None:
    window = opened(1000)
    window.show_middle(page(150, 250), 200, 1000)
    assert window.start == 200
    shift = window.extend_before(page(0, 150, more=False))
    assert (window.start, shift) == (0, -50)
    assert window.index_of(row(150).id) == 150


def test_a_changed_row_is_drawn_in_place() -> None:
    window = opened()
    new = replace(row(5), unread=True)
    merged = window.merge({new.id: new}, pinned=None, insert=True)
    assert (merged.changed, merged.moved) == (frozenset({new.id}), False)
    assert window.row_at(5) is new


def test_an_unchanged_row_is_not_drawn() -> None:
    window = opened()
    merged = window.merge({row(5).id: row(5)}, pinned=None, insert=True)
    assert (merged.changed, merged.moved) == (frozenset(), False)


def test_a_ticket_that_left_goes_and_the_pinned_one_stays() -> None:
    window = opened()
    merged = window.merge({row(5).id: None, row(6).id: None}, pinned=row(6).id, insert=True)
    assert merged.moved
    assert window.index_of(row(5).id) is None
    assert window.index_of(row(6).id) == 5
    assert window.height == 999


def test_a_new_ticket_comes_in_at_its_place() -> None:
    window = opened()
    new = row(0, id=20_000, last_message_at=START + timedelta(minutes=5))
    merged = window.merge({new.id: new}, pinned=row(0).id, insert=True)
    assert merged.added == {new.id}
    assert (window.index_of(new.id), window.index_of(row(0).id), window.height) == (0, 1, 1001)


def test_a_bumped_ticket_moves_up_unless_the_cursor_is_on_it() -> None:
    bumped = replace(row(50), last_message_at=START + timedelta(minutes=1))
    window = opened()
    window.merge({bumped.id: bumped}, pinned=None, insert=True)
    assert (window.index_of(bumped.id), window.height) == (0, 1000)
    window = opened()
    window.merge({bumped.id: bumped}, pinned=bumped.id, insert=True)
    assert window.index_of(bumped.id) == 50


def test_news_above_a_window_inside_the_list_move_its_indexes() -> None:
    window = opened()
    window.show_middle(page(500, 600), 500, 1000)
    new = row(0, id=20_000, last_message_at=START + timedelta(minutes=5))
    assert window.merge({new.id: new}, pinned=None, insert=True).moved
    assert (window.start, window.height) == (501, 1001)
    assert window.index_of(row(500).id) == 501


def test_search_results_take_no_rows_in() -> None:
    window = opened()
    new = row(0, id=20_000, last_message_at=START + timedelta(minutes=5))
    window.merge({new.id: new}, pinned=None, insert=False)
    assert window.index_of(new.id) is None


@pytest.mark.parametrize("ticket_id", [None, 1])
def test_unknown_tickets_have_no_place(ticket_id: int | None) -> None:
    assert opened().index_of(ticket_id) is None
    assert opened().find(ticket_id) is None


def test_a_number_read_anew_is_taken() -> None:
    window = opened()
    assert window.recount(400)
    assert (window.height, window.at_end) == (400, False)
    short = TicketWindow()
    short.show_first(page(0, 20, more=False), 20)
    assert short.recount(450)
    assert (short.height, short.at_end) == (450, False)


def test_a_number_read_anew_drops_no_row() -> None:
    short = TicketWindow()
    short.show_first(page(0, 20, more=False), 20)
    assert not short.recount(19)
    assert (short.height, short.at_end) == (20, True)
    last = TicketWindow()
    last.show_last(page(900, 1000), 1000)
    assert not last.recount(1200)


def test_a_number_that_came_before_its_row_leaves_no_gap_behind() -> None:
    window = TicketWindow()
    window.show_first(page(1, 6, more=False), 5)
    window.recount(6)
    assert not window.at_end
    window.merge({10_000: row(0)}, pinned=None, insert=True)
    assert window.recount(6)
    assert (window.height, window.end, window.at_end) == (6, 6, True)

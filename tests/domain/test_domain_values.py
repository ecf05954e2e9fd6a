"""Values that compute something."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.changes import changes_of
from helpdesk_tui.domain.errors import (
    Conflict,
    HelpdeskError,
    NotAllowed,
    NotFound,
    RemoteError,
    StoreError,
    UsageError,
)
from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.tickets import SortKey, Status, ViewCount


@pytest.mark.parametrize(
    ("error", "code"),
    [(HelpdeskError, 1), (UsageError, 2), (NotAllowed, 3), (NotFound, 4), (RemoteError, 5),
     (StoreError, 2), (Conflict, 1)],
)  # fmt: skip
def test_errors_have_the_exit_codes_of_the_command_line(error, code):
    assert error.exit_code == code


def test_an_error_shows_its_code_and_values():
    assert str(UsageError("some.code")) == "some.code"
    assert str(UsageError("some.code", name="x", n=2)) == "some.code (name=x, n=2)"


def test_a_view_s_total_under_each_status():
    count = ViewCount(1, {Status.OPEN: 2, Status.CLOSED: 3})
    assert [count.total(status) for status in (None, *Status)] == [5, 2, 0, 3]


def test_keys_sort_by_time_then_id():
    assert SortKey(1, 9) < SortKey(2, 1) < SortKey(2, 2)


@pytest.mark.parametrize(
    ("folds", "expected"),
    [
        ([], "Hi\n> old\n-- \nme"),
        ([(3, 9)], "Hi\n-- \nme"),
        ([(3, 9), (9, 15)], "Hi"),
        ([(3, 12), (9, 15)], "Hi"),
    ],
)
def test_folded_ranges_are_left_out(folds, expected):
    parts = tuple(Fold(start, end, FoldKind.QUOTE) for start, end in folds)
    assert unfolded("Hi\n> old\n-- \nme", parts) == expected


def test_activity_is_summed_up():
    assert changes_of([]) is None
    changes = changes_of(
        [
            (4, 1, 7, "message.received"),
            (5, None, None, "channel.state"),
            (9, 2, None, "note.added"),
        ]
    )
    assert changes is not None
    assert (changes.last_id, changes.tickets, changes.messages) == (
        9,
        frozenset({1, 2}),
        frozenset({7}),
    )
    assert (changes.arrived, changes.counts_changed) == (frozenset({1}), True)
    quiet = changes_of([(4, 1, 7, "message.sent")])
    assert quiet is not None
    assert not quiet.counts_changed

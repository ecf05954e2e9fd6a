"""Words about views, and how well a name fits what is typed."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.domain.views import SORTS
from helpdesk_tui.widgets.words.views import SORT_NAMES, view_score


@pytest.mark.parametrize(
    ("typed", "name", "score"),
    [
        ("ref", "Refunds", 4),
        ("wa", "Long waits", 3),
        ("ait", "Long waits", 2),
        ("waits long", "Long waits", 2),
        ("lw", "Long waits", 1),
        ("lódź", "Łódź shop", 4),
        ("wl", "Long waits", 0),
        ("x", "Long waits", 0),
    ],
)
def test_a_name_fits_what_is_typed(typed: str, name: str, score: int) -> None:
    assert view_score(typed, name) == score


def test_every_order_has_words() -> None:
    assert set(SORT_NAMES) == set(Sort)
    assert set(SORTS) < set(Sort)

"""A customer is one since the first that anybody knows of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk_tui.domain.commerce.facts import ProfileFacts
from helpdesk_tui.widgets.sidebar import SidebarInput, sidebar_rows
from tests.support.customer_values import KLAVIYO, context
from tests.support.thread_values import NOW, detail, profile

EARLY = datetime(2023, 5, 4, 12, tzinfo=NOW.tzinfo)


@pytest.mark.parametrize(
    ("since", "made", "said"),
    [
        (EARLY, NOW, "customer since 4 May 2023"),
        (NOW, EARLY, "customer since 4 May 2023"),
        (None, EARLY, "customer since 4 May 2023"),
        (EARLY + timedelta(days=400), EARLY, "customer since 4 May 2023"),
    ],
)
def test_the_earliest_word_says_since_when(
    since: datetime | None, made: datetime, said: str
) -> None:
    known = context(profiles=((KLAVIYO.id, ProfileFacts(since=since)),))
    shown = SidebarInput(detail(), profile(created_at=made), 32, NOW, context=known)
    assert said in "\n".join(row.text for row in sidebar_rows(shown))

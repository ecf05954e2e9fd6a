from __future__ import annotations

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.matching import Nothing
from helpdesk_tui.domain.setting.table import seconds_of


def test_an_empty_store_knows_nobody():
    assert not Nothing().only_copied(1, "lena@example.net")
    assert Nothing().following(1) == ()


@pytest.mark.parametrize("text", ["soon", "0m", "9w", ""])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(UsageError, match=r"setting\.not-a-time"):
        seconds_of(text)

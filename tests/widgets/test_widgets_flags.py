"""What is noticed about a mail, and the sentences by which agents read of it."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.widgets.words.thread import WARNINGS


@pytest.mark.parametrize("flag", Flag)
def test_everything_noticed_is_said_in_a_sentence(flag: Flag) -> None:
    assert WARNINGS[flag].strip()

"""What the header says of the flow of mail: the most serious thing first."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.screens.inbox.live import sync_words


def account(state: AccountState) -> Account:
    return Account(1, "support", "email", "support@shop.example", True, "{}", state, "")


@pytest.mark.parametrize(
    ("states", "running", "held", "wanted"),
    [
        ([], True, "", ""),
        ([AccountState.OK], True, "", "sync ✓"),
        ([AccountState.OK], True, "support", "automatic answers paused: support"),
        ([AccountState.RETRYING], True, "support", "sync retries: support"),
        ([AccountState.OK], False, "support", "sync off"),
        ([AccountState.STOPPED], True, "support", "sync stopped: support"),
    ],
)
def test_the_most_serious_thing_is_said(
    states: list[AccountState], running: bool, held: str, wanted: str
) -> None:
    words, _ = sync_words([account(state) for state in states], running=running, held=held)
    assert words == wanted

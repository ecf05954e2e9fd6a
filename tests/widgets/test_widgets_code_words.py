"""Codes have names for people, in every language; a code of a newer program stands as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from helpdesk_tui.domain.accounts import AccountState, AddressState
from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.setting.table import GROUPS
from helpdesk_tui.domain.tickets import Priority, Status
from helpdesk_tui.widgets.words.codes import (
    address_state_name,
    channel_state_name,
    delivery_name,
    role_name,
    ticket_state_name,
    value_name,
)
from helpdesk_tui.widgets.words.language import speak
from helpdesk_tui.widgets.words.priority_names import priority_name
from helpdesk_tui.widgets.words.settings import TABS

NAMES: list[tuple[Callable[[str], str], tuple[str, ...]]] = [
    (address_state_name, tuple(AddressState)),
    (channel_state_name, tuple(AccountState)),
    (delivery_name, tuple(Delivery)),
    (priority_name, tuple(Priority)),
    (role_name, tuple(Role)),
    (ticket_state_name, tuple(Status)),
]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.mark.parametrize(("name", "codes"), NAMES)
def test_every_code_has_a_name(name: Callable[[str], str], codes: tuple[str, ...]) -> None:
    assert [name(code) for code in codes] == list(codes)
    speak("pl")
    translated = {name(code) for code in codes}
    assert len(translated) == len(codes)
    assert len(translated & set(codes)) <= 1, "few words are the same in Polish"
    assert name("of-tomorrow") == "of-tomorrow"


def test_spam_is_neither_open_nor_closed() -> None:
    assert ticket_state_name(Status.OPEN, is_spam=True) == "spam"


def test_a_state_in_the_log_is_that_of_what_it_is_about() -> None:
    speak("sv")
    assert value_name("state", "verified", "address.state") == "bekräftad"
    assert value_name("state", "stopped", "channel.state") == "stoppad"
    assert value_name("status", "open", "ticket.closed") == "öppet"
    assert value_name("name", "open", "view.saved") == "open"


def test_every_tab_of_the_settings_can_be_translated() -> None:
    assert set(GROUPS) == set(TABS)

"""Links of tickets: written and read again."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.ticket_links import link_of, number_of


@pytest.mark.parametrize("text", [link_of(42), "#42", " 42 ", "HELPDESK://ticket/42/"])
def test_a_ticket_is_named_by_its_link_or_its_number(text: str) -> None:
    assert number_of(text) == 42


@pytest.mark.parametrize("text", ["", "#", "helpdesk://view/42", "4 2", "٤٢", "9" * 19, "-1"])
def test_anything_else_names_no_ticket(text: str) -> None:
    assert number_of(text) is None

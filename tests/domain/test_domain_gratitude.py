"""Messages that only say thank you."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.gratitude import is_gratitude


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Thank you so much, that's perfect.\n\nBest regards\nLena",
        "Hi Anna,\nthanks!",
        "Danke Anna!",
        "Vielen Dank für die schnelle Hilfe!",
        "Dziękuję bardzo za pomoc",
        "Tack så mycket!",
        "Obrigada!",
        "Merci beaucoup pour votre aide, bonne journée",
        "Muchas gracias 👍",
        "Спасибо!",
    ],
)
def test_thanks_alone_are_recognised(text: str) -> None:
    assert is_gratitude(text, "Lena Doe")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Thanks, but it is still broken",
        "Thanks for nothing",
        "It's not fixed thanks",
        "Thank you. Please cancel",
        "Thanks! When does it arrive?",
        "Thanks, my number is 123456",
        "Danke, die Rücksendung ist unterwegs",
        "Thanks Anna and one more thing",
        "thanks " * 31,
        "thank you " * 40,
    ],
)
def test_whatever_else_a_message_says_counts(text: str) -> None:
    assert not is_gratitude(text, "Lena Doe")

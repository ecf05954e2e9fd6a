"""Which language a customer writes."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.macros.language import guess


@pytest.mark.parametrize(
    ("text", "among", "language"),
    [
        ("Hej, när kommer min beställning?", ("en", "sv"), "sv"),
        ("Olá, quando chega o meu pedido?", ("en", "pt_BR"), "pt_BR"),
        ("Kiedy będzie moje zamówienie?", ("en", "sv"), ""),
        ("", ("en", "pl"), ""),
        ("12345 :-)", ("en", "pl"), ""),
        ("order", ("en",), ""),
    ],
)
def test_the_small_words_tell(text: str, among: tuple[str, ...], language: str) -> None:
    assert guess(text, among) == language

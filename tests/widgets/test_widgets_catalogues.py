"""The catalogues of translations hold together: what is compiled, what is filled in, how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from helpdesk_tui.widgets.words.language import LANGUAGES, _, ngettext, pgettext, speak
from scripts.catalogues import (
    PLURALS,
    Message,
    compile_mo,
    forms_of,
    header,
    merge,
    po_file,
    read_po,
    write_po,
)

_VALUE = re.compile(r"\{[^{}]*\}")
_KEY = re.compile(r"(?:^| · )(esc|tab|ctrl\+\w|[b-zB-HJ-Z])(?= )")
"""What stands before its word in a line of hints; `enter` and `space` are words as well."""


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


def _messages(language: str) -> list[Message]:
    return read_po(po_file(language).read_text("utf-8"))


def test_every_language_has_a_catalogue() -> None:
    assert {"en", *PLURALS} == set(LANGUAGES)


@pytest.mark.parametrize("language", PLURALS)
def test_what_is_compiled_is_what_stands_in_the_catalogue(language: str) -> None:
    path = po_file(language)
    assert path.with_suffix(".mo").read_bytes() == compile_mo(language, _messages(language))


@pytest.mark.parametrize("language", PLURALS)
def test_a_catalogue_is_written_as_it_is_read(language: str) -> None:
    text = po_file(language).read_text("utf-8")
    assert write_po(language, read_po(text)) == text
    assert header(language).replace("\n", "") in text.replace('\\n"\n"', "")


@pytest.mark.parametrize("language", PLURALS)
def test_translations_name_the_values_of_the_text(language: str) -> None:
    for message in _messages(language):
        wanted = set(_VALUE.findall(message.id + message.plural))
        for form in message.forms:
            named = set(_VALUE.findall(form))
            assert named <= wanted if message.plural else named == wanted, message
            assert form.strip() == form, message


@pytest.mark.parametrize("language", PLURALS)
def test_keys_are_the_same_in_every_language(language: str) -> None:
    found = [(key, each) for each in _messages(language) for key in _KEY.findall(each.id)]
    assert len(found) > 100
    for key, message in found:
        for form in message.forms:
            assert re.search(rf"(?<!\w){re.escape(key)}(?!\w)", form), message


@pytest.mark.parametrize("language", PLURALS)
def test_no_key_is_translated_by_itself(language: str) -> None:
    alone = [each.id for each in _messages(language) if re.fullmatch(r"[a-zA-Z]", each.id)]
    assert alone == []


@pytest.mark.parametrize("language", PLURALS)
def test_a_count_has_every_form(language: str) -> None:
    for message in _messages(language):
        if message.forms:
            wanted = forms_of(language) if message.plural else 1
            assert len(message.forms) == wanted, message
            assert all(message.forms), message


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 dzień temu"), (2, "2 dni temu"), (5, "5 dni temu"), (12, "12 dni temu")],
)
def test_polish_counts_in_three_forms(count: int, said: str) -> None:
    speak("pl")
    assert ngettext("{count} day ago", "{count} days ago", count).format(count=count) == said


def test_a_word_has_the_meaning_of_its_place() -> None:
    speak("pl")
    assert pgettext("key", "open") == "otwórz"
    assert pgettext("status", "open") == "otwarte"
    assert pgettext("change", "change") == "zmień"
    assert _("change") == "zmiana"
    assert (pgettext("source", "key"), _("key")) == ("klucz", "klawisz")
    assert (pgettext("message", "sent"), _("sent")) == ("wysłana", "wysłano")


def test_what_no_catalogue_knows_stays_english() -> None:
    speak("sv")
    assert _("nobody wrote this") == "nobody wrote this"
    assert _("") == ""


def test_a_changed_text_proposes_the_translation_of_the_old_one() -> None:
    old = Message("the ticket is closed now", forms=("stängt",))
    [new] = merge([Message("the ticket is closed")], [old])
    assert (new.forms, new.fuzzy) == (("stängt",), True)
    assert b"st\xc3\xa4ngt" not in compile_mo("sv", [new])
    assert b"st\xc3\xa4ngt" in compile_mo("sv", [replace(new, fuzzy=False)])


def test_what_the_program_no_longer_says_goes() -> None:
    assert merge([Message("one")], [Message("two things", forms=("x",))]) == [Message("one")]

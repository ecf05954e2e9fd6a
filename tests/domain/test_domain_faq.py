"""The FAQ as values and as files."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.faq import FaqDraft, checked, key_of, language_tag
from helpdesk_tui.domain.faq_files import (
    read_file,
    read_table,
    read_toml,
    write_table,
    write_toml,
)
from helpdesk_tui.domain.languages import speaks

_PLAIN = FaqDraft("en", "Where is my order?", "Look at your account.", "order-status")
_HARD = [
    _PLAIN,
    FaqDraft("pl", "Jak zwrócić towar?", "Tak:\n\n  1. „a”\n  2. b\\c", "returns", "Zwroty"),
    FaqDraft("pt-BR", '"Quoted"', 'ends with a quote"', "quotes", "A, B; C", "x\ny", True),
    FaqDraft("sv", "=1+1", "-2\n'=3", "formulas", "@x", "+4\n[[faq]]", False),
    FaqDraft("en", 'Three quotes """', "\"\"\"\n[[faq]]\n'''", "toml", words="#no comment"),
]


@pytest.mark.parametrize("write", [(write_toml, "x.toml"), (write_table, "x.CSV")])
def test_what_is_written_reads_back_as_the_very_same(write):
    drafts = [checked(draft) for draft in _HARD]
    writer, name = write
    text = writer(drafts)
    assert [each.draft for each in read_file(name, text)] == drafts
    assert writer([each.draft for each in read_file(name, text)]) == text


def test_entries_are_cleaned_and_named_in_the_usual_form():
    draft = checked(
        FaqDraft("PT_br", " Where\tis \x1b[31m it? ", "a  \r\nb\u202e\n\n", " Key-1 ", " C\nD ")
    )
    assert draft.language == "pt-BR"
    assert draft.question == "Where is ␛[31m it?"
    assert draft.answer == "a\nb"
    assert (draft.key, draft.category) == ("key-1", "C D")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"key": "no spaces"}, "faq.bad-key"),
        ({"key": "-x"}, "faq.bad-key"),
        ({"language": ""}, "faq.bad-language"),
        ({"language": "english language"}, "faq.bad-language"),
        ({"question": " \n"}, "faq.empty"),
        ({"answer": "\u200b"}, "faq.empty"),
        ({"question": "x" * 301}, "faq.too-long"),
        ({"answer": "x" * 4001}, "faq.too-long"),
        ({"category": "x" * 61}, "faq.too-long"),
        ({"words": "x" * 2001}, "faq.too-long"),
    ],
)
def test_what_is_no_entry_is_refused_by_code(fields, code):
    with pytest.raises(UsageError) as caught:
        checked(FaqDraft(**{"language": "en", "question": "q", "answer": "a", **fields}))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("question", "taken", "key"),
    [
        ("Where is my order?", (), "where-is-my-order"),
        ("Zażółć gęślą?", (), "zazolc-gesla"),
        ("Where is my order?", ("where-is-my-order",), "where-is-my-order-2"),
        ("?!", ("question", "question-2"), "question-3"),
        ("word " * 30, (), "word-word-word-word-word-word-word-word-word"),
        ("x" * 90, (), "x" * 48),
    ],
)
def test_a_key_is_made_of_the_question_and_never_taken_twice(question, taken, key):
    assert key_of(question, frozenset(taken)) == key


@pytest.mark.parametrize(
    ("tag", "said"), [("EN", "en"), ("zh_hant_tw", "zh-Hant-TW"), ("es-419", "es-419")]
)
def test_a_language_has_one_form(tag, said):
    assert language_tag(tag) == said


def test_a_cousin_of_a_language_serves_better_than_another_one():
    assert [speaks(one, "pt-BR") for one in ("PT-br", "pt-PT", "pl")] == [2, 1, 0]


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("a.toml", '[[faq]]\nquestion = "a\n', "faq.file", 2),
        ("a.toml", "x = " + "[" * 3000, "faq.not-entries", 1),
        ("a.toml", "[[macro]]\n", "faq.not-entries", 1),
        ("a.toml", 'faq = "x"\n', "faq.not-entries", 1),
        ("a.csv", "", "faq.column-missing", 1),
        ("a.csv", "question,reply\n", "faq.column-unknown", 1),
        ("a.csv", "question\n", "faq.column-missing", 1),
        ("a.csv", 'question,answer\n"a"b,c\n', "faq.file", 2),
    ],
)
def test_a_file_that_cannot_be_read_says_where(name, text, code, line):
    with pytest.raises(UsageError) as caught:
        read_file(name, text)
    assert (caught.value.code, caught.value.values["line"]) == (code, line)


def test_each_wrong_entry_of_a_toml_file_is_told_with_its_line():
    text = (
        '[[faq]]\nquestion = "a"\nanswer = """\n[[faq]]\n"""\n'
        '[[ faq ]] # next\nquestion = "b"\n\n'
        '[[faq]]\nquestion = "c"\nanswer = "d"\npublished = "yes"\n\n'
        "[[faq]]\nquestion = 'x'\nanswer = '''\n\"\"\"\n'''\nother = 1\n"
    )
    found = read_toml(text)
    assert [each.line for each in found] == [1, 6, 9, 14]
    assert found[0].draft == FaqDraft("en", "a", "[[faq]]")
    codes = [each.error.code if each.error else "" for each in found]
    assert codes == ["", "faq.empty", "faq.bad-field", "faq.bad-field"]
    assert found[1].error is not None
    assert found[1].error.values["line"] == 6


def test_entries_written_as_one_list_are_read_too():
    found = read_toml('faq = [{question = "a", answer = "b"}, 5]')
    assert found[0].draft == FaqDraft("en", "a", "b")
    assert found[1].error is not None
    assert found[1].error.code == "faq.bad-field"


def test_each_wrong_row_of_a_table_is_told_with_its_line():
    text = (
        "\ufeffKey;Question;Answer;Published\r\n"
        'a;one;"two\nthree";yes\r\n'
        "\r\n"
        "b;four;;no\r\n"
        "c;five;six;perhaps\r\n"
        "d;seven;eight;no;nine\r\n"
        "e;ten;eleven\r\n"
    )
    found = read_table(text)
    assert [(each.line, each.error.code if each.error else "") for each in found] == [
        (2, ""), (5, "faq.empty"), (6, "faq.bad-field"), (7, "faq.bad-field"), (8, ""),
    ]  # fmt: skip
    assert found[0].draft == FaqDraft("en", "one", "two\nthree", "a", published=True)

"""The built-in responder: what it answers, and what it leaves to people."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.answering.conduct import Action, Asked, Reason, decide
from helpdesk_tui.domain.answering.confidence import confidence
from helpdesk_tui.domain.answering.index import Fit, Index, Passage
from helpdesk_tui.domain.answering.passages import (
    LONGEST,
    MOST_PASSAGES,
    faq_passages,
    text_passages,
)
from helpdesk_tui.domain.answering.phrases import Saying, say, with_source
from helpdesk_tui.domain.answering.responder import Kind, Responder, Verdict
from helpdesk_tui.domain.answering.summary import summary
from helpdesk_tui.domain.answering.terms import Speller
from helpdesk_tui.domain.faq import FaqItem
from helpdesk_tui.domain.languages import LANGUAGES
from tests.support.store import START

_FAQ = {
    "returns": ("How do I return an item?", "Print the label."),
    "delivery": ("How long does delivery take?", "Two to four working days."),
    "cost": ("How much does shipping cost?", "4.90 euro."),
    "payment": ("Which payment methods do you accept?", "Cards and PayPal."),
    "change": ("Can I add or remove articles after I placed an order?", "No, cancel it."),
    "password": ("I forgot my password", "Press the link at the login."),
    "missing": ("The tracking says delivered but I did not receive anything", "Ask next door."),
    "warranty": ("What warranty do I get on your products?", "Two years."),
}


def _passages(language="en"):
    return [
        Passage(f"faq:{key}", question, language, question, answer, "Help")
        for key, (question, answer) in _FAQ.items()
    ]


@pytest.fixture(scope="module")
def responder():
    return Responder(_passages())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("i want to send the shoes back", "returns"),
        ("retrun an item", "returns"),
        ("Hi! I bought a chair last week. How long will it take to get here? Thanks", "delivery"),
        ("what do you charge for shipping", "cost"),
        ("do you take visa", "payment"),
        ("can I add something to my order", "change"),
        ("forgot pasword", "password"),
        ("It was marked as delivered yesterday but I never got it", "missing"),
        ("how long is the guarantee on the lamp", "warranty"),
    ],
)
def test_a_question_in_other_words_gets_the_answer_that_was_written_for_it(responder, text, key):
    verdict = responder.ask(text)
    assert (verdict.kind, verdict.passage.id) == (Kind.ANSWER, f"faq:{key}")
    assert verdict.answer == _FAQ[key][1]
    assert 0.5 < verdict.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "what is the capital of France?",
        "can the lamp be dimmed",
        "do you repair lamps of other shops",
        "can I rent a sofa for a wedding",
        "asdf qwerty",
        "return my library book to the train station",
        "a" * 10_000,
        "( " * 5_000,
    ],
)
def test_what_the_shop_has_not_written_is_not_answered(responder, text):
    verdict = responder.ask(text)
    assert verdict.kind in (Kind.UNKNOWN, Kind.EMPTY)
    assert verdict.answer == ""


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "Hello there!", Kind.GREETING),
        ("pl", "Dzień dobry", Kind.GREETING),
        ("sv", "hejsan", Kind.GREETING),
        ("pt-BR", "Oi, bom dia", Kind.GREETING),
        ("en", "ok thanks a lot", Kind.THANKS),
        ("pl", "dziękuję bardzo", Kind.THANKS),
        ("sv", "tack så mycket", Kind.THANKS),
        ("pt-BR", "muito obrigada", Kind.THANKS),
        ("en", "can I speak to a real person", Kind.PERSON),
        ("pl", "chcę rozmawiać z człowiekiem", Kind.PERSON),
        ("sv", "jag vill prata med en människa", Kind.PERSON),
        ("pt-BR", "quero falar com um atendente", Kind.PERSON),
        ("en", "that helped, thanks", Kind.SOLVED),
        ("pl", "to pomogło", Kind.SOLVED),
        ("sv", "det hjälpte", Kind.SOLVED),
        ("pt", "resolveu", Kind.SOLVED),
        ("en", "that did not help", Kind.UNSOLVED),
        ("pl", "nie pomogło", Kind.UNSOLVED),
        ("sv", "det hjälpte inte", Kind.UNSOLVED),
        ("pt", "não ajudou", Kind.UNSOLVED),
        ("en", "", Kind.EMPTY),
        ("en", "?! 🙂", Kind.EMPTY),
        ("en", "42", Kind.EMPTY),
    ],
)
def test_what_asks_nothing_of_the_shop_is_told_apart(responder, language, text, kind):
    assert responder.ask(text, language).kind is kind


@pytest.mark.parametrize(
    ("language", "question", "asked"),
    [
        ("pl", "Jak zwrócić towar?", "chce odesłać buty"),
        ("pl", "Ile trwa dostawa?", "kiedy przyjdzie moja paczka"),
        ("sv", "Hur returnerar jag en vara?", "jag vill skicka tillbaka skorna"),
        ("sv", "Vilka betalsätt tar ni?", "kan man betala med swish"),
        ("pt-BR", "Como devolvo um produto?", "quero devolver o tênis"),
        ("pt-BR", "Quais formas de pagamento vocês aceitam?", "aceitam pix?"),
    ],
)
def test_it_reads_four_languages(language, question, asked):
    other = Passage("faq:x", "x", language, "Newsletter", "x")
    subject = Responder([Passage("faq:a", "a", language, question, "answer"), other])
    verdict = subject.ask(asked, language)
    assert (verdict.kind, verdict.answer) == (Kind.ANSWER, "answer")


def test_each_entry_answers_in_the_translation_nearest_to_the_visitor():
    passages = [
        *_passages(),
        Passage("faq:returns", "Zwrot", "pl", "Jak zwrócić towar?", "Wydrukuj etykietę."),
        Passage("faq:returns", "Devolução", "pt-BR", "Como devolvo um produto?", "Imprima."),
    ]
    subject = Responder(passages)
    assert subject.passages == tuple(passages)
    assert subject.ask("jak zwrócić buty", "pl").answer == "Wydrukuj etykietę."
    assert subject.ask("como devolvo o produto", "pt-PT").answer == "Imprima."
    assert subject.ask("how do I return it", "sv").answer == "Print the label."


def test_further_words_of_an_entry_find_it_and_never_show():
    entry = Passage("faq:a", "Opening", "en", "Opening", "Yes.", "", "qwertyland\nbring the zorb")
    assert Responder([entry]).ask("qwertyland?").answer == "Yes."


def test_nothing_to_answer_from_answers_nothing():
    assert Responder([]).ask("How do I return an item?").kind is Kind.UNKNOWN
    assert Index([Passage("a", "a", "en", "?", "!")]).fits(()) == []
    assert confidence(()) == 0.0
    empty = Fit(_passages()[0], 0.0, 0.0, 0.0, 0.0, (), ())
    assert confidence([empty]) < 0.01


def test_a_verdict_without_an_answer_has_no_source():
    assert (Verdict(Kind.UNKNOWN, "en").answer, Verdict(Kind.UNKNOWN, "en").source) == ("", "")


# conduct -------------------------------------------------------------------------------------

_PASSAGE = _passages()[0]


@pytest.mark.parametrize(
    ("kind", "sure", "asked", "action", "reason"),
    [
        (Kind.ANSWER, 0.9, Asked(), Action.ANSWER, None),
        (Kind.ANSWER, 0.9, Asked(has_files=True), Action.HAND_OVER, Reason.FILES),
        (Kind.ANSWER, 0.9, Asked(given=frozenset({_PASSAGE.id})), Action.HAND_OVER,
         Reason.REPEATED),
        (Kind.UNKNOWN, 0.1, Asked(), Action.SAY, None),
        (Kind.UNKNOWN, 0.1, Asked(misses=1), Action.HAND_OVER, Reason.MISSES),
        (Kind.UNKNOWN, 0.4, Asked(), Action.HAND_OVER, Reason.UNSURE),
        (Kind.PERSON, 0.0, Asked(), Action.HAND_OVER, Reason.ASKED),
        (Kind.GREETING, 0.0, Asked(misses=1), Action.SAY, None),
        (Kind.THANKS, 0.0, Asked(), Action.SAY, None),
        (Kind.SOLVED, 0.0, Asked(), Action.SAY, None),
        (Kind.SOLVED, 0.0, Asked(given=frozenset({"x"})), Action.SOLVE, None),
        (Kind.UNSOLVED, 0.0, Asked(given=frozenset({"x"})), Action.HAND_OVER, Reason.NOT_HELPED),
        (Kind.UNSOLVED, 0.0, Asked(), Action.SAY, None),
        (Kind.EMPTY, 0.0, Asked(), Action.SAY, None),
    ],
)  # fmt: skip
def test_what_is_done_follows_from_the_verdict(kind, sure, asked, action, reason):
    step = decide(Verdict(kind, "en", sure, _PASSAGE), asked)
    assert (step.action, step.reason) == (action, reason)
    assert step.passage == (_PASSAGE if action is Action.ANSWER else None)


def test_small_talk_forgives_no_miss():
    assert decide(Verdict(Kind.GREETING, "en"), Asked(misses=1)).misses == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_it_says_is_said_in_every_language(language):
    assert all(say(each, language) for each in Saying)
    assert with_source("{a}", "{source}", language).startswith("{a}\n\n")
    assert with_source("a", "{source}", language).endswith("{source}")
    for reason in Reason:
        note = summary(reason, language=language, asked=["q\n\x1b[2J"], answered=["A"],
                       looked_at=["A", "B"])  # fmt: skip
        assert note.count("\n- ") == 3
        assert "\x1b" not in note


def test_a_note_without_questions_has_its_reason_alone():
    note = summary(Reason.ASKED, language="en", asked=[], answered=[], looked_at=[])
    assert "\n" not in note


# passages ------------------------------------------------------------------------------------


def test_entries_of_the_faq_are_passages():
    item = FaqItem(1, "k", "en", "Q?", "A.", "C", "w", 0, True, 0, 0, START, START, 1)
    assert faq_passages([item]) == [Passage("faq:k", "Q?", "en", "Q?", "A.", "C", "w")]


def test_a_text_is_cut_at_its_headings():
    text = (
        "Before all.\n# Shipping #\nWe ship.\n## Costs\n"
        "**Free** from [60](https://shop.example) euro.\n```\n# no heading\n```\n"
        "<!-- hidden: # secret -->\n# Returns\n\n## How\nSend it back.\n"
    )
    found = text_passages("help/shop.md", text)
    assert [(each.source, each.question, each.answer) for each in found] == [
        ("shop", "shop", "Before all."),
        ("Shipping", "Shipping", "We ship."),
        ("Shipping", "Costs", "Free from 60 (https://shop.example) euro.\n# no heading"),
        ("Returns", "How", "Send it back."),
    ]
    assert found[2].id == "file:help/shop.md#Shipping/Costs"
    assert not any("secret" in each.answer for each in found)
    assert Responder(found).ask("what does it cost to ship?").kind in Kind


def test_long_parts_are_cut_at_paragraphs_and_there_is_an_end():
    text = "# A\n" + "\n\n".join("x" * 500 for _ in range(5))
    found = text_passages("a", text)
    assert [len(each.answer) <= LONGEST for each in found] == [True, True, True]
    assert found[1].id == "file:a#A~1"
    many = text_passages("a.md", "\n".join(f"# h{n}\nx" for n in range(MOST_PASSAGES + 5)))
    assert len(many) == MOST_PASSAGES


@pytest.mark.parametrize(
    "text", ["#" * 50_000, "[" * 50_000, "**a" * 20_000, "<!--" * 20_000, "```"]
)
def test_a_hostile_text_is_read_in_no_time(text):
    assert isinstance(text_passages("a.md", text), list)


def test_a_knowledge_text_answers_anywhere_in_it():
    text = "# Care\nWash the wool blanket by hand and dry it lying flat, never in a tumble dryer."
    verdict = Responder(text_passages("care.md", text)).ask("can I tumble dry the wool blanket?")
    assert verdict.kind is Kind.ANSWER


# what other shops taught ----------------------------------------------------------------------


def _shop(*questions):
    return Responder(
        [Passage(f"faq:{n}", text, "en", text, "So.") for n, text in enumerate(questions)]
    )


def test_a_word_that_says_something_is_not_taken_for_one_that_does_not():
    responder = _shop("Do you connect the washing machine?")
    verdict = responder.ask("is the washing machine quiet?")
    assert verdict.kind is Kind.UNKNOWN
    assert "quiet" in verdict.fits[0].lacking


def test_another_ending_is_another_word():
    assert Speller(["locker", "delivery"]).corrected("locked") == "locked"
    assert Speller(["locker", "delivery"]).corrected("lokcer") == "locker"
    assert Speller(["locker", "delivery"]).corrected("deliverx") == "delivery"


def test_ordinary_words_that_nobody_asked_for_count_less_than_what_is_meant():
    responder = _shop("How do I find the right shade of the powder?", "How do I return an item?")
    plain, concept = (responder.ask(each).fits[0] for each in ("which shade?", "which item?"))
    assert plain.passage.id == "faq:0"
    assert plain.meant > concept.meant


def test_where_both_sides_name_another_thing_it_is_less_sure():
    responder = _shop("Can I return opened mascara?")
    same, other, open_ = (
        responder.ask(f"can I return opened {each}".strip()).fits[0]
        for each in ("mascara", "headphones", "")
    )
    assert same.meant > open_.meant > other.meant

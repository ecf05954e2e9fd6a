"""Folds: quoted history and signatures, in many languages, never the new text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.mail import FoldKind
from helpdesk_tui.mail.folding import find_folds
from tests.support.waiting import frugal

NEW = "Thanks, that works.\n\nAna\n"


def reply(text: str) -> str:
    out, position = "", 0
    for fold in find_folds(text):
        out, position = out + text[position : fold.start], fold.end
    return (out + text[position:]).strip()


@pytest.mark.parametrize(
    "intro",
    [
        "",
        "On Mon, 2 Jun 2025 at 10:00, Bo <bo@x.example> wrote:\n",
        "On Mon, 2 Jun 2025 at 10:00, Bo Longname\n<bo.longname@x.example> wrote:\n\n",
        "Am 02.06.2025 um 10:00 schrieb Bo:\n",
        "Am Mo., 2. Juni 2025 um 10:00 Uhr schrieb Bo <\nbo@x.example>:\n",
        "Le lun. 2 juin 2025 à 10:00, Bo <bo@x.example> a écrit :\n",
        "El lun, 2 jun 2025 a las 10:00, Bo (<bo@x.example>) escribió:\n",
        "Il giorno lun 2 giu 2025 alle ore 10:00 Bo <bo@x.example> ha scritto:\n",
        "Em seg., 2 de jun. de 2025 às 10:00, Bo <bo@x.example> escreveu:\n",
        "Op ma 2 jun 2025 om 10:00 schreef Bo <bo@x.example>:\n",
        "W dniu 2.06.2025 o 10:00, Bo pisze:\n",
        "Den mån 2 juni 2025 kl 10:00 skrev Bo <bo@x.example>:\n",
        "ma 2. kesäk. 2025 klo 10.00 Bo (bo@x.example) kirjoitti:\n",
        "po 2. 6. 2025 v 10:00 odesílatel Bo <bo@x.example> napsal:\n",
        "2025-06-02 10:00 GMT+02:00 Bo <bo@x.example>:\n",
    ],
)
def test_quotations_fold_with_their_introduction(intro: str):
    assert reply(f"{NEW}\n{intro}> old\n>\n> older\n") == NEW.strip()


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Bo\nSent: Monday\nTo: Ana\nSubject: x\n\nold",
        "-----Ursprüngliche Nachricht-----\nVon: Bo\nold",
        "________________________________\nFrom: Bo \nSent: Monday\nTo: Ana\nSubject: x\n\nold",
        "From: Bo <bo@x.example>\nDate: Monday\nTo: Ana\nSubject: x\n\nold",
        "*From:* Bo\n*Sent:* Monday\n*To:* Ana\n*Subject:* x\n\nold",
        "Von: Bo\nGesendet: Montag\nAn: Ana\nBetreff: x\n\nold",
        "De : Bo\nEnvoyé : lundi\nÀ : Ana\nObjet : x\n\nold",
        "De: Bo\nEnviado: lunes\nPara: Ana\nAsunto: x\n\nold",
        "Da: Bo\nInviato: lunedì\nA: Ana\nOggetto: x\n\nold",
        "Van: Bo\nVerzonden: maandag\nAan: Ana\nOnderwerp: x\n\nold",
        "Od: Bo\nWysłano: poniedziałek\nDo: Ana\nTemat: x\n\nold",
        "Från: Bo\nSkickat: måndag\nTill: Ana\nÄmne: x\n\nold",
        "Fra: Bo\nSendt: mandag\nTil: Ana\nEmne: x\n\nold",
        "Lähettäjä: Bo\nLähetetty: maanantai\nVastaanottaja: Ana\nAihe: x\n\nold",
        "Od: Bo\nOdesláno: pondělí\nKomu: Ana\nPředmět: x\n\nold",
        "On Mon, 2 Jun 2025 at 10:00, Bo <bo@x.example> wrote:\n\nold without marks",
    ],
)
def test_unmarked_history_folds_to_the_end(block: str):
    assert reply(f"{NEW}\n{block}\n") == NEW.strip()


@pytest.mark.parametrize(
    "signature",
    ["-- \nAna\nCustomer Ltd", "--\nAna", "Sent from my iPhone", "Von meinem iPhone gesendet",
     "Envoyé de mon iPhone", "Enviado desde mi iPhone", "Inviato da iPhone",
     "Verstuurd vanaf mijn iPhone",
     "Wysłane z iPhone'a", "Skickat från min iPhone", "Sendt fra min iPhone",
     "Get Outlook for iOS"],
)  # fmt: skip
def test_signatures_fold(signature: str):
    text = f"{NEW}\n{signature}\n"
    assert reply(text) == NEW.strip()
    assert [fold.kind for fold in find_folds(text)] == [FoldKind.SIGNATURE]


def test_answers_between_quotations_stay_with_what_they_answer():
    text = "On Mon, 2 Jun 2025 at 10:00, Bo <bo@x.example> wrote:\n> first?\nyes\n> second?\nno\n"
    assert reply(text) == "> first?\nyes\n> second?\nno"


def test_a_quoted_line_that_was_wrapped_folds_whole():
    long = "> " + "word " * 14 + "\nand its rest\n"
    assert reply(f"new\n\n{long}") == "new"


@pytest.mark.parametrize(
    "text",
    [
        "", "Hello,\n\nwhere is order 12?\n", "My order: 12\nMy name: Ana\n",
        "Note:\nplease call\n",
        "From: the shop I ordered two.\nThanks\n", "a -- b\n", "I wrote:\n", "- one\n- two\n",
        "He wrote to me about it: nothing came.\n", "Subject: refund\n",
    ],
)  # fmt: skip
def test_new_text_is_not_folded(text: str):
    assert find_folds(text) == ()


LINES = ["> a", ">", "", "On 1 x wrote:", "-- ", "text", "From: a@b", "To: x", "Sent: y"]
LINES.append("-----Original Message-----")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_folds_are_ordered_apart_and_inside(lines: list[str]):
    text = "\n".join(lines)
    position = 0
    for fold in find_folds(text):
        assert position <= fold.start < fold.end <= len(text)
        position = fold.end


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "> " * 100_000, " " * 200_000 + "x", "-" * 200_000, "On 1 " * 40_000 + "wrote:",
     "> a\nb\n" * 50_000, "From: x\n" * 50_000, "--\n" * 50_000, "wrote:" * 40_000, ":\n" * 50_000,
     "\n" * 200_000, "\t>" * 100_000, "On 1 wrote:\n" * 20_000, "Sent from my\n" * 20_000,
     "* " * 100_000 + ":"],
    ids=range(15),
)  # fmt: skip
def test_no_text_takes_long(text: str):
    with frugal():
        find_folds(text)

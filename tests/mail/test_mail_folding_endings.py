"""Folds: greetings, signatures, telephones' lines and legal words, never what a customer says."""

from __future__ import annotations

import textwrap

import pytest

from helpdesk_tui.domain.mail import FoldKind
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.mail.folding import find_folds

NEW = "The parcel came today.\n\nBut the lid is cracked."
QUOTE = "On Mon, 2 Jun 2025 at 10:00, Bo <bo@shop.example> wrote:\n\n> Did it come?\n>\n> Bo\n"

GREETINGS = [
    "Regards,", "Best regards", "Kind regards,", "*Kind regards*", "Sincerely,", "Best wishes",
    "Mit freundlichen Grüßen", "Mit freundlichem Gruß", "Viele Grüße,", "Liebe Grüße", "MfG", "LG",
    "Cordialement,", "Bien à vous,", "Cdlt,", "Saludos,", "Un cordial saludo", "Atentamente,",
    "Cordiali saluti,", "Distinti saluti", "Atenciosamente,", "Com os melhores cumprimentos,",
    "Met vriendelijke groet,", "Groetjes,", "Mvg,", "Pozdrawiam,", "Z poważaniem", "Mvh",
    "Med vänliga hälsningar", "Hälsningar,", "Med venlig hilsen", "Kh", "Med vennlig hilsen",
    "Hilsen", "Ystävällisin terveisin,", "Terveisin", "S pozdravem", "S pozdravom,", "Üdvözlettel:",
    "Cu stimă,", "Lijep pozdrav,", "Lep pozdrav", "С уважением,", "З повагою,", "Поздрави,",
    "Με εκτίμηση,", "Saygılarımla,", "İyi günler,", "בברכה,", "مع خالص التحيات،", "Trân trọng,",
    "Salutacions,",
    "Vielen Dank und viele Grüße", "Viele Grüße / Best regards", "Thanks and best regards,",
    "Merci et bonne journée,", "Gracias y un saludo,", "Grazie e cordiali saluti",
    "Lugupidamisega", "Pagarbiai", "Ar cieņu,", "ขอแสดงความนับถือ", "Hormat kami,",
]  # fmt: skip

CARDS = [
    "Ana Lima", "Ana", "ana", "Ana Lima\nHead of Buying\nAcme Ltd", "Dr. Ana van der Berg",
    "Ana Lima\n+44 20 7946 0000\nwww.acme.example",
    "Ana Lima\n\nAcme GmbH\nHauptstr. 1, 10115 Berlin",
    "Ana M. Lima | Acme\nTel: 030 / 123 45 67\nana@acme.example",
]  # fmt: skip

DEVICES = [
    "Sent from my iPhone", "Sent from my Galaxy", "Sent from Yahoo Mail on Android",
    "Sent from Outlook for Android", "Sent from Mail for Windows",
    "Sent with Proton Mail secure email.",
    "Sent from my mobile. Please excuse typos.", "Get Outlook for iOS", "(Sent from my phone)",
    "Get Outlook for Android<https://mail.example/x>", "Sent via BlackBerry", "Sent from Spark",
    "Von meinem iPhone gesendet", "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Gesendet mit der GMX Mail App", "Gesendet von Outlook für iOS", "Outlook für Android beziehen",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone", "Envoyé depuis mon téléphone Orange", "Télécharger Outlook pour iOS",
    "Enviado desde mi iPhone", "Enviado desde Correo para Windows", "Obtener Outlook para iOS",
    "Inviato da iPhone", "Inviato dal mio Galaxy", "Scarica Outlook per iOS",
    "Enviado do meu iPhone",
    "Obter o Outlook para iOS", "Verstuurd vanaf mijn iPhone", "Verzonden met Outlook voor Android",
    "Wysłane z iPhone'a", "Wysłane z mojego telefonu", "Pobierz aplikację Outlook dla systemu iOS",
    "Skickat från min iPhone", "Hämta Outlook för iOS", "Sendt fra min iPhone",
    "Hent Outlook til iOS",
    "Sendt fra Outlook for iOS", "Last ned Outlook for Android", "Lähetetty iPhonesta",
    "Hanki Outlook for iOS", "Odesláno z iPhonu", "Odoslané z iPhonu", "Trimis de pe iPhone-ul meu",
    "Отправлено с iPhone", "Отправлено из мобильной Яндекс Почты", "Надіслано з iPhone",
    "Στάλθηκε από το iPhone μου", "iPhone'umdan gönderildi", "iPhoneから送信", "发自我的 iPhone",
    "從我的 iPhone 傳送", "나의 iPhone에서 보냄", "נשלח מה-iPhone שלי", "أرسلت من الـ iPhone",
    "Poslano s iPhonea", "Enviat des del meu iPhone", "Изпратено от моя iPhone",
]  # fmt: skip

LEGAL = [
    "This email and any attachments are confidential and intended for the addressee only.\n"
    "If you have received it in error, please delete it.",
    "CONFIDENTIALITY NOTICE: this message may be privileged. It is meant for its recipient.",
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind,\n"
    "informieren Sie bitte sofort den Absender.",
    "Ce message et ses pièces jointes sont confidentiels et destinés à leur destinataire.",
    "Este mensaje y sus anexos son confidenciales y van dirigidos a su destinatario.",
    "Le informazioni contenute in questo messaggio sono riservate al destinatario.",
    "Esta mensagem e os seus anexos são confidenciais.",
    "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde.",
    "Niniejsza wiadomość jest poufna i przeznaczona dla adresata.",
    "Virus-free. www.avast.com",
    "Please consider the environment before printing this email.",
]


def shown(text: str) -> str:
    return unfolded(text, find_folds(text))


@pytest.mark.parametrize("greeting", GREETINGS)
def test_greetings_with_a_name_fold(greeting: str):
    assert shown(f"{NEW}\n\n{greeting}\nAna Lima\n") == NEW
    assert shown(f"{NEW}\n\n{greeting}\n\nAna Lima\n\n{QUOTE}") == NEW


@pytest.mark.parametrize("card", CARDS)
def test_cards_below_greetings_and_marks_fold(card: str):
    for above in (
        "Kind regards,",
        "-- ",
        "--",
        "Kind regards,\nAna\n\n--",
        "Kind regards,\nAna\n\n___",
    ):
        text = f"{NEW}\n\n{above}\n{card}\n"
        assert shown(text) == NEW
        assert {fold.kind for fold in find_folds(text)} == {FoldKind.SIGNATURE}


@pytest.mark.parametrize(
    "line", ["Best regards, Ana", "Viele Grüße Ana Lima", "LG Ana", "Mvh Ana", "/Ana"]
)
def test_greetings_and_names_on_one_line_fold(line: str):
    assert shown(f"{NEW}\n\n{line}\n") == NEW


@pytest.mark.parametrize("line", DEVICES)
def test_lines_of_telephones_and_programs_fold(line: str):
    assert shown(f"{NEW}\n\n{line}\n") == NEW
    assert shown(f"{NEW}\n\n{line}\n\n{QUOTE}") == NEW
    assert shown(f"{NEW}\n\nKind regards,\nAna\n\n{line}\n") == NEW


@pytest.mark.parametrize("words", LEGAL)
def test_legal_words_and_notices_fold(words: str):
    assert shown(f"{NEW}\n\n{words}\n") == NEW
    assert shown(f"{NEW}\n\nKind regards,\nAna Lima\n\n{words}\n\n{QUOTE}") == NEW


def test_cards_of_lists_fold_below_a_drawn_line():
    card = "lids mailing list\nlids@lists.example\nhttps://lists.example/lids"
    assert shown(f"{NEW}\n\n_______________\n{card}\n") == NEW
    assert shown(f"{QUOTE}\n{NEW}\n\n_______________\n{card}\n") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nAna",
        "Hi,\n\nit works.\n\nThank you!\nAna",
        "It arrived.\n\nBest regards",
        "Kind regards to all.\nThe lid is cracked.",
        "It is broken.\n\nRegards,\nplease send me a new one as soon as you can.",
        "It is broken.\n\nRegards,\nAna\nMy order number is 4711",
        "It is broken.\n\nRegards,\nAna\n#4711",
        "It is broken.\n\nRegards,\nAna\n\nP.S. and the box was wet",
        "It is broken.\n\nRegards,\nAna\n\nDo you need a picture?",
        "I have sent it.\nSent by DHL on Monday.",
        "It came late.\n\nSent from my desk, it is easier to type than on my phone.",
        "Von meinem Konto wurden heute 50 Euro abgebucht, das Handy fehlt noch.",
        "Enviado por correo el lunes",
        "The parts:\n---\nlid\nbox\nhandle",
        "Parts\n=====\nLid\nBox",
        "a -- b\n- one\n- two",
        "```\n# code\n####\nmore\n```",
        "My number is 030 1234567.\nAna Lima",
        "This message is for Bo: the lid is cracked.",
        "Ana Lima\nHauptstr. 1\n10115 Berlin",
        "It is broken.\n\nPlease call me, regards\nAna",
        "The file is this:\n\n/etc",
        "I meet him with regards to the lid, best Ana",
    ],
)  # fmt: skip
def test_new_words_at_the_end_stay(text: str):
    assert find_folds(text) == ()


@pytest.mark.parametrize(
    "text", ["Regards,\nAna", "Viele Grüße Ana", "--\nAna", "> only quoted\n> by hand\n"]
)
def test_what_is_all_there_is_stays(text: str):
    assert find_folds(text) == ()
    assert find_folds(f"\n\n{text}\n\n") == ()


def test_greetings_alone_above_history_stay():
    assert shown(f"Viele Grüße\nAna\n\n{QUOTE}") == "Viele Grüße\nAna"


def test_a_line_of_a_telephone_folds_even_alone():
    assert shown("\n\nSent from my iPhone\n") == ""
    assert shown(f"Sent from my iPhone\n\n{QUOTE}") == ""


def test_a_reply_with_nothing_but_its_quotation_folds():
    assert shown(QUOTE) == ""


def test_an_answer_below_the_only_quotation_stands_alone():
    assert shown(f"{QUOTE}\n{NEW}\n") == NEW
    assert shown(f"{QUOTE}{NEW}\n\n-- \nAna\n") == NEW


def test_quoted_lines_stay_between_answers():
    text = f"Hi Bo,\n\n{QUOTE}\nyes\n\n> And the lid?\n\nno\n\n> Bo\n> the shop\n"
    assert shown(text) == "Hi Bo,\n\n> Did it come?\n>\n> Bo\n\nyes\n\n> And the lid?\n\nno"


def test_long_quoted_history_folds_even_above_an_answer():
    old = "> old\n" * 40
    assert shown(f"> first?\n\nyes\n\n{old}\nno\n") == "> first?\n\nyes\n\n\nno"


def test_lower_case_answers_right_below_a_long_question_stay():
    question = "> Would you be so kind as to tell us which of the two lids it is that you want?\n"
    assert shown(f"{question}the red one\n{question}the blue one\n").count("one") == 2


def test_initials_before_quoted_lines_are_marks():
    assert shown(f"{NEW}\n\nMB> Did it come?\nMB>\nMB> Mia\n") == NEW
    assert find_folds("a>b\nif c> d\n") == ()


def test_quoted_paragraphs_wrapped_without_marks_fold_whole():
    words = "Which of the two lids did you mean, the red or the blue one? It is hard to tell. "
    rows = textwrap.wrap(words * 4, 72)
    text = f"{NEW}\n\n> {chr(10).join(rows)}\n>\n> {chr(10).join(rows)}\n"
    assert shown(text) == NEW


def test_an_answer_right_below_the_last_long_question_stays():
    question = "> Would you be so kind as to tell us which of the two lids it is that you want?\n"
    assert shown(f"{question}the red one\n") == f"{question}the red one"


@pytest.mark.parametrize("mark", ["ᐧ", " ᐧ \t"])
def test_the_mark_of_a_tracker_at_the_end_is_folded(mark: str) -> None:
    text = f"The parcel came broken.\nPlease send another.\n\n{mark}\n"
    assert unfolded(text, find_folds(text)).strip() == (
        "The parcel came broken.\nPlease send another."
    )
    assert unfolded(text, find_folds(text)).count("ᐧ") == 0

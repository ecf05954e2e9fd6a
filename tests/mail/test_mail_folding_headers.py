"""Folds: mail repeated below its own header or a title, by mail program and language."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import FoldKind, MailClass
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.mail.folding import find_folds
from helpdesk_tui.mail.parse import parse_mail

NEW = "The parcel came today.\n\nBut the lid is cracked."

HEADERS = {
    "en": ("From: Mia Berg", "Sent: Monday, June 2, 2025 10:00 AM", "To: Ana", "Subject: Lid"),
    "de": ("Von: Mia Berg", "Gesendet: Montag, 2. Juni 2025 10:00", "An: Ana", "Betreff: Deckel"),
    "fr": ("De : Mia Berg", "Envoyé : lundi 2 juin 2025 10:00", "À : Ana", "Objet : Couvercle"),
    "es": ("De: Mia Berg", "Enviado: lunes, 2 de junio de 2025 10:00", "Para: Ana", "Asunto: Tapa"),
    "it": ("Da: Mia Berg", "Inviato: lunedì 2 giugno 2025 10:00", "A: Ana", "Oggetto: Coperchio"),
    "pt": ("De: Mia Berg", "Enviado: segunda-feira, 2 de junho de 2025",
        "Para: Ana", "Assunto: Tampa"),
    "pt-br": ("De: Mia Berg", "Enviada em: segunda-feira, 2 de junho",
        "Para: Ana", "Assunto: Tampa"),
    "nl": ("Van: Mia Berg", "Verzonden: maandag 2 juni 2025 10:00",
        "Aan: Ana", "Onderwerp: Deksel"),
    "pl": ("Od: Mia Berg", "Wysłane: poniedziałek, 2 czerwca 2025", "Do: Ana", "Temat: Pokrywa"),
    "sv": ("Från: Mia Berg", "Skickat: den 2 juni 2025 10:00", "Till: Ana", "Ämne: Lock"),
    "da": ("Fra: Mia Berg", "Sendt: 2. juni 2025 10:00", "Til: Ana", "Emne: Låg"),
    "fi": ("Lähettäjä: Mia Berg", "Lähetetty: maanantai 2. kesäkuuta",
        "Vastaanottaja: Ana", "Aihe: Kansi"),
    "cs": ("Od: Mia Berg", "Odesláno: pondělí 2. června 2025", "Komu: Ana", "Předmět: Víko"),
    "sk": ("Od: Mia Berg", "Odoslané: pondelok 2. júna 2025", "Komu: Ana", "Predmet: Veko"),
    "hu": ("Feladó: Mia Berg", "Elküldve: 2025. június 2.", "Címzett: Ana", "Tárgy: Fedél"),
    "ro": ("De la: Mia Berg", "Trimis: luni, 2 iunie 2025", "Către: Ana", "Subiect: Capac"),
    "hr": ("Šalje: Mia Berg", "Poslano: 2. lipnja 2025.", "Prima: Ana", "Predmet: Poklopac"),
    "ru": ("От: Mia Berg", "Отправлено: 2 июня 2025 г. 10:00", "Кому: Ana", "Тема: Крышка"),
    "uk": ("Від: Mia Berg", "Надіслано: 2 червня 2025 р.", "Кому: Ana", "Тема: Кришка"),
    "el": ("Από: Mia Berg", "Στάλθηκε: Δευτέρα, 2 Ιουνίου 2025", "Προς: Ana", "Θέμα: Καπάκι"),
    "tr": ("Kimden: Mia Berg", "Gönderildi: 2 Haziran 2025 Pazartesi", "Kime: Ana", "Konu: Kapak"),
    "he": ("מאת: Mia Berg", "נשלח: 2 ביוני 2025", "אל: Ana", "נושא: מכסה"),
    "ar": ("من: Mia Berg", "تم الإرسال: 2 يونيو 2025", "إلى: Ana", "الموضوع: غطاء"),
    "vi": ("Từ: Mia Berg", "Đã gửi: 2 tháng 6 2025", "Đến: Ana", "Chủ đề: Nắp"),
    "th": ("จาก: Mia Berg", "ส่งเมื่อ: 2 มิถุนายน 2568", "ถึง: Ana", "เรื่อง: ฝา"),
    "ja": ("差出人: Mia Berg", "送信日時: 2025年6月2日 10:00", "宛先: Ana", "件名: 蓋"),
    "zh-cn": ("发件人: Mia Berg", "发送时间: 2025年6月2日 10:00", "收件人: Ana", "主题: 盖子"),
    "zh-tw": ("寄件者: Mia Berg", "寄件日期: 2025年6月2日 10:00", "收件者: Ana", "主旨: 蓋子"),
    "ko": ("보낸 사람: Mia Berg", "보낸 날짜: 2025년 6월 2일", "받는 사람: Ana", "제목: 뚜껑"),
}  # fmt: skip

TITLES = [
    "-----Original Message-----", "----- Original Message -----", "------ Original Message ------",
    "-------- Original Message --------", "*-------- Original Message --------*",
    "-----Ursprüngliche Nachricht-----", "-------- Ursprüngliche Nachricht --------",
    "----- Original-Nachricht -----", "-----Message d'origine-----",
    "-------- Message d’origine --------",
    "----- Mail original -----", "-----Mensaje original-----", "-----Messaggio originale-----",
    "-----Mensagem original-----", "-----Oorspronkelijk bericht-----",
    "-----Oryginalna wiadomość-----",
    "-----Ursprungligt meddelande-----", "-----Oprindelig meddelelse-----",
    "-------- Oprindelig besked --------",
    "-----Opprinnelig melding-----", "-----Alkuperäinen viesti-----", "-----Původní zpráva-----",
    "-----Pôvodná správa-----", "-----Eredeti üzenet-----", "-----Mesaj original-----",
    "-----Izvorna poruka-----", "-----Исходное сообщение-----",
    "-----Оригінальне повідомлення-----",
    "-----Αρχικό μήνυμα-----", "-----Orijinal Mesaj-----", "-----הודעה מקורית-----",
    "-----元のメッセージ-----",
    "-----原始邮件-----", "-----원본 메시지-----", "---------- Forwarded message ---------",
    "Begin forwarded message:", "----- Mia Berg <mia@shop.example> wrote: -----",
    "-----Mia Berg/Shop wrote: -----",
    ">>> Mia Berg <mia@shop.example> 02.06.2025 10:00 >>>",
    ">>> Mia Berg 6/2/2025 10:00 AM >>>",
]  # fmt: skip

ABOVE = [
    "##- Please type your reply above this line -##",
    "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##",
    "--- Reply above this line ---",
    "-=-=-=- Please reply above this line -=-=-=-",
    "##- Veuillez saisir votre réponse au-dessus de cette ligne -##",
    "##- Escriba su respuesta por encima de esta línea -##",
    "##- Scrivi la tua risposta sopra questa riga -##",
    "##- Typ uw antwoord boven deze regel. -##",
    "##- Wpisz swoją odpowiedź powyżej tej linii -##",
    "##- Skriv ditt svar ovanför den här raden -##",
    "Please reply above this line",
    "Reply above this line.",
    "## Please do not write below this line ##",
    "## In replies all text above this line is added to the ticket ##",
]


def shown(text: str) -> str:
    return unfolded(text, find_folds(text))


@pytest.mark.parametrize("language", HEADERS)
def test_repeated_headers_begin_history(language: str):
    header = HEADERS[language]
    plain = "\n".join(header)
    bold = "\n".join("*" + line.replace(":", ":*", 1) for line in header)
    strong = "\n".join("**" + line.replace(":", ":**", 1) for line in header)
    apart = "\n\n".join(header)
    wide = plain.replace(":", "：", 4)
    together = bold.replace("\n", " ")
    other_order = "\n".join((header[1], header[0], header[3], header[2]))
    for block in (plain, bold, strong, apart, wide, together, other_order):
        assert shown(f"{NEW}\n\n{block}\n\nWhere is it?\n\nMia\n") == NEW
        assert shown(f"{NEW}\n{'_' * 32}\n{block}\n\nWhere is it?\n") == NEW
        assert shown(f"{NEW}\n\n---\n\n{block}\n\nWhere is it?\n") == NEW
        assert shown(f"{block}\n\nWhere is it?\n") == "Where is it?"


@pytest.mark.parametrize("language", HEADERS)
def test_headers_with_marks_of_quotation_fold_too(language: str):
    block = "\n".join(f"> {line}" for line in HEADERS[language])
    assert shown(f"{NEW}\n\n{block}\n>\n> Where is it?\n") == NEW


def test_long_lists_of_addressees_stay_within_the_header():
    names = ";\n ".join(f"Name{number} <n{number}@shop.example>" for number in range(4))
    block = f"From: Mia\nSent: Monday\nTo: {names}\nCc: Bo\nSubject: a lid that\n is cracked"
    assert shown(f"{NEW}\n\n{block}\n\nWhere is it?\n") == NEW


@pytest.mark.parametrize("title", TITLES)
def test_titles_begin_history(title: str):
    assert shown(f"{NEW}\n\n{title}\n\nWhere is it?\n") == NEW
    assert shown(f"{NEW}\n\n{title}\nFrom: Mia\nTo: Ana\n\nWhere is it?\n") == NEW


def test_titles_with_the_header_on_their_line_begin_history():
    text = f"{NEW}\n\n----- Forwarded Message ----- From: Mia <m@x.example>To: Ana\n\nWhere is it?"
    assert shown(text) == NEW


def test_unknown_titles_begin_history_where_a_header_follows():
    text = f"{NEW}\n\n------- Alkupera mezu -------\nFrom: Mia\nTo: Ana\n\nWhere is it?\n"
    assert shown(text) == NEW
    assert find_folds("Yes.\n\n------- Choose one -------\na lid\na box\n") == ()


@pytest.mark.parametrize("line", ABOVE)
def test_all_below_the_line_to_answer_above_folds(line: str):
    assert shown(f"{NEW}\n\n{line}\n\nYour request was updated.\n") == NEW
    assert shown(f"{line}\n\nYour request was updated.\n") == "Your request was updated."


def test_a_forward_without_own_words_shows_what_was_forwarded():
    text = (
        "---------- Forwarded message ---------\nFrom: Mia\nDate: Monday\nSubject: Lid\n\nHere.\n"
    )
    folds = find_folds(text)
    assert [fold.kind for fold in folds] == [FoldKind.QUOTE]
    assert unfolded(text, folds) == "Here."


@pytest.mark.parametrize(
    "text",
    [
        "I need these changed:\nFrom: Berlin\nTo: Paris\nThanks",
        "Name: Ana\nDate: Monday\nSubject: refund\nMessage: please",
        "Date: 2.6.2025\nOrder: 12\nColour: red",
        "A message of the form\n\nFrom: Ana\nTo: shop\nSubject: lid\n\nIt is cracked.",
        "To: do\n- call\n- write",
        "We sent it back on Monday. Above this line of text is the number.",
        "Sent: yes\nReceived: no",
        "Od: 10:00\nDo: 12:00\nJestem w domu.",
        "Von: Berlin\nAn: Paris\nEs fehlt ein Karton.",
    ],
)
def test_lists_with_colons_are_no_header(text: str):
    assert find_folds(text) == ()


def test_all_of_a_report_of_failure_stays_to_read():
    raw = (
        b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: desk@shop.example\n"
        b"Subject: Undelivered Mail Returned to Sender\nReturn-Path: <>\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        b"--b\n\nYour message\n\n  To: ana@gone.example\n  Subject: Lid\n"
        b"  Sent: Mon, 2 Jun 2025 10:00:00 +0200\n\ndid not reach ana@gone.example\n\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        b"Final-Recipient: rfc822; ana@gone.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    mail = parse_mail(raw)
    assert mail.mail_class is MailClass.BOUNCE
    assert mail.folds == ()
    assert find_folds(mail.text) != ()

"""Folds: the words by which each mail program introduces what it quotes, by language."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import FoldKind
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.mail.folding import find_folds

NEW = "The parcel came today.\n\nBut the lid is cracked."

DATED = {
    "gmail": [
        "On Mon, Jun 2, 2025 at 10:00 AM Mia Berg <mia@shop.example> wrote:",
        "Am Mo., 2. Juni 2025 um 10:00 Uhr schrieb Mia Berg <mia@shop.example>:",
        "Mia Berg <mia@shop.example> schrieb am Mo., 2. Juni 2025, 10:00:",
        "Le lun. 2 juin 2025 à 10:00, Mia Berg <mia@shop.example> a écrit :",
        "El lun, 2 jun 2025 a las 10:00, Mia Berg (<mia@shop.example>) escribió:",
        "Il giorno lun 2 giu 2025 alle ore 10:00 Mia Berg <mia@shop.example> ha scritto:",
        "Em seg., 2 de jun. de 2025 às 10:00, Mia Berg <mia@shop.example> escreveu:",
        "A segunda, 2/06/2025, 10:00, Mia Berg <mia@shop.example> escreveu:",
        "Op ma 2 jun 2025 om 10:00 schreef Mia Berg <mia@shop.example>:",
        "pon., 2 cze 2025 o 10:00 Mia Berg <mia@shop.example> napisał(a):",
        "Den mån 2 juni 2025 kl 10:00 skrev Mia Berg <mia@shop.example>:",
        "Den man. 2. jun. 2025 kl. 10.00 skrev Mia Berg <mia@shop.example>:",
        "man. 2. juni 2025 kl. 10:00 skrev Mia Berg <mia@shop.example>:",
        "ma 2. kesäk. 2025 klo 10.00 Mia Berg (mia@shop.example) kirjoitti:",
        "po 2. 6. 2025 v 10:00 odesílatel Mia Berg <mia@shop.example> napsal:",
        "po 2. 6. 2025 o 10:00 Mia Berg <mia@shop.example> napísal(a):",
        "Mia Berg <mia@shop.example> ezt írta (időpont: 2025. jún. 2., H, 10:00):",
        "În lun., 2 iun. 2025 la 10:00, Mia Berg <mia@shop.example> a scris:",
        "пн, 2 июн. 2025 г. в 10:00, Mia Berg <mia@shop.example>:",
        "пн, 2 черв. 2025 р. о 10:00 Mia Berg <mia@shop.example> пише:",
        "На пн, 2.06.2025 г. в 10:00 Mia Berg <mia@shop.example> написа:",
        "Στις Δευ 2 Ιουν 2025 στις 10:00 π.μ., ο/η Mia Berg <mia@shop.example> έγραψε:",
        "Mia Berg <mia@shop.example>, 2 Haz 2025 Pzt, 10:00 tarihinde şunu yazdı:",
        "2025年6月2日(月) 10:00 Mia Berg <mia@shop.example>:",
        "Mia Berg <mia@shop.example> 于2025年6月2日周一 10:00写道：",
        "Mia Berg <mia@shop.example> 於 2025年6月2日 週一 上午10:00寫道：",
        "2025년 6월 2일 (월) 오전 10:00, Mia Berg <mia@shop.example>님이 작성:",
        "בתאריך יום ב׳, 2 ביוני 2025 ב-10:00 מאת ‪Mia Berg‬‏ <‪mia@shop.example‬‏>:",
        "في الاثنين، 2 يونيو 2025 في 10:00 ص تمت كتابة ما يلي بواسطة Mia <mia@shop.example>:",
        "Vào Th 2, 2 thg 6, 2025 vào lúc 10:00 Mia Berg <mia@shop.example> đã viết:",
        "เมื่อ จ. 2 มิ.ย. 2025 เวลา 10:00 Mia Berg <mia@shop.example> เขียนว่า:",
        "Missatge de Mia Berg <mia@shop.example> del dia dl., 2 de juny 2025 a les 10:00:",
        "pon, 2. lip 2025. u 10:00 Mia Berg <mia@shop.example> napisao je:",
        "V V pon., 2. jun. 2025 ob 10:00 je oseba Mia Berg <mia@shop.example> napisala:",
        "Pada Sen, 2 Jun 2025 pukul 10.00 Mia Berg <mia@shop.example> menulis:",
        "2025-06-02, pr, 10:00 Mia Berg <mia@shop.example> rašė:",
        "Kuupäev E, 2. juuni 2025 kell 10:00 kirjutas Mia Berg <mia@shop.example>:",
        "2025-06-02 10:00 GMT+02:00 Mia Berg <mia@shop.example>:",
    ],
    "apple": [
        "On 2 Jun 2025, at 10:00, Mia Berg <mia@shop.example> wrote:",
        "Am 02.06.2025 um 10:00 schrieb Mia Berg <mia@shop.example>:",
        "Le 2 juin 2025 à 10:00, Mia Berg <mia@shop.example> a écrit :",
        "El 2 jun 2025, a las 10:00, Mia Berg <mia@shop.example> escribió:",
        "Il giorno 2 giu 2025, alle ore 10:00, Mia Berg <mia@shop.example> ha scritto:",
        "No dia 02/06/2025, às 10:00, Mia Berg <mia@shop.example> escreveu:",
        "Em 2 de jun. de 2025, à(s) 10:00, Mia Berg <mia@shop.example> escreveu:",
        "Op 2 jun 2025, om 10:00 heeft Mia Berg <mia@shop.example> het volgende geschreven:",
        "Wiadomość napisana przez Mia Berg <mia@shop.example> w dniu 2 cze 2025, o godz. 10:00:",
        "2 juni 2025 kl. 10:00 skrev Mia Berg <mia@shop.example>:",
        "Mia Berg <mia@shop.example> kirjoitti 2.6.2025 kello 10.00:",
        "2. 6. 2025 v 10:00, Mia Berg <mia@shop.example>:",
        "Dňa 2. 6. 2025, o 10:00 používateľ Mia Berg <mia@shop.example> napísal:",
        "Mia Berg <mia@shop.example> írta (2025. jún. 2. dátummal, 10:00):",
        "Pe 2 iun. 2025, la 10:00, Mia Berg <mia@shop.example> a scris:",
        "2 июня 2025 г., в 10:00, Mia Berg <mia@shop.example> написал(а):",
        "Στις 2 Ιουν 2025, στις 10:00, ο χρήστης Mia Berg <mia@shop.example> έγραψε:",
        "Mia Berg <mia@shop.example> şunları yazdı (2 Haz 2025 10:00):",
        "2025/06/02 10:00、Mia Berg <mia@shop.example>のメール:",
        "2025年6月2日 10:00，Mia Berg <mia@shop.example> 写道：",
        "Mia Berg <mia@shop.example> 於 2025年6月2日 上午10:00 寫道：",
        "2025. 6. 2. 오전 10:00, Mia Berg <mia@shop.example> 작성:",
        "ב-2 ביוני 2025, בשעה 10:00, Mia Berg <mia@shop.example> כתב/ה:",
        "في 2 يونيو 2025، الساعة 10:00، كتب/كتبت Mia Berg <mia@shop.example>:",
        "Dana 2. lip 2025., u 10:00, korisnik Mia Berg <mia@shop.example> je napisao:",
    ],
    "thunderbird": [
        "On 6/2/25 10:00 AM, Mia Berg wrote:",
        "Am 02.06.25 um 10:00 schrieb Mia Berg:",
        "Mia Berg schrieb am 02.06.2025 um 10:00:",
        "Le 02/06/2025 à 10:00, Mia Berg a écrit :",
        "El 02/06/2025 a las 10:00, Mia Berg escribió:",
        "Il 02/06/2025 10:00, Mia Berg ha scritto:",
        "Às 10:00 de 02/06/2025, Mia Berg escreveu:",
        "Op 02-06-2025 om 10:00 schreef Mia Berg:",
        "W dniu 2.06.2025 o 10:00, Mia Berg pisze:",
        "Den 2025-06-02 kl. 10:00, skrev Mia Berg:",
        "Den 02.06.2025 10.00, skrev Mia Berg:",
        "Dne 02. 06. 25 v 10:00 Mia Berg napsal(a):",
        "2025. 06. 02. 10:00 keltezéssel, Mia Berg írta:",
        "02.06.2025 10:00, Mia Berg пишет:",
        "Στις 2/6/2025 10:00 π.μ., ο/η Mia Berg έγραψε:",
        "2.06.2025 10:00 tarihinde Mia Berg yazdı:",
        "在 2025/6/2 10:00, Mia Berg 写道:",
        "於 2025/6/2 上午10:00, Mia Berg 提到:",
        "2025-06-02 10:00에 Mia Berg 이(가) 쓴 글:",
        "Vào 02/06/2025 10:00, Mia Berg đã viết:",
    ],
    "others": [
        "On Monday, June 2, 2025, 10:00:00 AM GMT+2, Mia Berg <mia@shop.example> wrote:",
        "    El lunes, 2 de junio de 2025, 10:00:00 CEST, Mia Berg <mia@shop.example> escribió:  ",
        "On Monday, June 2nd, 2025 at 10:00 AM, Mia Berg <mia@shop.example> wrote:",
        "On 2 Jun 2025, 10:00 +0200, Mia Berg <mia@shop.example>, wrote:",
        "On 2 June 2025 at 10:00:00, Mia Berg (mia@shop.example) wrote:",
        "On June 2, 2025 at 10:00 AM GMT+2 mia@shop.example wrote:",
        "On Jun 2 2025, at 10:00 am, Mia Berg <mia@shop.example> wrote:",
        "---- On Mon, 02 Jun 2025 10:00:00 +0200 Mia Berg <mia@shop.example> wrote ----",
        "---- On Mon, 02 Jun 2025 10:00:00 +0200 Mia Berg <mia@shop.example> wrote ---",
        "On Mon, 2 Jun 2025 10:00:00 +0200 Mia Berg <mia@shop.example> wrote",
        '02.06.2025, 10:00, "Mia Berg" <mia@shop.example>:',
        "10:00, 2 июня 2025 г., Mia Berg <mia@shop.example>:",
        "Понедельник, 2 июня 2025, 10:00 +03:00 от Mia Berg <mia@shop.example>:",
        "Monday, 2 June 2025, 10:00 AM +0200 from Mia Berg <mia@shop.example>:",
        "W dniu 2025-06-02 10:00:00 użytkownik Mia Berg <mia@shop.example> napisał:",
        "Dnia 2 czerwca 2025 10:00 Mia Berg <mia@shop.example> napisał(a):",
        "Op 2 juni 2025 10:00 schreef Mia Berg <mia@shop.example>:",
        '*Von:* "Mia Berg" <mia@shop.example>\n*Gesendet:* 2. Juni 2025 10:00\n*An:* x@y.example',
        'In data 2 giugno 2025 10:00:00 "Mia Berg" <mia@shop.example> ha scritto:',
        "2025/6/2 Mia Berg <mia@shop.example>:",
        "Mia Berg via Shop wrote:",
        "Mia Berg <mia@shop.example> wrote:",
        "Mia Berg <mia@shop.example> schrieb:",
        "Mia Berg<mia@shop.example>wrote:",
    ],
}
CASES = [
    pytest.param(line, id=f"{client}-{number}")
    for client, lines in DATED.items()
    for number, line in enumerate(lines)
]


def shown(text: str) -> str:
    return unfolded(text, find_folds(text))


@pytest.mark.parametrize("line", CASES)
def test_introduced_quotation_folds_marked_or_not(line: str):
    assert shown(f"{NEW}\n\n{line}\n\n> Where is it?\n>\n> Mia\n") == NEW
    assert shown(f"{NEW}\n\n{line}\n\nWhere is it?\n\nMia\n") == NEW
    assert shown(f"{NEW}\n{line}\n> Where is it?\n") == NEW


@pytest.mark.parametrize("line", CASES)
def test_an_introduction_folds_alone_where_nothing_was_written_above(line: str):
    assert shown(f"{line}\n\nIt came today.\n") == "It came today."


def wraps(line: str) -> list[str]:
    """Return a line broken at each blank that a narrow mail program might break it at."""
    spots = [at for at, sign in enumerate(line) if sign == " " and 20 < at < len(line) - 2]
    return [f"{line[:at]}\n{line[at + 1 :]}" for at in spots] + [
        line.replace("<", "<\n"),
        line.replace(">", "\n>"),
        line.replace(" <", "\n<"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        line
        for client in ("gmail", "apple")
        for line in DATED[client]
        if "\n" not in line and not line.endswith("wrote")
    ],
)
def test_wrapped_introductions_fold_whole(line: str):
    for wrapped in wraps(line):
        assert shown(f"{NEW}\n\n{wrapped}\n\n> Where is it?\n") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "I had a look on 2 June 2025 at 10:00, as your colleague wrote:\nit is still broken.",
        "He wrote to bob@shop.example on 2.6.2025 at 10:00 about this:\nnothing came back.",
        "These are the times that suit me:\n- 2.6.2025 10:00\n- 3.6.2025 11:00",
        "On Monday I sent it to <bob@shop.example>, see this:\n\nthe lid is cracked.",
        "My address is\nMia Berg <mia@shop.example>\nplease use it:\n\nthank you",
        "Please send the copy to these people by 5.6.2025:\nbob@shop.example\nann@shop.example",
        "At 10:00 on 2.6.2025 the courier said: nobody at home.\nThat is not true.",
        "The 2025 price list that your team wrote:\n\n1 lid, 5 euro",
        "Am 2.6. hatte ich geschrieben, dass der Deckel fehlt:\nEr fehlt noch immer.",
        "Contact:\nEmail: mia@shop.example\nTime: 10:00 on 2.6.2025\nThanks",
    ],
)
def test_new_text_with_dates_and_addresses_stays(text: str):
    assert find_folds(text) == ()


def test_an_introduction_takes_no_line_of_the_letter_above():
    text = (
        "On 1 June I ordered a lid.\nOn Mon, 2 Jun 2025 at 10:00 Bo <bo@x.example> wrote:\n> hi\n"
    )
    assert shown(text) == "On 1 June I ordered a lid."


def test_titles_over_introductions_over_marks_fold_as_one():
    text = (
        f"{NEW}\n\n------- Original Message -------\n"
        "On Monday, June 2nd, 2025 at 10:00 AM, Bo <bo@x.example> wrote:\n\n> hi\n>\n> Bo\n"
    )
    folds = find_folds(text)
    assert [fold.kind for fold in folds] == [FoldKind.QUOTE]
    assert unfolded(text, folds) == NEW


def test_code_quotes_nothing():
    text = "This fails:\n```\n> run\nFrom: a\nTo: b\nSubject: c\n```\nWhy?"
    assert find_folds(text) == ()

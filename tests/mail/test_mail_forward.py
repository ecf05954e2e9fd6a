"""Forwards made by hand, as the programs of many languages write them into the text."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.mail.forward import find_forwarded

BODY = "The lamp came broken.\nCan you send another one?\n\nThank you"
ANA = Address("Ana Ruiz", "ana@garden.example")
TO = ("shop@lamps.example",)
CC = ("max@garden.example", "eve@garden.example")
PEOPLE = {
    "f": "Ana Ruiz <ana@garden.example>",
    "t": "shop@lamps.example",
    "c": "Max Ruiz <max@garden.example>, Eve <eve@garden.example>",
    "d": "12 March 2024 10:15",
    "s": "Broken lamp",
}


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


APPLE = {
    "da": "Start på videresendt besked:|Fra|Emne|Dato|Til|Cc",
    "hr": "Započni proslijeđenu poruku:|Šalje|Predmet|Datum|Prima|Kopija",
    "hu": "Továbbított levél kezdete:|Feladó|Tárgy|Dátum|Címzett|Másolatot kap",
    "no": "Videresendt melding:|Fra|Emne|Dato|Til|Kopi",
    "pl": "Początek przekazywanej wiadomości:|Od|Temat|Data|Do|DW",
    "pt": "Início da mensagem reencaminhada:|De|Assunto|Data|Para|Cc",
    "pt-br": "Início da mensagem encaminhada:|De|Assunto|Data|Para|Cc",
    "sv": "Vidarebefordrat mejl:|Från|Ämne|Datum|Till|Kopia",
    "tr": "İletilen ileti başlangıcı:|Kimden|Konu|Tarih|Kime|Bilgi",
    "uk": "Початок листа, що пересилається:|Від кого|Тема|Дата|Кому|Копія",
    "el": "Αρχή προωθημένου μηνύματος:|Από|Θέμα|Ημερομηνία|Προς|Κοιν.",
    "ca": "Inici del missatge reenviat:|De|Assumpte|Data|Per a|Cc",
    "zh": "开始转发的邮件：|发件人|主题|日期|收件人|抄送",
    "ja": "転送されたメッセージ：|差出人|件名|日付|宛先|Cc",
    "ko": "전달된 메시지:|보낸 사람|제목|날짜|받는 사람|참조",
}


@pytest.mark.parametrize("words", APPLE.values(), ids=APPLE)
def test_apple_mail_quotes_title_and_header(words: str) -> None:
    title, *names = words.split("|")
    header = "\n".join(f"{name}: {PEOPLE[key]}" for name, key in zip(names, "fsdtc", strict=True))
    found = find_forwarded("", quoted(f"{title}\n\n{header}\n\n{BODY}\n"))
    assert found is not None
    assert (found.sender, found.subject, found.body) == (ANA, "Broken lamp", BODY)
    assert tuple(person.addr for person in found.to) == TO
    assert tuple(person.addr for person in found.cc) == CC
    assert found.message == ""
    assert found.embedded.startswith(names[0])


OUTLOOK = {
    "en": "From|Sent|To|Cc|Subject|FW",
    "cs": "Od|Odesláno|Komu|Kopie|Předmět|FW",
    "da": "Fra|Sendt|Til|Cc|Emne|VS",
    "de": "Von|Gesendet|An|Cc|Betreff|WG",
    "es": "De|Enviado|Para|CC|Asunto|RV",
    "et": "Saatja|Saadetud|Adressaat|Koopia|Teema|Edasi",
    "fi": "Lähettäjä|Lähetetty|Vastaanottaja|Kopio|Aihe|VL",
    "fr": "De|Envoyé|À|Cc|Objet|TR",
    "hr": "Šalje|Poslano|Prima|Kopija|Predmet|FW",
    "hu": "Feladó|Elküldve|Címzett|Másolatot kap|Tárgy|Továbbítás",
    "it": "Da|Inviato|A|Cc|Oggetto|I",
    "nl": "Van|Verzonden|Aan|CC|Onderwerp|FW",
    "no": "Fra|Sendt|Til|Kopi|Emne|Videresend",
    "pl": "Od|Wysłane|Do|DW|Temat|PD",
    "pt": "De|Enviado|Para|Cc|Assunto|FW",
    "pt-br": "De|Enviada em|Para|Cc|Assunto|ENC",
    "ro": "De la|Trimis|Către|Cc|Subiect|FW",
    "ru": "От|Отправлено|Кому|Копия|Тема|FW",
    "sk": "Od|Odoslané|Komu|Kópia|Predmet|FW",
    "sv": "Från|Skickat|Till|Kopia|Ämne|VB",
    "tr": "Gönderen|Gönderildi|Kime|Bilgi|Konu|İLT",
    "uk": "Від|Надіслано|Кому|Копія|Тема|FW",
    "el": "Από|Στάλθηκε|Προς|Κοινοποίηση|Θέμα|ΠΡΘ",
    "ja": "差出人|送信日時|宛先|CC|件名|転送",
    "zh": "发件人|发送时间|收件人|抄送|主题|转发",
    "ko": "보낸 사람|보낸 날짜|받는 사람|참조|제목|전달",
}


@pytest.mark.parametrize("rule", ["", "_" * 32 + "\n"], ids=["plain", "rule"])
@pytest.mark.parametrize("words", OUTLOOK.values(), ids=OUTLOOK)
def test_outlook_header_is_a_forward_under_a_forward_subject(words: str, rule: str) -> None:
    *names, prefix = words.split("|")
    people = {**PEOPLE, "t": "shop@lamps.example <shop@lamps.example>",
              "c": PEOPLE["c"].replace(",", ";")}  # fmt: skip
    header = "\n".join(f"{name}: {people[key]}" for name, key in zip(names, "fdtcs", strict=True))
    text = f"Please answer her.\n\nGreetings\n\n{rule}{header}\n\n{BODY}\n"
    found = find_forwarded(f"{prefix}: Broken lamp", text)
    assert found is not None
    assert (found.sender, found.subject, found.body) == (ANA, "Broken lamp", BODY)
    assert tuple(person.addr for person in found.to) == TO
    assert tuple(person.addr for person in found.cc) == CC
    assert found.message == "Please answer her.\n\nGreetings"
    assert find_forwarded("Re: Broken lamp", text) is None
    assert find_forwarded("Broken lamp", text) is None


DASHED = {
    "gmail": "---------- Forwarded message ---------\nDe: {f}\nDate: {d}\nSubject: {s}\n"
             "To: <{t}>\nCc: {c}\n\n",
    "gmail-et": "---------- Forwarded message ---------\nSaatja: {f}\nDate: {d}\nSubject: {s}\n"
                "To: <{t}>\nCc: {c}\n\n",
    "thunderbird-fr": "-------- Message transféré --------\nSujet : \t{s}\nDate : \t{d}\n"
                      "De : \t{f}\nPour : \t{t}\nCopie à : \t{c}\n\n\n\n",
    "thunderbird-it": "-------- Messaggio Inoltrato --------\nOggetto: \t{s}\nData: \t{d}\n"
                      "Mittente: \t{f}\nA: \t{t}\nCC: \t{c}\n\n\n\n",
    "thunderbird-pl": "--- Treść przekazanej wiadomości ---\nTemat: \t{s}\nData: \t{d}\n"
                      "Nadawca: \t{f}\nAdresat: \t{t}\nKopia: \t{c}\n\n\n\n",
    "thunderbird-hr": "-------- Proslijeđena poruka --------\nNaslov: \t{s}\nDatum: \t{d}\n"
                      "Šalje: \t{f}\nPrima: \t{t}\nCC: \t{c}\n\n\n\n",
    "thunderbird-zh": "-------- 转发的消息 --------\n主题: \t{s}\n日期: \t{d}\n发件人: \t{f}\n"
                      "收件人: \t{t}\n抄送: \t{c}\n\n\n\n",
    "proton": "------- Forwarded Message -------\nFrom: {f}\nDate: On Friday, {d}\nSubject: {s}\n"
              "To: {t}\nCC: {c}\n\n> ",
    "proton-old": "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nFrom: {f}\nSent: {d}\nTo: {t}\nCC: {c}\n"
                  "Subject: {s}\n\n",
    "ionos-de": "> ---------- Ursprüngliche Nachricht ----------\n> Von: {f}\n> An: {t}\n"
                "> CC: {c}\n> Datum: {d}\n> Betreff: {s}\n> \xa0\n> \xa0\n> ",
    "hubspot-pl": "---------- Przekazana wiadomość ---------\nOd: {f}\nData: {d}\nTemat: {s}\n"
                  "Do: {t}\nDW: {c}\n\n",
    "gmx": "Gesendet: {d}\nVon: {f}\nAn: {t}\nCc: {c}\nBetreff: {s}\n\n",
    "starred": "*Von:* {f}\n*Gesendet:* {d}\n*An:* {t}\n*Kopie (CC):* {c}\n*Betreff:* {s}\n\n",
    "spread": "Od: {f}\n\nOdesláno: {d}\n\nKomu: {t}\n\nKopie: {c}\n\nPředmět: {s}\n\n",
    "unknown-title": "======== Weitergereichtes Schreiben ========\nVon: {f}\nDatum: {d}\nAn: {t}\n"
                     "Cc: {c}\nBetreff: {s}\n\n",
}  # fmt: skip


@pytest.mark.parametrize("header", DASHED.values(), ids=DASHED)
def test_header_under_a_title_is_a_forward(header: str) -> None:
    body = BODY.replace("\n", "\n> ") if header.endswith("> ") else BODY
    found = find_forwarded("", f"For you.\n\n{header.format(**PEOPLE)}{body}\n")
    assert found is not None
    assert (found.sender, found.subject, found.body) == (ANA, "Broken lamp", BODY)
    assert tuple(person.addr for person in found.to) == TO
    assert tuple(person.addr for person in found.cc) == CC
    assert found.message == "For you."


YAHOO = {
    "en": "Forwarded message|From|To|Cc|Sent|Subject",
    "fi": "Välitetty viesti|Lähettäjä|Vastaanottaja|Kopio|Lähetetty|Aihe",
    "hu": "Továbbított üzenet|Feladó|Címzett|Másolatot kap|Elküldve|Tárgy",
    "nl": "Doorgestuurd bericht|Van|Aan|Cc|Verzonden|Onderwerp",
    "no": "Videresendt melding|Fra|Til|Kopi|Sendt|Emne",
    "pl": "Przekazana wiadomość|Od|Do|DW|Wysłano|Temat",
    "pt": "Mensagem encaminhada|De|Para|Cc|Enviado|Assunto",
    "sk": "Preposlaná správa|Od|Komu|Kópia|Dátum|Predmet",
    "uk": "Переслане повідомлення|Від|Кому|Копія|Відправлено|Тема",
}


@pytest.mark.parametrize("words", YAHOO.values(), ids=YAHOO)
def test_yahoo_runs_the_fields_together(words: str) -> None:
    title, *names = words.split("|")
    values = (PEOPLE["f"], f'"{TO[0]}" <{TO[0]}>', PEOPLE["c"].replace(",", ";"),
              "tuesday 12 March 2024, 09:26:50 CET", "Broken lamp")  # fmt: skip
    run = "".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    found = find_forwarded("", f"For you.\n\n   ----- {title} ----- {run}\n {BODY}\n")
    assert found is not None
    assert (found.sender, found.subject, found.message) == (ANA, "Broken lamp", "For you.")
    assert tuple(person.addr for person in found.to) == TO
    assert tuple(person.addr for person in found.cc) == CC
    assert found.body.split() == BODY.split()


@pytest.mark.parametrize(
    "line",
    [
        'Am 28.10.21, 12:46 schrieb "Ana Ruiz" <ana@garden.example>:',
        "Op 28/10/2021 12:46 heeft Ana Ruiz <ana@garden.example> geschreven:",
        "Le 28/10/2021 12:46, « Ana Ruiz » <ana@garden.example> a écrit :",
        'El 28/10/21 12:46, "Ana Ruiz" <ana@garden.example> escribió:',
        'Il giorno 28/10/21, 12:46 "Ana Ruiz" <ana@garden.example> ha scritto:',
        "W dniu 28/10/2021 12:46 użytkownik „Ana Ruiz” <ana@garden.example> napisał:",
        "Den 28/10/2021 12.46 skrev Ana Ruiz <ana@garden.example>:",
        "În 28/10/2021, 12:46, Ana Ruiz <ana@garden.example> a scris:",
        "28/10/2021 12:46 tarihinde Ana Ruiz <ana@garden.example> şunu yazdı:",
        "Ana Ruiz <ana@garden.example> skrev den 28/10/2021, 12:46:",
        "Dana 28. 10. 2021. u 12:46, Ana Ruiz <ana@garden.example> napisao je:",
        "On 10/28/21, 12:46 PM, Ana Ruiz <ana@garden.example> wrote:",
        "Dnia 28/10/2021 12:46 „Ana Ruiz” <ana@garden.example> napisał(a):",
        '"Ana Ruiz" <ana@garden.example>, 28/10/2021 tarihinde saat 12:46 şunları yazdı:',
        '28/10/2021, 12:46, користувач "Ana Ruiz" <ana@garden.example> пише:',
        '28/10/2021 12:46, "Ana Ruiz" <ana@garden.example> qalamga oldi:',
    ],
)
def test_forward_quoted_like_an_answer(line: str) -> None:
    indented = "\n".join(f"    {each}" if each else "" for each in BODY.split("\n"))
    text = f"Yours.\n\n\ufeff{line}\n\n{indented}\n"
    found = find_forwarded("FW: Broken lamp", text)
    assert found is not None
    assert (found.sender, found.subject, found.body) == (ANA, "Broken lamp", BODY)
    assert found.message == "Yours."
    assert find_forwarded("Re: Broken lamp", text) is None
    assert find_forwarded("", text) is None


def test_address_in_the_name_of_a_quoted_author_is_not_theirs() -> None:
    line = "On Fri, 20 Nov 2026 at 08:12, Bo <bo@x.example> <ana@garden.example> wrote:"
    found = find_forwarded("Fwd: Broken lamp", f"See below.\n\n{line}\n\n> Hello.\n")
    assert found is not None
    assert found.sender.addr == ANA.addr


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ana Ruiz [mailto:ana@garden.example]", ANA),
        ("Ana Ruiz<mailto:ana@garden.example> <ana@garden.example<mailto:ana@garden.example>> on "
         "behalf of shop@lamps.example", ANA),
        ('"Ana Ruiz" <ana@garden.example [1]>', ANA),
        ("'Ana Ruiz' (ANA@garden.example)", ANA),
        ("[ana@garden.example](mailto:ana@garden.example)", Address("", ANA.addr)),
        ("ana@garden.example <ana@garden.example>", Address("", ANA.addr)),
        ("<ana@garden.example>", Address("", ANA.addr)),
        ("ana@garden.example", Address("", ANA.addr)),
        ("Ruiz, Ana <ana@garden.example>", Address("Ruiz, Ana", ANA.addr)),
        ("Ana Ruiz", Address("Ana Ruiz", "")),
        ("Bo <bo@x.example> <ana@garden.example>", Address("Bo <bo@x.example>", ANA.addr)),
        ('"Bo (bo@x.example)" <ana@garden.example>', Address("Bo <bo@x.example>", ANA.addr)),
        ("Bo <bo@x.example> via Shop <ana@garden.example>",
         Address("Bo <bo@x.example> via Shop", ANA.addr)),
    ],
)  # fmt: skip
def test_author_is_read_however_it_is_written(value: str, expected: Address) -> None:
    found = find_forwarded(
        "Fwd: x", f"From: {value}\nDate: today\nTo: me@x.example\nSubject: x\n\ny"
    )
    assert found is not None
    assert found.sender == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ruiz, Ana <a@x.example>, b@x.example <b@x.example>", "a@x.example b@x.example"),
        ("a@x.example, Ben <b@x.example>; <c@x.example>;", "a@x.example b@x.example c@x.example"),
        ("'a@x.example' <a@x.example>, \"'b@x.example'\" <b@x.example>", "a@x.example b@x.example"),
        ("Ana, Ruiz<a@x.example>", "a@x.example"),
        ("Sales; Support", ""),
    ],
)
def test_recipients_are_read_however_they_are_written(value: str, expected: str) -> None:
    found = find_forwarded(
        "Fwd: x", f"From: a <q@x.example>\nTo: {value}\nDate: d\nSubject: x\n\ny"
    )
    assert found is not None
    assert [person.addr for person in found.to] == expected.split()


def test_folded_fields_are_one() -> None:
    text = (
        "---------- Forwarded message ----------\nFrom: Ana Ruiz\n <ana@garden.example>\n"
        "Date: today\nSubject: A subject that\ngoes on below\nTo: a@x.example,\nb@x.example\n\n\nHi"
    )
    found = find_forwarded("", text)
    assert found is not None
    assert found.sender == ANA
    assert found.subject == "A subject that goes on below"
    assert [person.addr for person in found.to] == ["a@x.example", "b@x.example"]
    assert found.body == "Hi"


def test_header_without_an_empty_line_below_ends_where_the_fields_end() -> None:
    text = "De : Ana <a@x.example>\nDate : hier\nÀ : b@x.example\nObjet : Lampe\nBonjour\n\nMerci"
    found = find_forwarded("TR: Lampe", text)
    assert found is not None
    assert (found.subject, found.body) == ("Lampe", "Bonjour\n\nMerci")


def test_what_stands_below_the_quotation_is_the_forwarders_own() -> None:
    inner = "Begin forwarded message:\n\nFrom: Ana <a@x.example>\nDate: d\nSubject: x\n\nHello"
    found = find_forwarded("Fwd: x", f"Look.\n\n{quoted(inner)}\n\nBo\nShop\n")
    assert found is not None
    assert (found.body, found.message) == ("Hello", "Look.\n\nBo\nShop")
    wrapped = find_forwarded("Fwd: x", f"{quoted(inner)}\nand more\n> of it")
    assert wrapped is not None
    assert wrapped.body == "Hello\nand more\nof it"


def test_first_of_several_headers_is_the_forwarded_mail() -> None:
    older = "From: Old <old@x.example>\nDate: d\nTo: c@x.example\nSubject: Re: x\n\nolder"
    text = f"From: Ana <a@x.example>\nDate: d\nTo: b@x.example\nSubject: x\n\nnewer\n\n{older}\n"
    found = find_forwarded("FW: x", text)
    assert found is not None
    assert found.sender.addr == "a@x.example"
    assert found.body == f"newer\n\n{older}"

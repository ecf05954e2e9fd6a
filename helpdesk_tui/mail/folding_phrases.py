"""The words by which mail programs introduce quoted history and signatures, by language.

Everything is lower case. Adding a language is adding lines here.
"""

from __future__ import annotations

WROTE = (
    "wrote", "writes", "said", "schrieb", "schreibt", "hat geschrieben", "a écrit", "a ecrit",
    "écrit", "escribió", "escribio", "escribe", "ha scritto", "scrive", "scritto", "escreveu",
    "schreef", "heeft geschreven", "het volgende geschreven", "napisał", "napisała", "napisał(a)",
    "pisze", "skrev", "kirjoitti", "napsal", "napsala", "napsal(a)", "napísal", "написал",
    "написала", "пишет", "пише", "написав", "a scris", "yazdı", "írta", "wrote the following",
    "γράψε", "έγραψε", "写道", "寫道", "viết", "のメール", "さんは書きました", "님이 작성",
)  # fmt: skip
"""Ends of the line before a quotation ("On Monday, Ana wrote:")."""

STARTS = (
    "on", "am", "le", "el", "il", "em", "op", "w dniu", "dnia", "den", "dne", "pe", "ti", "ke",
    "to", "la", "su", "på", "ons", "tis", "tor", "fre", "lør", "lör", "søn", "sön", "man", "mån",
    "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "data", "vào", "в", "le", "at", "in", "2",
    "1", "0", "3",
)  # fmt: skip
"""Beginnings of such a line; digits for dates written first."""

ORIGINAL = (
    "original message", "original appointment", "forwarded message", "reply message",
    "ursprüngliche nachricht", "ursprungliche nachricht", "originalnachricht",
    "original-nachricht", "weitergeleitete nachricht", "message d'origine", "message original",
    "message d’origine", "message transféré", "mensaje original", "mensaje reenviado",
    "messaggio originale", "messaggio inoltrato", "mensagem original", "mensagem encaminhada",
    "mensagem reencaminhada", "oorspronkelijk bericht", "oorspronkelijke bericht",
    "doorgestuurd bericht", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana",
    "treść oryginalnej wiadomości", "ursprungligt meddelande", "originalmeddelande",
    "vidarebefordrat meddelande", "oprindelig meddelelse", "videresendt meddelelse",
    "original meddelelse", "opprinnelig melding", "videresendt melding", "alkuperäinen viesti",
    "välitetty viesti", "původní zpráva", "přeposlaná zpráva", "původní e-mail",
    "исходное сообщение", "пересланное сообщение", "original email", "原始邮件", "原始郵件",
    "original mail",
)  # fmt: skip
"""Titles between dashes above a quoted or forwarded mail."""

FORWARDED = (
    "forwarded message", "begin forwarded message", "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht", "message transféré", "début du message réexpédié",
    "début du message transféré", "mensaje reenviado", "inicio del mensaje reenviado",
    "messaggio inoltrato", "inizio messaggio inoltrato", "mensagem encaminhada",
    "mensagem reencaminhada", "início da mensagem reencaminhada", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "wiadomość przekazana", "przekazana wiadomość",
    "początek przekazywanej wiadomości", "vidarebefordrat meddelande",
    "vidarebefordrat brev", "videresendt meddelelse", "start på videresendt besked",
    "videresendt melding", "videresendt e-post", "välitetty viesti",
    "välitetty viesti alkaa", "přeposlaná zpráva", "začátek přeposílané zprávy",
    "пересланное сообщение", "перенаправленное сообщение", "переслане повідомлення",
    "转发邮件", "已转发邮件", "轉寄郵件", "転送メッセージ",
)  # fmt: skip
"""Titles above a mail forwarded by hand."""

FROM = ("from", "von", "de", "da", "van", "od", "från", "fra", "lähettäjä", "от", "发件人",
        "寄件者", "差出人", "보낸 사람",
        "gönderen", "expéditeur", "feladó", "από", "від")  # fmt: skip
SENT = ("sent", "date", "gesendet", "datum", "envoyé", "envoye", "enviado", "enviado el",
        "enviado em", "enviada", "enviada em", "fecha", "inviato", "data", "verzonden",
        "wysłano", "skickat", "sendt", "dato", "lähetetty", "päivämäärä", "päiväys", "odesláno",
        "отправлено", "дата", "发送时间", "傳送時間", "日期", "送信日時", "보낸 날짜", "tarih",
        "gönderildi", "date d'envoi", "envoyé le", "inviato il", "надіслано")  # fmt: skip
TO = ("to", "an", "à", "a", "para", "aan", "do", "till", "til", "vastaanottaja", "komu", "кому",
      "收件人", "宛先", "받는 사람", "kime", "destinataire", "cc", "kopie", "copie")  # fmt: skip
SUBJECT = ("subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "temat",
           "ämne", "emne", "aihe", "předmět", "тема", "主题", "主旨", "件名", "제목",
           "konu", "re")  # fmt: skip

SENT_FROM = (
    "sent from my", "sent from mail for", "sent from outlook", "sent from yahoo",
    "sent via", "sent with", "get outlook for", "sent from samsung", "sent from proton",
    "sent from a", "von meinem", "gesendet von", "gesendet mit", "diese nachricht wurde von",
    "envoyé de mon", "envoyé depuis", "envoyé à partir", "enviado desde", "enviado de meu",
    "enviado do meu", "enviado a partir", "inviato da", "inviato dal", "verzonden vanaf",
    "verstuurd vanaf", "verzonden met", "wysłane z", "wysłano z", "skickat från", "skickad från",
    "sendt fra", "lähetetty", "hanki outlook", "odesláno z", "obtenir outlook", "obtener outlook",
    "outlook für", "télécharger outlook", "scarica outlook", "отправлено с", "send from my",
    "发自我的", "iphoneから送信", "mobil gesendet", "posted from my",
)  # fmt: skip
"""Beginnings of the line a telephone or mail program adds."""

FORWARD_PREFIXES = (
    "fwd", "fw", "forward", "wg", "weitergeleitet", "tr", "rv", "reenviado", "i", "inoltra",
    "enc", "encaminhada", "doorst", "doorgestuurd", "pd", "vs", "vl", "vb", "vidarebefordrat",
    "videresendt", "přeposláno", "fs", "fwd.", "轉寄", "转发", "転送",
)  # fmt: skip
"""Subject prefixes of a forward."""

"""Signs by which a delivery report is told from a mail about one: structure first, words second."""

from __future__ import annotations

import re

from helpdesk_tui.mail.headers import Headers

LOOK = 4_000
"""Characters of a text in which its report shape is looked for."""

_DAEMONS = re.compile(
    r"^(?:mail(?:er)?[-_. ]?(?:daemon|delivery)|post[-_. ]?master|maildaemon|mdaemon"
    r"|mail[-_.]?system|microsoftexchange[0-9a-f]{8,40}"
    r"|mail\.delivery\.system|bounce[-_.]?daemon|smtp[-_.]?daemon|interscan\w*)(?:$|[-_.+@\d])",
    re.IGNORECASE,
)
_MAILER = re.compile(r"^mail(?:er)?[-_. ]?daemon", re.IGNORECASE)
_NAMES = re.compile(
    r"mail(?:er)?[-_ ]?(?:delivery|deliver|daemon)|delivery (?:sub)?system|undeliver|post ?master"
    r"|microsoft outlook"
    r"|mail administrator|system administrator|interscan|internet mail delivery|trend ?micro|mail"
    r" system|email"
    r" delivery",
    re.IGNORECASE,
)
_ROBOT_REPORTER = re.compile(
    r"^(?:no[-_.]?reply|sys(?:tem)?[-_.]?admin(?:istrator)?|robot|system|administrator|mailadmin"
    r"|email-delivery|bounces?|notification)(?:$|[-_.+])",
    re.IGNORECASE,
)
_SUBJECT_STARTS = (
    "undeliverable", "undelivered mail", "undelivered message", "delivery status notification",
    "delivery failure", "delivery notification", "mail delivery", "returned mail", "failure notice",
    "mail system error", "unzustellbar", "non remis", "échec de", "no se puede entregar",
    "non recapitabile", "não é possível entregar", "onbestelbaar", "недоставлен",
    "notice: mail delivery status", "postmaster notify", "delivery report", "non-delivery",
    "nondeliverable", "message undeliverable", "warning: could not send message",
    "wiadomość niedostarczona", "[postmaster] email delivery", "message status - undeliverable",
    "permanent delivery failure", "mail could not be delivered",
    "there was an error sending your mail", "email delivery failure", "系统退信",
    "message delivery failure", "niedostarczon", "olevererbart",
)  # fmt: skip
_REPLY_PREFIX = re.compile(
    r"^(?:re|fwd?|aw|wg|tr|rv|sv|vs|vb|antw|odp|pd|res|enc|rif|i|r|回复|回覆|转发|轉寄|ответ"
    r"|ha)\s?(?:\[\d+\])?\s?[:：]",
    re.IGNORECASE,
)
SUBJECTS = (
    "undeliver", "delivery status", "delivery failure", "delivery failed", "mail delivery",
    "returned mail", "failure notice", "delivery notification", "mail system error",
    "returned to sender", "return to sender", "could not be delivered", "couldn't be delivered",
    "non delivery", "non-delivery", "nondeliver", "delivery report", "delivery error",
    "mail could not", "message could not", "unzustellbar", "nicht zustellbar", "nicht zugestellt",
    "fehler bei der zustellung", "zustellung fehlgeschlagen", "zustellungsfehler", "non remis",
    "non distribu", "échec de la remise", "échec de remise", "échec d'envoi",
    "no se puede entregar", "no entregado", "no se ha podido entregar", "error de entrega",
    "mancato recapito", "impossibile recapitare", "non recapitabile", "notifica di mancat",
    "não entregue", "não foi entregue", "falha na entrega", "não é possível entregar",
    "onbestelbaar", "niet bezorgd", "niet te bezorgen", "niedostarczon", "nie można dostarczyć",
    "nie dostarczon", "olevererbart", "kunde inte levereras", "kan inte levereras",
    "kan ikke leveres", "kunne ikke leveres", "ikke leveret", "ikke levert", "ei voitu toimittaa",
    "perille toimittamat", "nedoručiteln", "nelze doručit", "kézbesíthetetlen", "недоставлен",
    "не доставлен", "teslim edilemedi", "delivery delay", "message delay", "mail delay",
    "delayed mail", "warning: could not send", "warning: message", "mail failed", "mail failure",
    "failed mail", "message delivery", "delivery has failed", "not delivered",
    "error sending your mail", "bounce", "rejected mail", "delivery problem", "message status",
    "could not be sent", "blocked by our", "unsolicited bulk email, apparently from you",
    "banned contents", "see transcript for details", "undeliverable message", "配信できません",
    "エラーメール",
    "メールエラー", "送信できません", "配信不能", "配信に失敗", "配信失敗", "退信", "无法投递",
    "無法傳遞", "投递失败", "배달되지", "전송 실패",
    "لم يتم تسليم",
)  # fmt: skip
SHAPES = (
    "mail system at host", "mail gateway at host", "security gateway at host", "qmail-send program",
    "this is the mailer-daemon", "created automatically by mail delivery",
    "to inform you that your message could not", "to tell you that your message",
    "to inform you that the message", "delivery has failed to these recipients",
    "did not reach the following recipient", "has been delayed to the following",
    "following addresses had permanent", "following addresses had delivery",
    "following addresses had fatal", "following addresses had transient",
    "transcript of session follows", "addresses had problems", "the following message to <",
    "was undeliverable", "delivery to the following recipient",
    "delevery to the following recipient", "cannot be delivered to the following",
    "could not be delivered to the following", "following recipient(s) could not be reached",
    "unable to deliver message to", "unable to deliver your message",
    "unable to deliver the message", "was not delivered to", "message was not delivered",
    "not able to be delivered", "wasn't able to deliver", "could not be delivered to one or more",
    "could not be delivered to all", "unable to be delivered",
    "there was an error delivering your mail", "an error occurred while trying to deliver",
    "error has occurred while attempting to deliver", "we had trouble delivering",
    "your mail message to the following address", "delivery attempts to the following",
    "failed to deliver to", "failure reasons", "non-delivered information",
    "following recipients was rejected", "could not be delivered to:",
    "your message could not be sent", "message could not be sent", "message could not be delivered",
    "could not be delivered because of", "recipients were affected",
    "rejected your message to the following", "final-recipient:", "was automatically rejected",
    "error message below:", "message could not be delivered to mobile", "failed recipient(s):",
    "original message follows", "your message to:", "address not found", "message not delivered",
    "message blocked", "mail sent on:", "message wasn't delivered",
    "your message cannot be delivered", "message is delayed for more", "has not been delivered",
    "has not yet been delivered", "undeliverable mail", "unknown user:", "sent <<< ",
    "the user(s) account", "following destination addresses were unknown", "addressed to:",
    "your e-mail message was not delivered", "konnte nicht zugestellt werden",
    "fehler bei der nachrichtenzustellung", "fehler bei der zustellung", "nicht übermittelt werden",
    "échec de la remise", "n'a pas pu être remis", "n'a pas été remis", "no se pudo entregar",
    "no se ha podido entregar", "error de entrega", "non è stato possibile recapitare",
    "impossibile recapitare", "não pôde ser entregue", "não foi possível entregar",
    "falha na entrega", "kon niet worden bezorgd", "niet worden afgeleverd",
    "nie mogła zostać dostarczona", "nie można dostarczyć", "nie powiodło się dostarcz",
    "kunde inte levereras", "kunne ikke leveres", "ei voitu toimittaa", "nelze doručit",
    "не может быть доставлен", "не удалось доставить", "не может быть отправлено",
    "送信できませんでした",
    "送信に失敗しました", "配信できませんでした", "配送できませんでした", "届けることができません",
    "无法投递", "無法傳遞", "无法送达",
)  # fmt: skip
_LIST_REFUSALS = (
    "not a member of this mailing list", "are not member", "not ml article",
    "duplicated message-id in", "loop alert", "illegal from", "your mail is too large",
    "invalid message-id", "has been rejected by the mailing list",
    "message to this list was rejected", "loop back warning", "unix from loop", "server panics",
    "postings to this list are restricted", "you are not allowed to post",
    "not allowed to post to this mailing list",
)  # fmt: skip
_PASSED_ON = re.compile(
    r"^[ \t]*-{0,20} ?(?:begin forwarded|forwarded (?:message|by)|start of forwarded"
    r"|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten|message transféré|mensaje reenviado|messaggio inoltrato"
    r"|mensagem encaminhada"
    r"|doorgestuurd bericht|przekazana wiadomo|vidarebefordrat|пересылаемое|from:.{0,200}\nsent:)",
    re.MULTILINE,
)
_LIST_PROGRAMS = (b"x-mlserver", b"x-mailman-version", b"x-listserver", b"x-sympa-version")
_EMPTY_PATHS = (b"<>", b"<mailer-daemon>", b"mailer-daemon")


def starts_as_report(subject: str) -> bool:
    """Tell whether a subject begins as only mail servers begin one."""
    return subject.lower().startswith(_SUBJECT_STARTS)


def is_mailer(sender: str, name: str) -> bool:
    """Tell whether the sender is a mail server's own address, which people never write from."""
    local = sender.partition("@")[0]
    return bool(_MAILER.match(local)) or (not sender and bool(_MAILER.match(name.strip("<> "))))


def is_daemon(sender: str, name: str) -> bool:
    """Tell whether the sender looks like a mail server or the person who runs one."""
    return bool(_DAEMONS.match(sender.partition("@")[0])) or bool(name and _NAMES.search(name))


def is_robot_reporter(sender: str) -> bool:
    """Tell whether the sender is one of the odd names that some servers report under."""
    return bool(_ROBOT_REPORTER.match(sender.partition("@")[0]))


def has_empty_path(headers: Headers) -> bool:
    """Tell whether the mail asks for no answer at all: the empty return path of RFC 5321."""
    return headers.first(b"return-path").strip().lower() in _EMPTY_PATHS


def said_in_subject(subject: str) -> str:
    """Return the words of a subject that say a mail did not arrive; replies say nothing."""
    if _REPLY_PREFIX.match(subject):
        return ""
    lower = subject.lower()
    return next((words for words in SUBJECTS if words in lower), "")


def said_in_text(text: str) -> str:
    """Return the words of a text that reports of mail servers begin with."""
    lower = text[:LOOK].lower()
    if "@" not in lower and "<" not in lower:
        return ""
    lower = _PASSED_ON.split(lower, maxsplit=1)[0]
    joined = " ".join(
        [word for line in lower.split("\n") if line[:1] != ">" for word in line.split()]
    )
    return next((words for words in SHAPES if words in joined), "")


def refused_by_list(headers: Headers, subject: str, text: str) -> str:
    """Return the words by which the program of a mailing list refuses a mail."""
    if not any(name in headers for name in _LIST_PROGRAMS):
        return ""
    lower = f"{subject}\n{text[:LOOK]}".lower()
    return next((words for words in _LIST_REFUSALS if words in lower), "")

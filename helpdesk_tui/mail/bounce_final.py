"""Whether a report is the last word on a mail, or the server that wrote it goes on trying."""

from __future__ import annotations

import re

_TRYING = ("delay", "defer", "transient", "queued", "retry", "warning")
"""How the Action field of a report begins that is only a warning."""
_MAX_WORDS = 20_000
_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:"
    r"(?:mail |message )?delivery (?:is |has been )?delayed|delayed (?:mail|message|delivery)"
    r"|(?:mail |message )?delivery (?:delay|incomplete|warning)|(?:message|mail) delay"
    r"|(?:mail )?delivery status notification\s{0,2}(?:\((?:delay|mail delay|warning)\w*\)"
    r"|: ?(?:delayed|warning))"
    r"|warning: (?:could not send|message\b|mail\b|e-?mail\b|delivery|your mail)"
    r"|(?:zustellung|nachricht|e-?mail)\w{0,20} verzöger|verzögert"
    r"|(?:remise|livraison|envoi)\b.{0,30}\b(?:retard|différ)"
    r"|(?:entrega|envío|envio)\b.{0,30}\b(?:retras|demora|atras|adiad|incomplet)"
    r"|(?:consegna|recapito)\b.{0,30}\britard"
    r"|(?:bezorging|levering|aflevering)\b.{0,30}\bvertraagd"
    r"|(?:dostarczenie|dostarczanie|doręczenie)\b.{0,30}\b(?:opóźni|odroczon)"
    r"|(?:leverans|levering)\w{0,6}\b.{0,30}\b(?:försen|fördröj|forsink)"
    r"|доставка\b.{0,30}\b(?:задерж|отложен)|配信(?:が)?遅延|配送延迟|传递延迟|傳遞延遲"
    r")",
    re.IGNORECASE,
)
"""A subject that says the mail is late; what stands behind a colon may be the mail's own."""
_WARNINGS = (
    "this is a warning only", "this is a warning message only", "warning message only",
    "do not need to resend", "don't need to resend", "need not resend", "no need to resend",
    "not necessary to resend", "not yet been delivered", "hasn't been delivered yet",
    "has not been delivered yet", "could not be delivered yet", "not been able to deliver yet",
    "delivery is delayed", "delivery of your message is delayed", "message is delayed",
    "message has been delayed", "mail has been delayed", "delivery has been delayed",
    "has been delayed to the following", "still trying", "still being tried", "still attempting",
    "is still in the queue", "continue to be attempted", "delivery attempts will continue",
    "attempts will be made", "continue trying", "continue to try", "continue attempting",
    "keep trying", "will be retried", "will retry", "will try again", "will be tried again",
    "is being retried", "will be attempted again", "will attempt to deliver",
    "temporary problem delivering", "no action is required on your part",
    "you will be notified if", "you'll be notified if",
    "weiterhin versucht", "wird erneut versucht", "zustellung verzögert", "ist verzögert",
    "noch nicht zugestellt", "weitere zustellversuche", "nicht erneut senden",
    "n'a pas encore été", "sera retent", "nouvelle tentative", "nouvelles tentatives",
    "continuera d'essayer", "est retardé", "a été retardé", "pas besoin de renvoyer",
    "todavía no se ha", "aún no se ha", "se seguirá intentando", "se volverá a intentar",
    "seguiremos intentando", "se ha retrasado", "no es necesario que reenvíe",
    "non è stato ancora", "non è ancora stat", "verranno effettuati altri tentativi",
    "continuerà a tentare", "è in ritardo", "non è necessario inviare di nuovo",
    "ainda não foi", "continuará tentando", "continuaremos tentando", "será tentad",
    "está atrasad", "não é necessário reenviar",
    "nog niet bezorgd", "nog niet afgeleverd", "opnieuw geprobeerd", "is vertraagd",
    "jeszcze nie została dostarczona", "ponowi prób", "ponawiać prób", "próby będą",
    "została opóźniona", "nie trzeba wysyłać",
    "ännu inte levererats", "har ännu inte", "fortsätter att försöka", "kommer att försöka",
    "endnu ikke", "ennå ikke", "forsøger igen", "ei ole vielä", "zatím nebyl",
    "ещё не доставлен", "еще не доставлен", "попытки доставки будут", "повторит попыт",
    "повторные попытки", "再送を試み", "再度配信", "配信が遅延", "将继续尝试", "將繼續嘗試",
    "尚未送达", "尚未傳遞",
)  # fmt: skip
"""What a server says that has not given up."""
_GIVEN_UP = (
    "giving up", "given up", "gave up", "will not be retried", "will not retry",
    "no further attempts", "no more attempts", "not going to try", "stopped trying",
    "will be deleted from", "removed from the queue",
    "removed from queue", "retry timeout exceeded", "retry time exceeded",
    "this is a permanent error", "been in the queue too long",
    "keine weiteren versuche", "kein weiterer versuch", "aucune autre tentative",
    "no se volverá a intentar", "non verranno effettuati", "geen verdere pogingen",
)  # fmt: skip
"""What one says that has, whatever it says of its tries before."""


def gave_up(action: str, subject: str, report: str) -> bool:
    """Tell whether nobody tries to deliver the mail any longer, whatever the reason was.

    Args:
        action: The Action field (RFC 3464), which settles it; empty where the report has none.
        subject: Subject of the report.
        report: The report's own words, without the mail given back.
    """
    if action:
        return not action.strip().startswith(_TRYING)
    if _SUBJECT.match(subject):
        return False
    words = " ".join(report[:_MAX_WORDS].lower().replace("’", "'").split())
    if any(map(words.__contains__, _GIVEN_UP)):
        return True
    return not any(map(words.__contains__, _WARNINGS))

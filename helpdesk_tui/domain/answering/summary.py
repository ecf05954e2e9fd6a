"""The note with which a chat is handed over to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from helpdesk_tui.domain.answering.conduct import Reason
from helpdesk_tui.domain.text import clean, shorten

_LONGEST_LINE = 300
_MOST_LINES = 12

_HEADS: Mapping[str, tuple[str, str, str]] = {
    "en": ("The visitor asked:", "The assistant answered from:", "It also looked at:"),
    "pl": ("Klient pytał:", "Asystent odpowiedział z:", "Sprawdził także:"),
    "sv": ("Kunden frågade:", "Assistenten svarade från:", "Den tittade också på:"),
    "pt": ("O cliente perguntou:", "O assistente respondeu com:", "Também consultou:"),
}
_REASONS: Mapping[str, Mapping[Reason, str]] = {
    "en": {
        Reason.ASKED: "Handed over: the visitor asks for a person.",
        Reason.UNSURE: "Handed over: the assistant is not sure enough.",
        Reason.MISSES: "Handed over: the assistant had no answer twice in a row.",
        Reason.NOT_HELPED: "Handed over: the answer did not help.",
        Reason.REPEATED: "Handed over: the visitor asks the same again.",
        Reason.FILES: "Handed over: the visitor sent a file.",
        Reason.LEFT: "The visitor left without an answer.",
        Reason.OFF: "Handed over: the assistant was switched off.",
    },
    "pl": {
        Reason.ASKED: "Przekazano: klient prosi o człowieka.",
        Reason.UNSURE: "Przekazano: asystent nie ma pewności.",
        Reason.MISSES: "Przekazano: asystent dwa razy z rzędu nie znał odpowiedzi.",
        Reason.NOT_HELPED: "Przekazano: odpowiedź nie pomogła.",
        Reason.REPEATED: "Przekazano: klient pyta ponownie o to samo.",
        Reason.FILES: "Przekazano: klient przysłał plik.",
        Reason.LEFT: "Klient wyszedł bez odpowiedzi.",
        Reason.OFF: "Przekazano: asystent został wyłączony.",
    },
    "sv": {
        Reason.ASKED: "Överlämnad: kunden vill tala med en människa.",
        Reason.UNSURE: "Överlämnad: assistenten är inte säker nog.",
        Reason.MISSES: "Överlämnad: assistenten saknade svar två gånger i rad.",
        Reason.NOT_HELPED: "Överlämnad: svaret hjälpte inte.",
        Reason.REPEATED: "Överlämnad: kunden frågar samma sak igen.",
        Reason.FILES: "Överlämnad: kunden skickade en fil.",
        Reason.LEFT: "Kunden gick utan svar.",
        Reason.OFF: "Överlämnad: assistenten stängdes av.",
    },
    "pt": {
        Reason.ASKED: "Transferido: o cliente pede uma pessoa.",
        Reason.UNSURE: "Transferido: o assistente não tem certeza.",
        Reason.MISSES: "Transferido: o assistente não soube responder duas vezes seguidas.",
        Reason.NOT_HELPED: "Transferido: a resposta não ajudou.",
        Reason.REPEATED: "Transferido: o cliente pergunta o mesmo de novo.",
        Reason.FILES: "Transferido: o cliente enviou um arquivo.",
        Reason.LEFT: "O cliente saiu sem resposta.",
        Reason.OFF: "Transferido: o assistente foi desativado.",
    },
}


def summary(
    reason: Reason,
    *,
    language: str,
    asked: Sequence[str],
    answered: Iterable[str],
    looked_at: Iterable[str],
) -> str:
    """Return what people read of a chat that is handed over to them.

    Args:
        reason: Why.
        language: Of the desk: ``en``, ``pl``, ``sv`` or ``pt``.
        asked: What the visitor wrote, oldest first.
        answered: Names of what was answered with.
        looked_at: Names of what fitted best and was not given.
    """
    given = [*dict.fromkeys(answered)]
    others = [each for each in dict.fromkeys(looked_at) if each not in given]
    lines = [_REASONS[language][reason]]
    for head, found in zip(_HEADS[language], (asked, given, others), strict=True):
        if found:
            lines += ["", head, *(_line(each) for each in found[-_MOST_LINES:])]
    return "\n".join(lines)


def _line(text: str) -> str:
    return f"- {shorten(' '.join(clean(text).split()), _LONGEST_LINE)}"

"""Messages that only say thank you: they need no answer, so a desk may leave them closed."""

from __future__ import annotations

import re

_LONGEST = 240
_MOST_WORDS = 30
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_THANK_WORDS = """
    thanks thank thx ty tysm cheers danke dankeschön dank vielen merci gracias obrigado obrigada
    grazie dzięki dziękuję dziekuje dzieki tack tusen takk bedankt dankjewel dankuwel kiitos děkuji
    děkuju dík díky ďakujem köszönöm mulțumesc multumesc teşekkürler teşekkür спасибо дякую
    благодарю ευχαριστώ hvala ačiū paldies aitäh
"""
_THANKS = frozenset(_THANK_WORDS.split())
_FILLING_WORDS = """
    a again all alles also amazing an and appreciate appreciated as at awesome back best
    brilliant by bye con day días de die dir du eine einen en excellent fast for from fixed fine
    friendly fue für gentilezza got good gut gute great guten happy have help helped helpful helping
    hi hello hallo hej hola ich ihnen is it its it's i i'm jättemycket kind kindly kindness la lot
    lots lovely love lovely many merry mit much muito muchas mycket molto mille moc mucho my
    nice of och ok okay okej on our pan pani par para perfect perfecto perfekt por pour
    prompt quick quickly ready received regards reply response resolved right schnelle schnell sehr
    service servus so solved sounds speedy sorted så super support taki tak team that that's thats
    the this to todo tout toll top tudo und very vielen viel voor votre wam wielkie wir with
    wonderful work working works worked worry wszystko wünsche yes you your yours youre za zu
    a bardzo serdecznie za pomoc szybką odpowiedź pozdrawiam pozdrowienia miłego dnia
    herzlichen herzliche lieben liebe grüße gruß schönen tag noch hilfe antwort rückmeldung
    beaucoup aide réponse cordialement bonne journée bien rapide parfait
    ayuda respuesta saludos buen día gran pela ajuda resposta abraço abraços bom dia
    per l'aiuto aiuto risposta saluti cordiali buona giornata
    hjälpen hjälp svaret hälsningar vänliga ha en bra dag för snabbt
    hulp snelle reactie groeten fijne dag hjelpen hjælpen svar hilsen god dag
    sincerely cheers xx x
"""
_FILLING = frozenset(_FILLING_WORDS.split())
_GREETING = re.compile(
    r"\A\s*(?:hi|hello|hey|dear|hallo|liebe[rs]?|guten tag|bonjour|salut|hola|ol[aá]|ciao|cześć|"
    r"dzień dobry|hej|hoi|beste|moi)\b[^\n]{0,40}(?:[,!:]\s|\n)",
    re.IGNORECASE,
)
_NAME_AFTER = re.compile(
    r"\b((?i:thanks|thank you|thx|danke|merci|gracias|obrigad[oa]|grazie|dzięki|tack|bedankt))[ ,]+"
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d_]{1,20}(?=\s*(?:[!.,]|\n|\Z))"
)


def is_gratitude(text: str, name: str = "") -> bool:
    """Tell whether a message says thank you and nothing else.

    Every word has to be a known one, a question mark or a digit decides against it: a request
    that is taken for thanks would be worse than thanks that reopen a ticket.

    Args:
        text: What the sender newly wrote.
        name: The sender's name, which may stand below.
    """
    body = text.strip()
    if not body or len(body) > _LONGEST or "?" in body or "？" in body:
        return False
    if any(char.isdigit() for char in body):
        return False
    body = _NAME_AFTER.sub(r"\1", _GREETING.sub("", body, count=1))
    words = [word.lower().replace("’", "'") for word in _WORD.findall(body)]
    known = {word.lower() for word in _WORD.findall(name)}
    if len(words) > _MOST_WORDS or _THANKS.isdisjoint(words):
        return False
    return all(word in _THANKS or word in _FILLING or word in known for word in words)

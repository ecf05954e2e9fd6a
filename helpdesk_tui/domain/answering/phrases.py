"""What the responder says of itself, in the languages that it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Saying(StrEnum):
    """The few things that it says in its own name."""

    GREETING = "greeting"
    THANKS = "thanks"
    REPHRASE = "rephrase"
    SOLVED = "solved"
    HANDED_OVER = "handed-over"
    HANDED_ELSEWHERE = "handed-elsewhere"
    SOURCE = "source"


_SAYINGS: Mapping[str, Mapping[Saying, str]] = {
    "en": {
        Saying.GREETING: "Hello! I am the automatic assistant. What would you like to know?",
        Saying.THANKS: "You are welcome! Is there anything else?",
        Saying.REPHRASE: "I have found no answer to that. Could you ask it in other words? Or write"
        " “person”, and somebody of the team takes over.",
        Saying.SOLVED: "Glad that it helped. Goodbye!",
        Saying.HANDED_OVER: "I am handing you over to a person of our team. They can read what was"
        " written here, so there is no need to repeat it.",
        Saying.HANDED_ELSEWHERE: "I have passed your question on to our team. Somebody will get in"
        " touch with you.",
        Saying.SOURCE: "Source: {source}",
    },
    "pl": {
        Saying.GREETING: "Dzień dobry! Jestem automatycznym asystentem. O co chcesz zapytać?",
        Saying.THANKS: "Proszę bardzo! Czy mogę pomóc w czymś jeszcze?",
        Saying.REPHRASE: "Nie znam odpowiedzi na to pytanie. Czy możesz zapytać innymi słowami?"
        " Albo napisz „człowiek”, a przejmie Cię ktoś z zespołu.",
        Saying.SOLVED: "Cieszę się, że to pomogło. Do zobaczenia!",
        Saying.HANDED_OVER: "Przekazuję rozmowę osobie z naszego zespołu. Widzi ona, co tu"
        " napisano, nie trzeba tego powtarzać.",
        Saying.HANDED_ELSEWHERE: "Pytanie zostało przekazane naszemu zespołowi. Ktoś skontaktuje"
        " się z Tobą.",
        Saying.SOURCE: "Źródło: {source}",
    },
    "sv": {
        Saying.GREETING: "Hej! Jag är den automatiska assistenten. Vad vill du veta?",
        Saying.THANKS: "Varsågod! Är det något mer?",
        Saying.REPHRASE: "Jag hittar inget svar på det. Kan du fråga med andra ord? Eller skriv"
        " ”människa”, så tar någon i teamet över.",
        Saying.SOLVED: "Vad bra att det hjälpte. Hej då!",
        Saying.HANDED_OVER: "Jag lämnar över till en person i vårt team. De kan läsa det som har"
        " skrivits här, så du behöver inte upprepa det.",
        Saying.HANDED_ELSEWHERE: "Jag har skickat din fråga vidare till vårt team. Någon hör av sig"
        " till dig.",
        Saying.SOURCE: "Källa: {source}",
    },
    "pt": {
        Saying.GREETING: "Olá! Sou o assistente automático. O que você gostaria de saber?",
        Saying.THANKS: "De nada! Posso ajudar em mais alguma coisa?",
        Saying.REPHRASE: "Não encontrei uma resposta para isso. Você pode perguntar com outras"
        " palavras? Ou escreva “atendente”, e alguém da equipe assume.",
        Saying.SOLVED: "Que bom que ajudou. Até logo!",
        Saying.HANDED_OVER: "Estou passando você para uma pessoa da nossa equipe. Ela pode ler o"
        " que foi escrito aqui, não é preciso repetir.",
        Saying.HANDED_ELSEWHERE: "Encaminhei sua pergunta à nossa equipe. Alguém vai entrar em"
        " contato com você.",
        Saying.SOURCE: "Fonte: {source}",
    },
}


def say(what: Saying, language: str) -> str:
    """Return a saying in a language: ``en``, ``pl``, ``sv`` or ``pt``."""
    return _SAYINGS[language][what]


def with_source(answer: str, source: str, language: str) -> str:
    """Return an answer with the name of where it stands; brackets in either stay as they are."""
    before, after = say(Saying.SOURCE, language).split("{source}")
    return f"{answer}\n\n{before}{source}{after}"

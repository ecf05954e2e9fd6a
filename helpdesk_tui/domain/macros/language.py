"""Guess which of a few languages a customer writes, by the small words that each is full of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[^\W\d_]+")
_READ = 4_000
"""Characters that are looked at: more say nothing new."""
_LEAST = 2
"""Words that must have been found, and more of them than of any other language."""

_COMMON: Mapping[str, str] = {
    "en": "the and you is are was have has not my i it this that with for please hello thanks when"
    " what order would can your",
    "pl": "i w na nie się że jest do to z czy mam moje moja proszę dzień dobry dziękuję kiedy"
    " zamówienie paczka jak ale od po za być będzie",
    "sv": "och att det är jag inte en ett på för med har kan ni min mitt hej tack när beställning"
    " vad som om till av var",
    "pt": "o a os as e de que não é um uma meu minha para com por olá obrigado obrigada quando"
    " pedido bom dia está você do da no na",
    "de": "der die das und ist nicht ich ein eine mit für auf habe mein meine bitte hallo danke"
    " wann bestellung sie wie zu den dem",
    "fr": "le la les et est je ne pas un une des du mon ma bonjour merci quand commande vous pour"
    " avec que qui dans sur",
    "es": "el la los las y es no que un una mi para con por hola gracias cuándo cuando pedido"
    " está usted del en se",
    "it": "il lo la gli e è non che un una mio mia per con ciao buongiorno grazie quando ordine di"
    " del della sono",
    "nl": "de het een en is niet ik mijn voor met op van hallo bedankt wanneer bestelling u dat"
    " wat heb",
}
"""Frequent words by language."""


def guess(text: str, among: Sequence[str]) -> str:
    """Return the language of a text among a few (``pl``, ``pt_BR`` …); empty where unsure."""
    words = _WORD.findall(text[:_READ].lower())
    scores: dict[str, int] = {}
    for language, common in _COMMON.items():
        known = frozenset(common.split())
        scores[language] = sum(word in known for word in words)
    best = max(scores, key=lambda language: scores[language])
    rest = max(score for language, score in scores.items() if language != best)
    if scores[best] < _LEAST or scores[best] <= rest:
        return ""
    return next((each for each in among if each.lower().partition("_")[0] == best), "")

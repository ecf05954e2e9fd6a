"""Words of a text, folded and cut to their stems, by light rules for each language.

The rules need no word lists and make no claim to grammar: two forms of a word shall mostly meet,
two words mostly not.
"""

from __future__ import annotations

import re

from helpdesk_tui.domain.text import fold

"""The languages that words are known of, by the first part of their tags."""
LONGEST_TEXT = 4_000
"""Characters of a text that are looked at."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_APOSTROPHE = re.compile(r"['’]")
_SHORTEST = 3
"""Letters that a stem keeps at least."""
_SHORTEST_SWEDISH = 4
"""The same where endings look like the ends of short words: ``paket``, ``leverans``."""

_ENDINGS: dict[str, tuple[str, ...]] = {
    "pl": (
        "iejsze", "iejszy", "alismy", "ilismy", "alam", "alem", "ilam", "ilem", "elam",
        "owac", "iami", "iach", "ami", "ach", "ych", "ich", "ego", "emu", "owi", "ymi",
        "imi", "ono", "ano", "iem", "em", "om", "ow", "ie", "ia", "ej", "ym", "im", "ac",
        "ic", "yc", "ec", "al", "il", "la", "lo", "li", "ka", "ke", "ki", "ek", "am", "a",
        "e", "i", "o", "u", "y",
    ),
    "sv": (
        "ningarna", "ningens", "ningar", "ningen", "arnas", "ernas", "ornas", "heten",
        "heter", "andet", "arna", "erna", "orna", "ande", "ende", "ning", "aste", "ades",
        "ade", "are", "ast", "het", "ens", "ets", "ar", "er", "or", "en", "et", "na", "as",
        "es", "at", "it", "a", "e",
    ),
    "pt": (
        "amentos", "imentos", "amento", "imento", "mente", "adores", "acoes", "icoes", "ucoes",
        "acao", "icao", "ucao", "oes", "coes", "cao", "adas", "ados", "idas", "idos", "ando",
        "endo", "indo", "aram", "eram", "iram", "asse", "aria", "eria", "amos", "emos", "imos",
        "ada", "ado", "ida", "ido", "ais", "eis", "ar", "er", "ir", "am", "em", "ei", "ou", "os",
        "as", "es", "a", "e", "o", "s",
    ),
}  # fmt: skip
_NOT = frozenset(
    (
        "dont", "doesnt", "didnt", "havent", "hasnt", "hadnt", "cant", "cannot", "isnt", "wasnt",
        "arent", "werent", "wont", "wouldnt", "couldnt", "shouldnt", "never", "aint", "no",
    )
)  # fmt: skip
_VOWELS = frozenset("aeiouy")


def words_of(text: str) -> list[str]:
    """Return the words of a text: folded, without marks, ``n't`` and the like as ``not``."""
    found = [_APOSTROPHE.sub("", word) for word in _WORD.findall(fold(text[:LONGEST_TEXT]))]
    return ["not" if word in _NOT else word for word in found]


def stem(word: str, language: str) -> str:
    """Return the stem of a folded word."""
    if not word.isalpha() or len(word) <= _SHORTEST:
        return word
    if language == "en":
        return _english(word)
    shortest = _SHORTEST_SWEDISH if language == "sv" else _SHORTEST
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


def _english(word: str) -> str:
    word = _singular(word)
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST and _VOWELS & set(base):
            word = _undoubled(base)
            break
    if word.endswith("ly") and len(word) > _SHORTEST + 2:
        word = word[:-2]
    if word.endswith("y") and len(word) > _SHORTEST and word[-2] not in _VOWELS:
        return f"{word[:-1]}i"
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and word != "customs":
        return word[:-1]
    return word


def _undoubled(base: str) -> str:
    is_doubled = base[-1] == base[-2] and base[-1] not in "lsz"
    return base[:-1] if is_doubled else base

"""Words that are commands when a message is nothing else: stop, start, help.

Case, accents and punctuation do not matter. "Please stop the parcel" is a message like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.messaging.providers import Carrier
from helpdesk_tui.domain.text import fold

_LONGEST = 40
"""Characters that a command may have; longer messages are not looked at."""
_BESIDE = re.compile(r"[\W_]+")


class Command(StrEnum):
    """What a keyword does."""

    STOP = "stop"
    """Withdraws consent."""
    START = "start"
    """Gives it."""
    HELP = "help"
    """Changes nothing and is answered."""


_STOP = {
    "en": ("stop", "stop all", "stopall", "unsubscribe", "opt out", "optout", "opt-out"),
    "sv": ("stopp", "stoppa", "avsluta", "avregistrera", "avanmäl"),
    "pt": ("parar", "pare", "sair", "descadastrar", "cancelar inscrição"),
    "pl": ("zatrzymaj", "wypisz", "rezygnuję", "wypisz mnie"),
    "de": ("stopp", "abmelden", "abbestellen"),
    "es": ("alto", "darse de baja", "baja"),
    "fr": ("arret", "désabonner", "désinscrire"),
    "other": ("stoppen", "afmelden", "stopp", "lopeta", "afmeld", "avslutt"),
}
_START = {
    "en": ("start", "join", "subscribe", "unstop", "opt in", "optin", "opt-in"),
    "sv": ("starta", "börja", "gå med", "prenumerera"),
    "pt": ("começar", "iniciar", "inscrever", "participar"),
    "pl": ("zacznij", "dołącz", "zapisz", "zapisz mnie"),
    "de": ("anmelden",),
    "es": ("iniciar", "suscribir", "unirse", "alta"),
    "fr": ("abonner", "rejoindre"),
}
_HELP = {
    "en": ("help", "help me"),
    "sv": ("hjälp",),
    "pt": ("ajuda",),
    "pl": ("pomoc",),
    "de": ("hilfe",),
    "es": ("ayuda",),
    "fr": ("aide",),
}

BUILT_IN: Mapping[Command, Mapping[str, tuple[str, ...]]] = {
    Command.STOP: _STOP,
    Command.START: _START,
    Command.HELP: _HELP,
}
"""The words of each command, by language."""

_TWILIO: Mapping[Command, tuple[str, ...]] = {
    Command.STOP: (
        "stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel",
    ),
    Command.START: ("start", "yes", "unstop"),
    Command.HELP: ("help", "info"),
}  # fmt: skip
"""What Twilio acts on, and answers, by itself."""
_ONLY_BACK = frozenset({"yes"})
"""Mean START only after STOP: anybody else says them to a person."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A message that is a command."""

    command: Command
    word: str
    """As it stands in the list: no case, accents or punctuation."""
    is_answered: bool
    """The provider answers it by itself."""


def normal(text: str) -> str:
    """Return a text as keywords are compared: folded, with nothing but words and single blanks."""
    return _BESIDE.sub(" ", fold(text)).strip()


def keyword_of(
    text: str,
    *,
    provider: str = "",
    channel: str = "",
    is_withdrawn: bool = False,
    more: Mapping[Command, Iterable[str]] | None = None,
) -> Keyword | None:
    """Return the command that a message is; None for everything that is meant for people.

    Args:
        text: The whole message. One with a file is never a command: do not ask.
        provider: Who carries it.
        channel: SMS or WhatsApp.
        is_withdrawn: Its sender has withdrawn consent before.
        more: Words that the desk has added.
    """
    if len(text) > _LONGEST:
        return None
    word = normal(text)
    if not word:
        return None
    # what the provider obeys is obeyed whatever we think of it
    if provider == Carrier.TWILIO and channel == SMS.name:
        found = _among(word, _TWILIO)
        if found is not None and (word not in _ONLY_BACK or is_withdrawn):
            return Keyword(found, word, is_answered=True)
    found = _among(word, _words()) or _among(word, more or {})
    return None if found is None else Keyword(found, word, is_answered=False)


def _words() -> dict[Command, list[str]]:
    return {
        command: [word for words in languages.values() for word in words]
        for command, languages in BUILT_IN.items()
    }


def _among(word: str, lists: Mapping[Command, Iterable[str]]) -> Command | None:
    for command in Command:
        if any(normal(each) == word for each in lists.get(command, ())):
            return command
    return None

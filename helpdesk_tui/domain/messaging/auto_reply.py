"""What is said to customers by itself: answers to keywords, and to those we may not write to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.languages import base_language, in_language
from helpdesk_tui.domain.macros.render import Context, Value, render
from helpdesk_tui.domain.macros.text import read
from helpdesk_tui.domain.messaging.keywords import Command
from helpdesk_tui.domain.messaging.people import is_number
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.text import clean

SILENT = "off"
"""A text that says that nothing is said."""
EVERY = timedelta(days=1)
"""One person gets one automatic answer in this time."""
OLDEST = timedelta(hours=12)
"""What came longer ago is not answered: a new number may hold days of it."""

_VARIABLES = frozenset(
    ("organization.prefix", "organization.name", "support.email", "customer.name",
     "customer.first_name", "store.name")
)  # fmt: skip
_COUNTRIES = {"+46": "sv", "+48": "pl", "+55": "pt", "+351": "pt"}

UNSUBSCRIBED: Mapping[str, str] = {
    "en": "{{ organization.prefix }}: we cannot answer because you have not consented to SMS."
    " For help contact us at {{ support.email }}",
    "pl": "{{ organization.prefix }}: nie możemy odpowiedzieć, bo nie mamy zgody na SMS."
    " Pomoc: {{ support.email }}",
    "sv": "{{ organization.prefix }}: vi kan inte svara eftersom du inte har godkänt SMS."
    " Kontakta oss på {{ support.email }}",
    "pt": "{{ organization.prefix }}: não podemos responder porque você não autorizou SMS."
    " Fale conosco: {{ support.email }}",
}
"""What somebody is told who never consented …"""
_UNSUBSCRIBED_BARE: Mapping[str, str] = {
    "en": "{{ organization.prefix }}: we cannot answer because you have not consented to SMS."
    " Reply START to consent.",
    "pl": "{{ organization.prefix }}: nie możemy odpowiedzieć, bo nie mamy zgody na SMS."
    " Odpisz START, aby się zgodzić.",
    "sv": "{{ organization.prefix }}: vi kan inte svara eftersom du inte har godkänt SMS."
    " Svara START för att godkänna.",
    "pt": "{{ organization.prefix }}: não podemos responder porque você não autorizou SMS."
    " Responda START para autorizar.",
}
"""… and where the desk has no address of its own."""
_COMMANDS: Mapping[Command, Mapping[str, str]] = {
    Command.STOP: {
        "en": "{{ organization.prefix }}: you will get no more messages from this number."
        " Reply START to get them again.",
        "pl": "{{ organization.prefix }}: nie wyślemy więcej wiadomości z tego numeru."
        " Odpisz START, aby znów je dostawać.",
        "sv": "{{ organization.prefix }}: du får inga fler meddelanden från det här numret."
        " Svara START för att få dem igen.",
        "pt": "{{ organization.prefix }}: você não receberá mais mensagens deste número."
        " Responda START para voltar a receber.",
    },
    Command.START: {
        "en": "{{ organization.prefix }}: thank you, we may write to you here now."
        " Reply STOP at any time to end that.",
        "pl": "{{ organization.prefix }}: dziękujemy, możemy teraz tu pisać."
        " Odpisz STOP, aby to zakończyć.",
        "sv": "{{ organization.prefix }}: tack, nu får vi skriva till dig här."
        " Svara STOP när som helst för att avsluta.",
        "pt": "{{ organization.prefix }}: obrigado, agora podemos escrever aqui."
        " Responda STOP a qualquer momento para parar.",
    },
    Command.HELP: {
        "en": "{{ organization.prefix }}: for help contact us at {{ support.email }}."
        " Reply STOP to get no more messages.",
        "pl": "{{ organization.prefix }}: pomoc: {{ support.email }}."
        " Odpisz STOP, aby nie dostawać wiadomości.",
        "sv": "{{ organization.prefix }}: kontakta oss på {{ support.email }} för hjälp."
        " Svara STOP för att inte få fler meddelanden.",
        "pt": "{{ organization.prefix }}: para ajuda escreva para {{ support.email }}."
        " Responda STOP para não receber mensagens.",
    },
}
_HELP_BARE: Mapping[str, str] = {
    "en": "{{ organization.prefix }}: reply START to let us write to you here, STOP to end that.",
    "pl": "{{ organization.prefix }}: odpisz START, a będziemy tu pisać; STOP to kończy.",
    "sv": "{{ organization.prefix }}: svara START så får vi skriva till dig här, STOP avslutar.",
    "pt": "{{ organization.prefix }}: responda START para podermos escrever aqui, STOP para parar.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text may name."""

    address: str
    """The customer's: its country tells the language, where nothing else does."""
    prefix: str = ""
    name: str = ""
    support_email: str = ""
    customer_name: str = ""

    @property
    def language(self) -> str:
        """The language that the customer most likely reads."""
        found = (each for start, each in _COUNTRIES.items() if self.address.startswith(start))
        return base_language(next(found, "en"))


class Audience:
    """Who is answered by itself: values of the setting."""

    NOBODY = "off"
    UNKNOWN = "never-consented"
    EVERYBODY = "everybody"


def may_answer(
    audience: str,
    consent: ConsentState,
    *,
    address: str,
    sent_at: datetime,
    now: datetime,
    answered_at: datetime | None,
) -> bool:
    """Tell whether somebody who wrote by SMS is answered by itself.

    Args:
        audience: One of :class:`Audience`.
        consent: What they have said before; who has withdrawn never hears from us.
        address: Theirs: short codes and names of senders are machines.
        sent_at: When they wrote.
        now: The moment.
        answered_at: When they were answered by itself last.
    """
    if audience == Audience.NOBODY or consent is ConsentState.WITHDRAWN:
        return False
    if consent is ConsentState.GIVEN and audience != Audience.EVERYBODY:
        return False
    if not is_number(address) or now - sent_at > OLDEST:
        return False
    return answered_at is None or now - answered_at >= EVERY


def unsubscribed_text(own: str, facts: Facts) -> str:
    """Return what somebody is told whom we may not write to; empty for nothing."""
    preset = UNSUBSCRIBED if facts.support_email else _UNSUBSCRIBED_BARE
    return _filled(own, preset[facts.language], facts)


def command_text(command: Command, own: str, facts: Facts) -> str:
    """Return what is answered to a keyword; empty for nothing."""
    presets = _COMMANDS[command]
    if command is Command.HELP and not facts.support_email:
        presets = _HELP_BARE
    return _filled(own, presets[facts.language], facts)


def presets_of(command: Command) -> Mapping[str, str]:
    """Return what is answered to a keyword where the desk has no text of its own, by language."""
    return _COMMANDS[command]


def check_text(text: str) -> None:
    """Refuse a text that cannot be filled in.

    Raises:
        UsageError: ``away.template`` or ``away.variable`` with the part that is wrong.
    """
    template = read(text)
    problem = next(iter(template.problems), None)
    if problem is not None:
        raise UsageError("away.template", part=clean(text[problem.start : problem.end]))
    for variable in template.variables:
        if variable.path and variable.name not in _VARIABLES:
            known = ", ".join(sorted(_VARIABLES))
            raise UsageError("away.variable", part=clean(variable.name), known=known)


def _filled(own: str, preset: str, facts: Facts) -> str:
    if own == SILENT:
        return ""
    filled = render(read(in_language(own, facts.language) or preset), Context(_values(facts)))
    shown = filled.text
    for hole in reversed(filled.holes):
        shown = shown[: hole.start] + shown[hole.end :]
    return " ".join(shown.split()).removeprefix(": ").strip()


def _values(facts: Facts) -> dict[str, Value]:
    first = facts.customer_name.partition(" ")[0]
    return {
        "organization": {"prefix": facts.prefix, "name": facts.name},
        "store": {"name": facts.name},
        "support": {"email": facts.support_email},
        "customer": {"name": facts.customer_name, "first_name": first},
    }

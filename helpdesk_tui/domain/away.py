"""What a visitor is told who writes while nobody is there, in the visitor's language and zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.languages import base_language, in_language
from helpdesk_tui.domain.macros.render import Context, Value, render
from helpdesk_tui.domain.macros.text import Variable, read
from helpdesk_tui.domain.text import clean

AWAY_MESSAGE = "away-message"
OPEN_MESSAGE = "open-message"
"""Names of the settings with the texts."""
SILENT = "off"
"""A text that says that nothing is said."""

_VARIABLES = frozenset(
    ("hours.next", "support.email", "support.name", "store.name", "organization.name",
     "customer.name", "customer.first_name")
)  # fmt: skip
_LATER = timedelta(days=6)
"""From here on the name of a day does not say which one is meant."""

_PRESETS: Mapping[str, str] = {
    "en": "Thank you for your message. Nobody is here right now: we are back {{ hours.next }}.",
    "pl": "Dziękujemy za wiadomość. Teraz nikogo nie ma: wracamy {{ hours.next }}.",
    "sv": "Tack för ditt meddelande. Just nu är ingen här: vi är tillbaka {{ hours.next }}.",
    "pt": "Obrigado pela mensagem. No momento não há ninguém aqui: voltamos {{ hours.next }}.",
}
_WITHOUT_NEXT: Mapping[str, str] = {
    "en": "Thank you for your message. Nobody is here right now.",
    "pl": "Dziękujemy za wiadomość. Teraz nikogo nie ma.",
    "sv": "Tack för ditt meddelande. Just nu är ingen här.",
    "pt": "Obrigado pela mensagem. No momento não há ninguém aqui.",
}
_ADDRESS: Mapping[str, str] = {
    "en": " You can also write to {{ support.email }}.",
    "pl": " Można też napisać na adres {{ support.email }}.",
    "sv": " Du kan också skriva till {{ support.email }}.",
    "pt": " Você também pode escrever para {{ support.email }}.",
}
_DAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday",
           "on Sunday"),
    "pl": ("w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę",
           "w niedzielę"),
    "sv": ("på måndag", "på tisdag", "på onsdag", "på torsdag", "på fredag", "på lördag",
           "på söndag"),
    "pt": ("na segunda-feira", "na terça-feira", "na quarta-feira", "na quinta-feira",
           "na sexta-feira", "no sábado", "no domingo"),
}  # fmt: skip
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "pl": ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
           "września", "października", "listopada", "grudnia"),
    "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
           "oktober", "november", "december"),
    "pt": ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto",
           "setembro", "outubro", "novembro", "dezembro"),
}  # fmt: skip
_NEAR: Mapping[str, tuple[str, str]] = {
    "en": ("today", "tomorrow"),
    "pl": ("dziś", "jutro"),
    "sv": ("i dag", "i morgon"),
    "pt": ("hoje", "amanhã"),
}
_AT: Mapping[str, str] = {"en": " ", "pl": " o ", "sv": " kl. ", "pt": " às "}
_ON: Mapping[str, str] = {
    "en": "on {day} {month}",
    "pl": "{day} {month}",
    "sv": "den {day} {month}",
    "pt": "em {day} de {month}",
}


@dataclass(frozen=True, slots=True)
class AwayFacts:
    """What a message may name."""

    opening: datetime | None
    """When somebody is back."""
    now: datetime
    zone: tzinfo = UTC
    """The visitor's, or the office's where that is unknown …"""
    zone_name: str = ""
    """… and then its name, because the visitor cannot guess it."""
    language: str = ""
    support_email: str = ""
    store_name: str = ""
    customer_name: str = ""


def opening_words(facts: AwayFacts) -> str:
    """Return when somebody is back as people say it: ``on Monday 9:00``; nothing for never."""
    if facts.opening is None:
        return ""
    language = base_language(facts.language)
    there, here = facts.opening.astimezone(facts.zone), facts.now.astimezone(facts.zone)
    days = (there.date() - here.date()).days
    if days < 2:
        day = _NEAR[language][max(days, 0)]
    elif there - here < _LATER:
        day = _DAYS[language][there.weekday()]
    else:
        month = _MONTHS[language][there.month - 1]
        day = _ON[language].format(day=there.day, month=month)
    clock = f"{there.hour}:{there.minute:02}"
    where = f" ({facts.zone_name})" if facts.zone_name else ""
    return f"{day}{_AT[language]}{clock}{where}"


def preset(facts: AwayFacts) -> str:
    """Return the message of a desk that wrote none of its own."""
    language = base_language(facts.language)
    text = _PRESETS[language] if facts.opening is not None else _WITHOUT_NEXT[language]
    return text + _ADDRESS[language] if facts.support_email else text


def away_text(text: str, facts: AwayFacts) -> str:
    """Return a message for one visitor; what nothing is known of is left out.

    Args:
        text: The desk's own; empty for the preset.
        facts: What it may name.
    """
    if text == SILENT:
        return ""
    own = in_language(text, facts.language)
    filled = render(read(own or preset(facts)), Context(_values(facts)))
    shown = filled.text
    for hole in reversed(filled.holes):
        shown = shown[: hole.start] + shown[hole.end :]
    return shown.strip()


def _values(facts: AwayFacts) -> dict[str, Value]:
    name = facts.customer_name
    return {
        "hours": {"next": opening_words(facts)},
        "support": {"email": facts.support_email, "name": facts.store_name},
        "store": {"name": facts.store_name},
        "organization": {"name": facts.store_name},
        "customer": {"name": name, "first_name": next(iter(name.split()), "")},
    }


def check_template(text: str) -> None:
    """Refuse a message that cannot be filled in.

    Raises:
        UsageError: ``away.template`` with the part that is wrong.
    """
    template = read(text)
    problem = next(iter(template.problems), None)
    if problem is not None:
        raise UsageError("away.template", part=clean(text[problem.start : problem.end]))
    for variable in template.variables:
        _check(variable)


def _check(variable: Variable) -> None:
    if variable.path and variable.name not in _VARIABLES:
        known = ", ".join(sorted(_VARIABLES))
        raise UsageError("away.variable", part=clean(variable.name), known=known)

"""A macro: a ready text for each channel and language, and what it does to the ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from helpdesk_tui.domain.tickets import Priority


class Mode(StrEnum):
    """What using a macro does."""

    INSERT = "insert"
    """Its text goes into the draft, to be edited."""
    RUN = "run"
    """Its text is sent as it is."""


class Then(StrEnum):
    """Where the list goes afterwards; empty: as the agent has set it."""

    USUAL = ""
    NEXT = "next"
    STAY = "stay"
    LIST = "list"


class BodyKind(StrEnum):
    """The texts a macro may have."""

    EMAIL = "email"
    CHAT = "chat"
    SMS = "sms"


_BODIES: Mapping[str, tuple[BodyKind, ...]] = {
    "email": (BodyKind.EMAIL, BodyKind.CHAT, BodyKind.SMS),
    "sms": (BodyKind.SMS, BodyKind.CHAT, BodyKind.EMAIL),
}
_CHAT_FIRST = (BodyKind.CHAT, BodyKind.SMS, BodyKind.EMAIL)


@dataclass(frozen=True, slots=True)
class WhatsappTemplate:
    """An approved message that may be sent when the customer wrote long ago."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bodies:
    """The texts in one language."""

    language: str
    """``en``, ``pt_BR`` …"""
    texts: Mapping[BodyKind, str] = field(default_factory=dict)
    whatsapp_template: WhatsappTemplate | None = None

    def for_channel(self, channel: str) -> tuple[BodyKind, str] | None:
        """Return the text that fits a channel best, or None if there is none at all."""
        for kind in _BODIES.get(channel, _CHAT_FIRST):
            if kind in self.texts:
                return kind, self.texts[kind]
        return None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a macro is offered; an empty part means everywhere."""

    teams: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def fits(self, *, teams: Sequence[str], channel: str, tags: Sequence[str]) -> bool:
        """Tell whether an agent of these teams is offered it in such a ticket."""
        return (
            (not self.channels or channel in self.channels)
            and (not self.teams or not set(teams).isdisjoint(self.teams))
            and (not self.tags or not set(tags).isdisjoint(self.tags))
        )


_STORED = re.compile(r"(.+)#([0-9a-f]{64})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MacroFile:
    """A file that goes along: beside the macro's own file, or kept in the store."""

    path: str
    """Relative to the macro's file; for a stored one its name."""
    sha256: str = ""

    @property
    def written(self) -> str:
        """How it stands in the macro: ``label.pdf``, or ``label.pdf#SHA-256``."""
        return f"{self.path}#{self.sha256}" if self.sha256 else self.path


def macro_file(written: str) -> MacroFile:
    """Return the file that an entry names."""
    found = _STORED.fullmatch(written)
    return MacroFile(found[1], found[2]) if found else MacroFile(written)


@dataclass(frozen=True, slots=True)
class Actions:
    """What a macro does beside its text, in this order."""

    note: str = ""
    attach: tuple[MacroFile, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    assign: str = ""
    """``me``, ``@name``, ``none``, ``round-robin``, or the name of a team."""
    priority: Priority | None = None
    status: str = ""
    """``close`` or ``open``."""
    snooze: str = ""
    """As it is typed, such as ``2d`` or ``mon 9:00``."""
    snooze_keep: bool = False
    spam: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    webhook: str = ""
    order: tuple[str, ...] = ()
    sub: tuple[str, ...] = ()

    @property
    def snooze_text(self) -> str:
        """The snooze as it stands in the file: ``2d!``."""
        return f"{self.snooze}{'!' if self.snooze_keep else ''}" if self.snooze else ""

    @property
    def unattended(self) -> bool:
        """Whether it may run with nobody looking: nothing that moves money or goods."""
        return not (self.order or self.sub)


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro."""

    name: str
    keys: str = ""
    """``1`` to ``9``: a favourite; empty for none."""
    mode: Mode = Mode.INSERT
    scope: Scope = field(default_factory=Scope)
    bodies: tuple[Bodies, ...] = ()
    """The first is of the language it was written in."""
    actions: Actions = field(default_factory=Actions)
    then: Then = Then.USUAL

    def bodies_in(self, language: str) -> Bodies | None:
        """Return the texts in a language, else in a related one, else the first there are."""
        wanted = language.replace("-", "_").lower()
        base = wanted.partition("_")[0]
        exact = [each for each in self.bodies if each.language.lower() == wanted]
        near = [each for each in self.bodies if each.language.lower().partition("_")[0] == base]
        return next(iter((*exact, *near, *self.bodies)), None)

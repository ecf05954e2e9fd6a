"""A macro of another helpdesk on its way to be one of ours, and what is lost on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.foreign import rewrite
from helpdesk_tui.domain.macros.html import html_text, is_html
from helpdesk_tui.domain.macros.writing import toml_of
from helpdesk_tui.domain.tags import tag_name
from helpdesk_tui.domain.text import clean, clean_lines, shorten
from helpdesk_tui.domain.tickets import Priority

_MAX_NAME = 100
_SPLIT = re.compile(r"[,\s]+")
_LANGUAGE = re.compile(r"([a-zA-Z]{2})(?:[-_]([a-zA-Z]{2}))?")
_CLOSED = frozenset({"solved", "closed", "close", "resolved"})
_OPEN = frozenset({"open", "new", "reopen"})
_WAITING = frozenset({"pending", "hold", "pending reminder"})
_PRIORITIES = {
    **{each.value: each.value for each in Priority},
    "1 low": "low", "2 normal": "normal", "3 high": "high", "medium": "normal",
    "critical": "urgent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of a foreign macro that could not be taken over."""

    code: str
    """``variable``, ``action``, ``file`` or ``inactive``."""
    what: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A macro of another helpdesk as a file of ours; nothing is checked yet."""

    name: str
    source: str
    lost: tuple[Lost, ...]


@dataclass(slots=True)
class ImportDraft:
    """What is known of one so far."""

    name: str
    body: dict[str, str] = field(default_factory=dict)
    actions: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    language: str = ""
    lost: list[Lost] = field(default_factory=list)

    def text(self, text: object) -> str:
        """Return a text of theirs as ours."""
        if not isinstance(text, str):
            return ""
        plain = html_text(text) if is_html(text) else text.replace("\r\n", "\n").strip()
        found = rewrite(_harmless(plain))
        self.lost += [Lost("variable", each) for each in found.lost]
        return found.text

    def say(self, kind: str, text: object) -> None:
        """Set a text of the body; a second one follows the first."""
        ours = self.text(text)
        if ours:
            self.body[kind] = f"{self.body[kind]}\n\n{ours}" if kind in self.body else ours

    def note(self, text: object) -> None:
        """Set the internal note."""
        ours = self.text(text)
        if ours:
            self.actions["note"] = ours

    def add_tags(self, names: object, sign: str = "+") -> None:
        """Add tags, or tags to take off."""
        words = names if isinstance(names, list) else _SPLIT.split(str(names))
        for word in words:
            try:
                self.tags.append(sign + tag_name(str(word)))
            except UsageError:
                self.lose("action", f"tag {word}")

    def lose(self, code: str, what: object) -> None:
        """Note that something could not be taken over."""
        self.lost.append(Lost(code, shorten(clean(str(what)).strip(), 120)))

    def status(self, name: object) -> None:
        """Set the status."""
        word = str(name).strip().lower()
        if word in _CLOSED:
            self.actions["status"] = "close"
        elif word in _OPEN:
            self.actions["status"] = "open"
        else:
            self.lose("action", f"status {name}")

    def priority(self, name: object) -> None:
        """Set the priority."""
        word = str(name).strip().lower()
        if word in _PRIORITIES:
            self.actions["priority"] = _PRIORITIES[word]
        else:
            self.lose("action", f"priority {name}")

    def finished(self) -> Foreign:
        """Return the file of it."""
        name = shorten(" ".join(clean(self.name).split()), _MAX_NAME)
        if self.tags:
            self.actions["tag"] = " ".join(dict.fromkeys(self.tags))
        values: dict[str, Any] = {"name": name}
        found = _LANGUAGE.fullmatch(self.language.strip())
        if found and found[0].lower() != "en":
            region = f"_{found[2].upper()}" if found[2] else ""
            values["language"] = found[1].lower() + region
        values |= {"actions": self.actions, "body": self.body}
        return Foreign(name, toml_of(values), tuple(self.lost))


def _harmless(text: str) -> str:
    """Return a text without what no macro may hold: controls are shown, tabs stay."""
    return "\t".join(clean_lines(part) for part in text.split("\t"))

"""What a forward to somebody outside a ticket consists of: its subject and the passed-on mails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.text import clean, clean_lines

_LINE = "---------- Forwarded message ----------"
_PREFIX = re.compile(r"\s*(fwd?|wg|tr|enc|rv|vb|vs|doorst)\s*:", re.IGNORECASE)
_MAX_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class PassedOn:
    """One message as it is passed on."""

    name: str
    address: str
    at: datetime
    subject: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    text: str


def forward_subject(subject: str) -> str:
    """Return the subject of a forward: one clean line with one prefix."""
    line = " ".join(clean(subject).split())
    return line if _PREFIX.match(line) else f"Fwd: {line}".rstrip()


def forward_text(messages: Iterable[PassedOn]) -> str:
    """Return the draft of a forward: room to write in, then each message below its header."""
    return "\n\n" + "\n\n".join([_block(message) for message in messages]) + "\n"


def passed_on_folds(text: str, folds: tuple[Fold, ...]) -> tuple[Fold, ...]:
    """Return the folds of a forward: the passed-on mails below what was written, too."""
    start = text.find(f"\n{_LINE}\n")
    end = folds[0].start if folds else len(text)
    if not 0 < start < end or not text[:start].strip():
        return folds
    return (Fold(start + 1, end, FoldKind.QUOTE), *folds)


def _block(message: PassedOn) -> str:
    name, address = (" ".join(clean(part).split()) for part in (message.name, message.address))
    sender = f"{name} <{address}>" if name and name != address else address or name
    lines = [
        _LINE,
        f"From: {sender}",
        f"Date: {message.at:%Y-%m-%d %H:%M %Z}".rstrip(),
        f"Subject: {' '.join(clean(message.subject).split())}",
        *_people("To", message.to),
        *_people("Cc", message.cc),
        "",
        clean_lines(message.text).strip("\n")[:_MAX_TEXT],
    ]
    return "\n".join(lines)


def _people(label: str, addresses: Sequence[str]) -> list[str]:
    return [f"{label}: {', '.join(clean(each) for each in addresses)}"] if addresses else []

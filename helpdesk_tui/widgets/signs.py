"""The signs of states, and their plain twins for terminals that draw letters only."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_tui.domain.channels import CHANNELS


@dataclass(frozen=True, slots=True)
class Signs:
    """One sign for each state, one cell wide where not said otherwise."""

    unread: str = "●"
    waiting: str = "▲"
    media: str = "▣"
    draft: str = "✎"
    snoozed: str = "☾"
    closed: str = "✓"
    urgent: str = "‼"
    present: str = "●"
    away: str = "○"
    typing: str = "✎"
    menu: str = "▾"
    newer: str = "↑"
    ok: str = "✓"
    fault: str = "✗"
    between: str = "·"
    rule: str = "─"
    ellipsis: str = "…"
    to: str = "→"
    vertical: str = "│"
    ascii_only: bool = False

    def channel(self, name: str) -> str:
        """Return the sign of a channel."""
        spec = CHANNELS.get(name)
        if spec is None:
            return "?"
        return spec.letter if self.ascii_only else spec.icon

    def plain(self, text: str) -> str:
        """Return one of our own texts with its typographic characters as this terminal has them."""
        return text.translate(_PLAIN) if self.ascii_only else text


_PLAIN = str.maketrans(
    {"…": "...", "·": "-", "–": "-", "—": "-", "×": "x", "→": "->", "←": "<-", "↑": "^", "↓": "v",
     "⇄": "/", "▾": "v", "▸": ">", "✓": "+", "✗": "x", "●": "*", "○": "o", "“": '"', "”": '"',
     "’": "'", "▲": "!", "━": "=", "─": "-", "▌": ">"}
)  # fmt: skip

UNICODE = Signs()

ASCII = Signs(
    unread="*",
    waiting="!",
    media="@",
    draft="~",
    snoozed="z",
    closed="x",
    urgent="!",
    present="*",
    away="o",
    typing="~",
    menu="v",
    newer="^",
    ok="+",
    fault="x",
    between="-",
    rule="-",
    ellipsis="~",
    to=">",
    vertical="|",
    ascii_only=True,
)

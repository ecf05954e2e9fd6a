"""The signs of states, and their plain twins for terminals that draw letters only."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from helpdesk_tui.domain.channels import CHANNELS


# nobody compares them: methods that nobody calls would be compiled at each start
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Signs:
    """One sign for each state, one cell wide where not said otherwise."""

    unread: str = "●"
    marked: str = "■"
    waiting: str = "▲"
    media: str = "▣"
    draft: str = "✎"
    snoozed: str = "☾"
    closed: str = "✓"
    urgent: str = "‼"
    present: str = "●"
    away: str = "○"
    typing: str = "✎"
    held: str = "↻"
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
     "’": "'", "▲": "!", "━": "=", "─": "-", "▌": ">", "✦": "*", "↗": ">"}
)  # fmt: skip

UNICODE = Signs()

ASCII = Signs(
    unread="*",
    marked="#",
    waiting="!",
    media="@",
    draft="~",
    snoozed="z",
    closed="x",
    urgent="!",
    present="*",
    away="o",
    typing="~",
    held="%",
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


class Twins(dict[int, str]):
    """For ``str.translate``: the plain twin, of as many cells, of each sign that is no letter.

    What widgets and the library draw themselves (bars, frames, marks) has no other way to a
    terminal that has only letters; letters of any language stay as they are.
    """

    def __init__(self) -> None:
        super().__init__()
        for signs, twin in _TWINS.items():
            self.update((ord(sign), twin) for sign in signs)
        self.update((ord(spec.icon), spec.letter) for spec in CHANNELS.values())

    def __missing__(self, codepoint: int) -> str:
        """Find the twin of a sign that is not in the table."""
        sign = chr(codepoint)
        for first, last, twin in _BLOCKS:
            if first <= codepoint <= last and cell_len(sign) == 1:
                sign = twin
        self[codepoint] = sign
        return sign


_TWINS = {
    "─━╌╍┄┅┈┉═╴╶╸╺▀▔–—‐‑": "-", "│┃╎╏┆┇┊┋║╵╷╹╻█▌▐▏▎▍▋▊▉▕": "|", "▄▁▂▃▅▆▇": "_",
    "·•∙‧": "-", "…": "~", "×✗✕✘": "x", "✓✔": "+", "●": "*", "○◌": "o", "‼▲": "!",
    "▴↑": "^", "▾▼↓": "v", "→▸▶›": ">", "←◂◀‹": "<", "✎": "~", "▣": "@", "◷☾": "z", "↻": "%",
    "“”„": '"', "‘’‚": "'", "\u00a0\u202f": " ",
}  # fmt: skip
_BLOCKS = (
    (0x2190, 0x21FF, "*"),
    (0x2500, 0x257F, "+"),
    (0x2580, 0x259F, "#"),
    (0x25A0, 0x27BF, "*"),
    (0x2900, 0x2BFF, "*"),
)
"""Arrows, frames, blocks, shapes and marks, and what stands for any of them."""

"""What commands print: JSON for scripts, aligned and harmless text for people."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

_COUNTS = (
    "seen", "tickets", "messages", "duplicates", "rejected", "automatic", "bounces", "failed",
    "sent", "not_sent", "unknown",
)  # fmt: skip
"""Names of counts in the order in which people read them."""
_ESCAPED = ("Cc", "Cf", "Cs", "Zl", "Zp")


class _EscapeTable(dict[int, "int | str"]):
    """Gives control and invisible characters as JSON escapes; decides once per character."""

    def __missing__(self, codepoint: int) -> int | str:
        result: int | str = codepoint
        if _is_escaped(codepoint):
            # JSON has escapes of 16 bits only: what lies beyond is written as a surrogate pair
            pair = chr(codepoint).encode("utf-16-be", "surrogatepass")
            result = "".join(f"\\u{pair[i]:02x}{pair[i + 1]:02x}" for i in range(0, len(pair), 2))
        self[codepoint] = result
        return result


def _is_escaped(codepoint: int) -> bool:
    if 0xE0000 <= codepoint <= 0xE0FFF:
        return True
    return unicodedata.category(chr(codepoint)) in _ESCAPED


def to_json(value: object) -> str:
    """Return ``value`` as one line of JSON that no terminal can take for a control sequence."""
    text = json.dumps(value, ensure_ascii=False)
    return text.translate(_EscapeTable({0x0A: 0x0A})) if _needs_escape(text) else text


def _needs_escape(text: str) -> bool:
    return not text.isascii() or "\x7f" in text


def use_utf8() -> None:
    """Make the standard streams speak UTF-8, whatever the locale says, and never fail on it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


class Output:
    """Where one command prints to.

    With ``json`` stdout carries JSON and nothing else; what is meant for people goes to stderr.
    With ``quiet`` people get ids only.
    """

    def __init__(self, *, json: bool = False, quiet: bool = False) -> None:
        self.json = json
        self.quiet = quiet

    def document(self, value: object) -> None:
        """Print one JSON value as one line on stdout."""
        print(to_json(value))

    def ids(self, ids: Sequence[object]) -> None:
        """Print ids, one a line."""
        for item in ids:
            print(item)

    def say(self, text: str) -> None:
        """Print lines for people: stdout, or stderr where stdout belongs to JSON."""
        if not self.quiet:
            print(clean_lines(text), file=self._people())

    def warn(self, text: str) -> None:
        """Print one line on stderr."""
        print(clean(text), file=sys.stderr)

    def table(self, rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> None:
        """Print rows with columns in line, measured in terminal cells.

        The first row is the heading; columns named in ``right`` are set flush right.
        """
        if not self.quiet:
            for line in table_lines(rows, right=right):
                print(line, file=self._people())

    def _people(self) -> TextIO:
        return sys.stderr if self.json else sys.stdout


def counts_line(counts: Mapping[str, int]) -> str:
    """Return what became of mails as people say it: what is none is not named."""
    named = [
        _counted(name, counts[name]).format(count=number(counts[name]))
        for name in _COUNTS
        if counts.get(name)
    ]
    return " · ".join(named) or _("nothing new")


def _counted(name: str, count: int) -> str:
    """Return what people read of a count."""
    forms = {
        "seen": ngettext("{count} read", "{count} read", count),
        "tickets": ngettext("{count} new ticket", "{count} new tickets", count),
        "messages": ngettext(
            "{count} into a ticket there is", "{count} into tickets there are", count
        ),
        "duplicates": ngettext("{count} here already", "{count} here already", count),
        "rejected": ngettext("{count} rejected", "{count} rejected", count),
        "automatic": ngettext("{count} automatic", "{count} automatic", count),
        "bounces": ngettext("{count} delivery report", "{count} delivery reports", count),
        "failed": ngettext("{count} failed", "{count} failed", count),
        "sent": ngettext("{count} sent", "{count} sent", count),
        "not_sent": ngettext("{count} not sent", "{count} not sent", count),
        "unknown": ngettext(
            "{count} sent or not, nobody knows", "{count} sent or not, nobody knows", count
        ),
    }
    return forms[name]


def table_lines(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Return rows as aligned lines; every cell is cleaned to one harmless line."""
    from rich.cells import cell_len

    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[i]) for row in cleaned) for i in range(len(cleaned[0]))]
    lines = []
    for row in cleaned:
        cells = []
        for i, cell in enumerate(row):
            gap = " " * (widths[i] - cell_len(cell))
            cells.append(gap + cell if i in right else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def cut(text: str, cells: int) -> str:
    """Return ``text`` as one harmless line of at most ``cells`` terminal cells."""
    from rich.cells import cell_len, set_cell_size

    text = clean(text)
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1).rstrip() + "…"

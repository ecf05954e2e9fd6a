"""A plain text as simple HTML, for clients that show that instead."""

from __future__ import annotations

import html as entities
import re
from itertools import groupby

_URL = re.compile(r"https?://[^\s<>\"'`{}|\\^\u2028\u2029]+", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_INDENT = re.compile(r"^ +|  +")
_MAX_DEPTH = 20
_QUOTE = '<blockquote type="cite">'


def html_of(text: str) -> str:
    """Return a plain text as simple HTML: paragraphs, quotations, clickable links, all escaped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return "<html><body>\n" + "\n".join(_blocks(text.split("\n"), 0)) + "\n</body></html>\n"


def _blocks(lines: list[str], depth: int) -> list[str]:
    """Return paragraphs and quotations; runs of quoted lines are a quotation, to any depth."""
    out: list[str] = []
    for quoted, run in groupby(lines, key=lambda line: line.startswith(">")):
        if quoted and depth < _MAX_DEPTH:
            inner = [line[1:].removeprefix(" ") for line in run]
            out += [_QUOTE, *_blocks(inner, depth + 1), "</blockquote>"]
        else:
            out += _paragraphs("\n".join(run))
    return out


def _paragraphs(text: str) -> list[str]:
    return [
        "<p>" + "<br>\n".join([_linked(line) for line in part.strip("\n").split("\n")]) + "</p>"
        for part in _PARAGRAPHS.split(text)
        if part.strip()
    ]


def _linked(line: str) -> str:
    out: list[str] = []
    position = 0
    for match in _URL.finditer(line):
        address = match[0].rstrip(".,;:!?)]*")
        out.append(_escaped(line[position : match.start()]))
        shown = entities.escape(address)
        out.append(f'<a href="{shown}" rel="noopener noreferrer">{shown}</a>')
        position = match.start() + len(address)
    out.append(_escaped(line[position:]))
    return "".join(out)


def _escaped(text: str) -> str:
    """Escape a text, keeping the blanks that lay out a list or a table."""
    return _INDENT.sub(lambda run: "&nbsp;" * (len(run[0]) - 1) + " ", entities.escape(text))

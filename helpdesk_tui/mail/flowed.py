"""Plain text as ``format=flowed`` (RFC 3676): lines that every client can show at any width.

A soft line end is a space at the end of a line, so that the words between two of them are exactly
the words of the long line. Nothing is broken inside a word; a text without long lines stays as it
is.
"""

from __future__ import annotations

MAX_FIXED = 78
"""A line of up to this length stays whole."""
_WIDTH = 72
_SIGNATURE = "-- "


def is_long(text: str) -> bool:
    """Tell whether any line of a text has to be broken for clients that do not wrap."""
    return any(len(line) > MAX_FIXED for line in text.split("\n"))


def flowed(text: str) -> str:
    """Return a text with its long lines broken softly; lines that begin with ``>`` are quotes."""
    out: list[str] = []
    for line in text.split("\n"):
        body = line.lstrip(">")
        marks = line[: len(line) - len(body)]
        if body in (_SIGNATURE, f" {_SIGNATURE}"):
            out.append(line)
            continue
        out += _broken(marks, (body.removeprefix(" ") if marks else body).rstrip(" "))
    return "\n".join(out)


def _broken(marks: str, body: str) -> list[str]:
    """Break one line after spaces; each piece is stuffed so that it is read as it was meant."""
    stuffed_quote = f"{marks} " if marks else ""
    if not body:
        return [marks]
    room = max(20, _WIDTH - len(stuffed_quote))
    pieces = _pieces(body, room) if len(stuffed_quote) + len(body) > MAX_FIXED else [body]
    return [stuffed_quote + piece if marks else _stuffed(piece) for piece in pieces]


def _stuffed(piece: str) -> str:
    return f" {piece}" if piece.startswith((" ", ">", "From ")) else piece


def _pieces(body: str, room: int) -> list[str]:
    """Cut a line behind its spaces into pieces of at most ``room``, a longer word on its own."""
    pieces: list[str] = []
    start = 0
    while len(body) - start > room:
        end = body.rfind(" ", start, start + room) + 1
        if end <= start:
            end = body.find(" ", start) + 1
        while 0 < end < len(body) and body[end] == " ":
            end += 1
        # a piece that looked like the line above a signature would end the paragraph
        if not 0 < end < len(body) or body[start:end] == _SIGNATURE:
            break
        pieces.append(body[start:end])
        start = end
    return [*pieces, body[start:]]

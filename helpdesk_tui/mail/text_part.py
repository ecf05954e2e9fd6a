"""The bytes of a text part: 7bit where that is enough, else quoted-printable, never long lines."""

from __future__ import annotations

import re

from helpdesk_tui.mail.flowed import flowed, is_long

_MAX_LINE = 76
_LINE_ENDS = re.compile("\r\n?")
_UNSAFE = re.compile(rb"[^ -<>-~\t]")


def text_part(kind: str, text: str) -> bytes:
    """Return headers and body of a text part; plain text with long lines becomes flowed.

    Args:
        kind: ``plain`` or ``html``.
        text: The text; it ends with a line end afterwards.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\x00", "")
    text = text if text.endswith("\n") else f"{text}\n"
    head = f"Content-Type: text/{kind}; charset=utf-8"
    if kind == "plain" and is_long(text):
        head += "; format=flowed"
        text = flowed(text)
    data = text.encode("utf-8", "replace")
    encoding = "7bit"
    if not _is_safe(data):
        encoding = "quoted-printable"
        data = b"\n".join([_quoted(line) for line in data.split(b"\n")])
    head += f"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + data.replace(b"\n", b"\r\n")


def _is_safe(data: bytes) -> bool:
    """Tell whether every server passes these lines on as they are."""
    if not data.isascii() or _UNSAFE.search(data.translate(None, b"\n=")):
        return False
    lines = data.split(b"\n")
    return not any(len(line) > _MAX_LINE + 2 or line.startswith(b"From ") for line in lines)


def _quoted(line: bytes) -> bytes:
    """Return one line as quoted-printable, broken softly."""
    line = _UNSAFE.sub(lambda found: b"=%02X" % found[0][0], line)
    if line.endswith((b" ", b"\t")):
        line = line[:-1] + b"=%02X" % line[-1]
    if line.startswith(b"From "):
        line = b"=46" + line[1:]
    elif line == b".":
        line = b"=2E"
    pieces = []
    start = 0
    while len(line) - start > _MAX_LINE:
        # the equals sign that ends a line needs room, and no escape is cut apart
        end = start + _MAX_LINE - 1
        cut = line.find(b"=", end - 2, end)
        end = end if cut < 0 else cut
        pieces.append(line[start:end] + b"=")
        start = end
    return b"\n".join([*pieces, line[start:]])

"""Text inside headers: encoded words (RFC 2047) and parameters (RFC 2231), broken ones too."""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

from helpdesk_tui.mail import charsets

_WORD = re.compile(r"=\?([^?\s]{1,70})\?([bBqQ])\?")
_HEX = re.compile(r"[0-9A-F]{2}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_PARAM = re.compile(
    r";\s*+([^\s=;\"]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)(?:\"|$)|([^;]*+))", re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SECTION = re.compile(r"(.+?)\*(\d{1,3})?(\*)?$")
_MAX_SECTIONS = 500


def header_text(value: bytes, hints: tuple[str, ...] = ()) -> str:
    """Return a header value as text: raw 8-bit bytes and encoded words decoded."""
    text = raw_text(value, hints)
    return decode_words(text, hints) if "=?" in text else text


def raw_text(value: bytes, hints: tuple[str, ...] = ()) -> str:
    """Return a header value as text, encoded words left as they are."""
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    return charsets.decode_short(value, "", hints)


def _payload(encoding: str, text: str, label: str) -> bytes:
    """Return the bytes of an encoded word, in which raw 8-bit bytes may stand too."""
    if encoding in "bB":
        text = _NOT_BASE64.sub("", text)
        if len(text) % 4 == 1:
            text = text[:-1]
        return binascii.a2b_base64(text + "=" * (-len(text) % 4))
    if text.isascii():
        return binascii.a2b_qp(text.encode("ascii"), header=True)
    names = charsets.codecs_of(label) or ("utf-8",)
    try:
        data = text.encode(names[0])
    except UnicodeError:
        data = text.encode("utf-8", "replace")
    return binascii.a2b_qp(data, header=True)


def decode_words(text: str, hints: tuple[str, ...] = ()) -> str:
    """Decode every encoded word of ``text``; neighbours of one charset are joined first.

    Joining matters because senders cut words in the middle of a character. Words that hold no
    text, whatever they say, are left as they stand.
    """
    out: list[str] = []
    pending: list[bytes] = []
    charset = ""
    position = begin = 0

    def flush() -> None:
        if pending:
            data = b"".join(pending)
            shown = charsets.decode_short(data, charset, hints)
            is_text = not _CONTROL.search(shown) or charsets.fits(data, charset)
            out.append(shown if is_text else text[begin:position])
            pending.clear()

    while match := _WORD.search(text, position):
        stop = _end_of_word(text, match)
        if stop < 0:
            break
        between = text[position : match.start()]
        label = match[1].partition("*")[0].lower()
        neighbour = bool(pending) and not between.strip()
        if not neighbour or label != charset:
            flush()
            begin = match.start()
        if not neighbour:
            out.append(between)
        charset = label
        pending.append(_payload(match[2], text[match.end() : stop], label))
        position = stop + 2
    flush()
    out.append(text[position:])
    return "".join(out)


def _end_of_word(text: str, match: re.Match[str]) -> int:
    """Return where the content of an encoded word ends; -1 where it never does."""
    stop = text.find("?=", match.end())
    if stop >= 0 and match[2] in "qQ":
        # a question mark before an encoded character is no end
        while _HEX.match(text, stop + 2):
            further = text.find("?=", stop + 2)
            if further < 0 or "=?" in text[stop + 2 : further]:
                break
            stop = further
    return stop


def parameters(text: str) -> dict[str, str]:
    """Return the parameters of a structured header such as Content-Type, decoded.

    Continuations (``name*0*=``) are put together in order; of repeated names the first counts.
    """
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, quoted, bare in _PARAM.findall(text):
        value = _ESCAPED.sub(r"\1", quoted) if "\\" in quoted else quoted or bare.strip()
        name = name.lower()
        if "*" not in name:
            plain.setdefault(name, value)
            continue
        match = _SECTION.match(name)
        if match and len(sections.setdefault(match[1], {})) < _MAX_SECTIONS:
            encoded = bool(match[3]) or match[2] is None
            sections[match[1]].setdefault(int(match[2] or 0), (value, encoded))
    for name, pieces in sections.items():
        plain[name] = _joined(pieces)
    return plain


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """Put the sections of one parameter together and decode them."""
    charset = ""
    data: list[bytes] = []
    for number in sorted(pieces):
        value, encoded = pieces[number]
        if encoded and not data and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data.append(unquote_to_bytes(value) if encoded else value.encode("utf-8", "surrogatepass"))
    return charsets.decode_short(b"".join(data), charset)

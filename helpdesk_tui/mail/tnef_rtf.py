"""Rich text of Outlook: unpacked (MS-OXRTFCP), and as the HTML (MS-OXRTFEX) or text inside it.

Both are loops without recursion over bounded input; broken input ends early and never raises.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace

from helpdesk_tui.mail import charsets
from helpdesk_tui.mail.tnef_props import charset_of

MAX_RTF = 2_000_000
"""Bytes of rich text that are unpacked; 1 packed byte gives at most 9 of them."""
MAX_TOKENS = 300_000
"""Words, braces and runs of text that are read."""
MAX_GROUPS = 200
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_HEAD = struct.Struct("<IIII")
_WINDOW = 4096
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern"
    b" \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n]++"
    rb"|([^\\{}\r\n]++)|\\"
)
_WORDS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "endash": "–", "emdash": "—", "enspace": " ", "emspace": " ",
}  # fmt: skip
_SKIPPED = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr",
     "headerf", "footer", "footerl", "footerr", "footerf", "fldinst", "listtext", "pntext",
     "mhtmltag", "nonshppict", "bkmkstart", "bkmkend", "xe", "tc", "listtable"}
)  # fmt: skip
_FONT_CHARSETS = {128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
                  177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """Return rich text as it was before packing, up to :data:`MAX_RTF`; nothing if it is none."""
    if len(data) < _HEAD.size:
        return b""
    _, size, magic, _ = _HEAD.unpack_from(data)
    size = min(size, MAX_RTF)
    if magic == _PLAIN:
        return data[_HEAD.size : _HEAD.size + size]
    return _expanded(data, size) if magic == _COMPRESSED else b""


def _expanded(data: bytes, size: int) -> bytes:
    """Undo the packing: references into a window of 4096 bytes, eight steps a control byte."""
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b" "))
    write = len(_DICTIONARY)
    out = bytearray()
    at, end = _HEAD.size, len(data)
    while at < end and len(out) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 1 >= end:
                    return bytes(out[:size])
                reference = data[at] << 8 | data[at + 1]
                at += 2
                read, length = reference >> 4, (reference & 15) + 2
                if read == write:
                    return bytes(out[:size])
                for _ in range(length):
                    byte = window[read]
                    read = (read + 1) % _WINDOW
                    window[write] = byte
                    write = (write + 1) % _WINDOW
                    out.append(byte)
            elif at < end:
                byte = data[at]
                at += 1
                window[write] = byte
                write = (write + 1) % _WINDOW
                out.append(byte)
    return bytes(out[:size])


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces."""

    skipped: bool = False
    is_tag: bool = False
    """Holds a tag of the HTML that the rich text was made from."""
    is_copy: bool = False
    """Holds what stands for HTML that is there itself."""
    in_fonts: bool = False
    width: int = 1
    """Characters that follow a Unicode one, for readers that know no Unicode."""
    charset: str = ""


@dataclass(slots=True)
class _Reader:
    """Collects the characters of rich text."""

    is_html: bool
    charset: str
    out: list[str] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    group: _Group = field(default_factory=_Group)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    deeper: int = 0
    """Groups below the deepest one that is followed."""
    fallback: int = 0
    """Characters still to be left out after a Unicode one."""
    starts: bool = False
    """The last token was a brace, or marked the group as one that may be ignored."""
    may_ignore: bool = False
    pending: bytearray = field(default_factory=bytearray)
    high: int = 0
    """First half of a character beyond the basic plane."""

    def run(self, rtf: bytes) -> str:
        """Read all of it."""
        at = 0
        for _ in range(MAX_TOKENS):
            match = _TOKEN.match(rtf, at)
            if match is None:
                break
            at = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if word:
                value = int(number) if number else None
                if word == b"bin":
                    at = min(len(rtf), at + max(0, value or 0))
                self.word(word.decode("ascii"), value)
            elif brace:
                self.brace(brace)
            elif symbol == b"*":
                self.may_ignore = True
            elif symbol:
                self.symbol(symbol)
            elif code or text:
                self.bytes(bytes.fromhex(code.decode("ascii")) if code else text)
        self.flush()
        return "".join(self.out)

    def brace(self, brace: bytes) -> None:
        """Enter or leave a group."""
        self.flush()
        self.fallback = 0
        self.starts, self.may_ignore = brace == b"{", False
        if brace == b"{":
            if len(self.groups) < MAX_GROUPS:
                self.groups.append(self.group)
            else:
                self.deeper += 1
        elif self.deeper:
            self.deeper -= 1
        elif self.groups:
            self.group = self.groups.pop()

    def word(self, word: str, value: int | None) -> None:
        """Follow a control word."""
        starts, may_ignore = self.starts, self.may_ignore
        self.starts = self.may_ignore = False
        if starts and self._destination(word, may_ignore=may_ignore):
            return
        if word == "u":
            self.character(value or 0)
        elif self.fallback:
            self.fallback -= 1
        elif word in _WORDS:
            self.text(_WORDS[word])
        else:
            self._state(word, value)

    def _destination(self, word: str, *, may_ignore: bool) -> bool:
        """Tell whether a group is something else than text of the message."""
        if may_ignore and word == "htmltag" and self.is_html:
            self._become(is_tag=True)
        elif word == "fonttbl":
            self._become(skipped=True, in_fonts=True)
        elif word in _SKIPPED or (may_ignore and word not in ("shppict", "htmltag")):
            self._become(skipped=True)
        else:
            return False
        return True

    def _become(
        self, *, skipped: bool = False, is_tag: bool = False, in_fonts: bool = False
    ) -> None:
        group = self.group
        self.group = replace(group, skipped=group.skipped or skipped, is_tag=is_tag,
                             in_fonts=in_fonts)  # fmt: skip

    def _state(self, word: str, value: int | None) -> None:
        """Follow a control word that changes how what comes is read."""
        if word == "ansicpg" and value:
            self.charset = charset_of(value)
        elif word == "uc":
            self.group = replace(self.group, width=min(max(value or 0, 0), 8))
        elif word == "htmlrtf" and self.is_html:
            self.flush()
            self.group = replace(self.group, is_copy=value != 0)
        elif word == "f":
            self.flush()
            self.font = value or 0
            if not self.group.in_fonts:
                self.group = replace(self.group, charset=self.fonts.get(self.font, ""))
        elif word == "fcharset" and self.group.in_fonts and len(self.fonts) < 1000:
            codepage = _FONT_CHARSETS.get(value or 0)
            self.fonts[self.font] = charset_of(codepage) if codepage else ""
        elif word == "plain":
            self.flush()
            self.group = replace(self.group, charset="")

    def symbol(self, symbol: bytes) -> None:
        """Follow a control symbol."""
        self.starts = False
        if self.fallback:
            self.fallback -= 1
        elif symbol in b"\\{}":
            self.bytes(symbol)
        elif symbol == b"~":
            self.text("\u00a0")
        elif symbol == b"_":
            self.text("-")
        elif symbol in b"\r\n":
            self.text("\n")

    def character(self, value: int) -> None:
        """Write a Unicode character, given as a signed number of 16 bits."""
        self.flush()
        self.fallback = self.group.width
        code = value & 0xFFFF
        if 0xD800 <= code < 0xDC00:
            self.high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + (self.high - 0xD800 << 10) + code - 0xDC00 if self.high else 0xFFFD
        self.high = 0
        self._put(chr(code))

    def text(self, text: str) -> None:
        """Write a character that a control word stands for."""
        self.flush()
        self._put(text)

    def bytes(self, data: bytes) -> None:
        """Write bytes in the charset that holds."""
        self.starts = False
        skip = min(self.fallback, len(data))
        self.fallback -= skip
        if not self.group.skipped and (not self.group.is_copy or self.group.is_tag):
            self.pending += data[skip:]

    def flush(self) -> None:
        """Decode the bytes that came, all of which have one charset."""
        if self.pending:
            charset = self.group.charset or self.charset
            self._put(charsets.decode(bytes(self.pending), charset, guess=False))
            self.pending.clear()

    def _put(self, text: str) -> None:
        if not self.group.skipped and (not self.group.is_copy or self.group.is_tag):
            self.out.append(text)


def rtf_content(rtf: bytes) -> tuple[str, bool]:
    """Return what rich text says, and whether that is HTML."""
    if not rtf.lstrip()[:5].startswith(b"{\\rtf"):
        return "", False
    is_html = b"\\fromhtml" in rtf[:4000]
    return _Reader(is_html=is_html, charset="cp1252").run(rtf), is_html

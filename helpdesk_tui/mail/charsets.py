"""Bytes to text: the charsets that mail really arrives in, and what it calls them.

Only text codecs are used, never UTF-7. A declared charset counts as a claim: bytes that do not
fit it are tried as UTF-8, then as the other charsets the same mail names, then by detection.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from helpdesk_tui.mail.charset_shapes import shaped

_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:+()-]{0,40}")
_REFUSED = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs",
     "oem", "unicode-escape", "raw-unicode-escape"}
)  # fmt: skip
_ASCII = ("", "us-ascii", "ascii", "ansi_x3.4-1968", "7bit", "8bit", "x-user-defined")
_FAMILIES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("utf-8", "utf8", "utf-8mb4", "unicode-1-1-utf-8", "cp65001", "utf_8"), ("utf-8",)),
    (("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1"), ("cp1252", "latin-1")),
    (("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932"),
     ("cp932", "shift_jis_2004")),
    (("iso-2022-jp", "csiso2022jp", "iso-2022-jp-ms", "cp50220", "cp50221"),
     ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp_2")),
    (("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "euc-cn", "gb18030", "csgb2312"),
     ("gb18030",)),
    (("big5", "big-5", "x-x-big5", "cn-big5", "csbig5", "big5-hkscs"),
     ("big5", "big5hkscs", "cp950")),
    (("euc-kr", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ksc_5601", "cseuckr", "uhc"),
     ("cp949",)),
    (("iso-8859-8-i", "iso-8859-8-e"), ("iso8859_8",)),
    (("iso-8859-9",), ("cp1254", "iso8859_9")),
    (("iso-8859-11", "tis-620", "windows-874"), ("cp874", "tis_620")),
    (("x-mac-roman", "macintosh", "x-mac-cyrillic"), ("mac_roman",)),
    (("ansi", "x-ansi", "cp-1252", "x-cp1252", "windows-1252http-equivcontent-type"), ("cp1252",)),
    (("x-cp1251", "cp-1251", "win-1251"), ("cp1251",)),
    (("x-cp1250", "cp-1250"), ("cp1250",)),
    (("koi8", "koi"), ("koi8_r",)),
)  # fmt: skip
_GUESSES = (
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "iso8859_2", "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949", "utf_16",
)  # fmt: skip
"""What undeclared mail is written in; detection is kept from guessing at DOS and Mac codepages."""
_HIGH = bytes(range(0x80, 0x100))
_WESTERN = frozenset({"cp1252", "cp1254", "iso8859-15", "iso8859-2", "cp1250", "mac-roman"})
_STATEFUL = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso2022_jp", "iso2022_kr",
                       "hz", "cp037", "cp500"})  # fmt: skip
_MAX_DETECT = 8000
_MIN_DETECT = 40
"""Fewer bytes than this say too little about their charset to guess from."""


@lru_cache(maxsize=512)
def codecs_of(label: str) -> tuple[str, ...]:
    """Return the codecs to try for a charset label, best first; empty for an unknown one."""
    label = label.strip().strip("\"'").lower()
    for names, found in _FAMILIES:
        if label in names:
            return found
    if label in _ASCII or label in _REFUSED or not _LABEL.fullmatch(label):
        return ()
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError, UnicodeError):
        return ()
    if not getattr(info, "_is_text_encoding", False) or info.name in _REFUSED:
        return ()
    return (info.name,)


def _strictly(data: bytes, names: tuple[str, ...]) -> str | None:
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    return None


def western(data: bytes) -> str:
    """Decode bytes of unknown charset as Windows-1252, or Latin-1 where that has holes."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _detected(data: bytes) -> str | None:
    """Guess the charset of long enough text from its letters."""
    from charset_normalizer import from_bytes

    if b"\x00" not in data:
        # only lines that are not plain ASCII tell anything
        telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    else:
        telling = data
    best = from_bytes(telling[:_MAX_DETECT], cp_isolation=list(_GUESSES)).best()
    if best is None:
        return None
    return _strictly(data, (best.encoding,))


def _mostly_utf8(data: bytes) -> str | None:
    """Decode UTF-8 that was damaged in few places, as by cutting or by a stray byte."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if good > 3 * bad else None


def decode(data: bytes, label: str = "", hints: tuple[str, ...] = (), *, guess: bool = True) -> str:
    """Return the text of ``data``; never raises, never gives a lone surrogate.

    Args:
        data: The bytes after transfer decoding.
        label: The declared charset, or empty.
        hints: Other charsets that the same mail declares, tried where the label is of no use.
        guess: Whether to detect the charset of longer text as the last resort.
    """
    names = codecs_of(label)
    if data.isascii() and b"\x1b" not in data and (not names or names[0] not in _STATEFUL):
        return data.decode("ascii")
    if not names or names[0] == "utf-8":
        if b"\x1b$" in data and data.isascii():
            text = _strictly(data, codecs_of("iso-2022-jp"))
            if text is not None:
                return text
        names = ("utf-8",)
    text = _lied(data, names[0]) or _strictly(data, names)
    if text is None:
        text = _undeclared(data, names, hints, guess=guess)
    return text[1:] if text.startswith("\ufeff") else text


def _suggested(hint: str) -> tuple[str, ...]:
    """Return the codecs that a charset named elsewhere in the mail speaks for.

    Headers of Japanese mail are in ISO-2022-JP by custom, whatever the body is in. EUC-JP comes
    first, because Shift_JIS hardly ever passes for it, but not the other way round.
    """
    names = tuple(name for name in codecs_of(hint) if name != "utf-8")
    if names and names[0] in ("iso2022_jp", "cp932", "euc_jp"):
        return ("iso2022_jp", "euc_jp", "cp932")
    return names


def _undeclared(data: bytes, names: tuple[str, ...], hints: tuple[str, ...], *, guess: bool) -> str:
    """Decode bytes that do not fit what was declared."""
    if names[0] != "utf-8":
        text = _strictly(data, ("utf-8",))
        return text if text is not None else data.decode(names[0], "replace")
    text = _mostly_utf8(data)
    is_short = not guess or len(data) <= _MIN_DETECT
    if text is None and is_short and not any(_is_foreign(hint) for hint in hints):
        # a Western charset named elsewhere says nothing: every byte passes for it
        text = shaped(data)
    for hint in hints:
        if text is None:
            text = _strictly(data, _suggested(hint))
    if text is None and not is_short:
        text = _detected(data)
    return western(data) if text is None else text


def _is_foreign(hint: str) -> bool:
    names = codecs_of(hint)
    return bool(names) and names[0] != "utf-8" and names[0] not in _WESTERN


def _lied(data: bytes, name: str) -> str | None:
    """Return the text of UTF-8 that says it is something else.

    Only bytes that can hardly mean anything in the charset they name are taken for UTF-8: two
    Western letters of which the second is a sign, several times, or many pairs in a row.
    """
    if name in _STATEFUL or name == "utf-8":
        return None
    least = 2 if name in _WESTERN else 9
    if len(data) - len(data.translate(None, _HIGH)) < least:
        return None
    return _strictly(data, ("utf-8",))


def decode_short(data: bytes, label: str = "", hints: tuple[str, ...] = ()) -> str:
    """Return the text of a header, a name or a parameter: too little to detect a charset from."""
    return decode(data, label, hints, guess=False)


def fits(data: bytes, label: str) -> bool:
    """Tell whether bytes are text in the charset they name, or in UTF-8 if they name none."""
    return _strictly(data, codecs_of(label) or ("utf-8",)) is not None

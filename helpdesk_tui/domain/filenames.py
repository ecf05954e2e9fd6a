"""Names and kinds of files that came from outside.

The name a sender gives is a label. :func:`safe_name` makes a file name of it that stays in its
folder and shows its true ending; :func:`risk_of` tells what would run or phone home when opened.
"""

from __future__ import annotations

import re

from helpdesk_tui.domain.text import clean

_MAX_BYTES = 180
"""Bytes of a whole name: below every file system's limit, with room for a number."""
_MAX_ENDING = 16
_SEPARATORS = "/\\\u2044\u2215\u29f8\u29f5\ufe68\uff0f\uff3c"
_UNSAFE = re.compile(f'[{re.escape(_SEPARATORS)}:*?"<>|\u2400-\u2421\ufffd]')
_BLANKS = re.compile(r"\s+")
_BLANK_BEFORE_ENDING = re.compile(r"\s*\.\s*")
_NO_NAME = "attachment"


def safe_name(label: str) -> str:
    """Return a file name for a label: one plain path component, never hidden, never an option."""
    name = _UNSAFE.sub("_", clean(label))
    name = _BLANK_BEFORE_ENDING.sub(".", _BLANKS.sub(" ", name))
    name = name.lstrip(" .-~").rstrip(" .")
    if not name.strip("_"):
        return _NO_NAME
    return _cut(name)


def _cut(name: str) -> str:
    """Shorten a long name, keeping its ending."""
    if len(name.encode()) <= _MAX_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _MAX_ENDING:
        stem, dot, ending = name, "", ""
    room = _MAX_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + ending


def numbered(name: str, number: int) -> str:
    """Return the name to try next where ``name`` is taken: ``label (2).pdf``."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _MAX_ENDING:
        return f"{name} ({number})"
    return f"{stem} ({number}){dot}{ending}"


def _endings(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BY_ENDING: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "file.program",
        _endings(
            "exe com scr pif msi msp dll so cpl sys drv ocx jar jnlp class apk xapk ipa app dmg pkg"
            " deb rpm snap flatpak flatpakref appimage run bin elf ko xpi crx gadget hta msc reg"
            " iso img vhd vhdx"
        ),
    ),
    (
        "file.script",
        _endings(
            "sh bash zsh ksh csh fish command tool py pyw pyc pyz pl pm rb lua tcl awk php phar js"
            " mjs cjs jse ts vbs vbe vb wsf wsh ws sct ps1 psm1 psd1 bat cmd mk applescript scpt"
            " workflow action ahk au3 r jl el vim groovy kts chm inf"
        ),
    ),
    (
        "file.shortcut",
        _endings("desktop lnk url webloc scf directory service mount timer theme library-ms"),
    ),
    ("file.page", _endings("html htm xhtml xht shtml mht mhtml svg svgz xml xsl xslt htc")),
    (
        "file.macros",
        _endings(
            "docm dotm xlsm xltm xlam xlsb xll pptm potm ppsm ppam sldm doc dot xls xlt xla ppt"
            " pot pps rtf slk iqy mdb accdb accde pub odb"
        ),
    ),
)

_BY_HEAD: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    (
        "file.program",
        (
            b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf",
            b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"!<arch>\n", b"\xed\xab\xee\xdb", b"dex\n",
            b"\0asm",
        ),
    ),
    ("file.script", (b"#!", b"<?php")),
    ("file.shortcut", (b"L\0\0\0\x01\x14\x02\0",)),
    ("file.macros", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rt")),
)  # fmt: skip
_SHORTCUT = re.compile(rb"\[(desktop entry|internetshortcut)\]", re.I)
_PAGE = re.compile(rb"<\s{0,8}(!doctype\s+html|html|head|body|svg|script|iframe|meta)\b", re.I)
_MARKUP_START = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")
_IN_ZIP = (
    (b"META-INF/", "file.program"), (b"AndroidManifest.xml", "file.program"),
    (b"vbaProject.bin", "file.macros"), (b"Basic/", "file.macros"), (b"Scripts/", "file.macros"),
)  # fmt: skip
_TYPES: tuple[tuple[str, str], ...] = (
    ("html", "file.page"), ("svg", "file.page"), ("xml", "file.page"),
    ("x-msdownload", "file.program"), ("x-executable", "file.program"),
    ("x-dosexec", "file.program"), ("java-archive", "file.program"),
    ("x-java-jnlp", "file.program"), ("javascript", "file.script"), ("x-sh", "file.script"),
    ("x-python", "file.script"), ("x-perl", "file.script"), ("x-desktop", "file.shortcut"),
    ("macroenabled", "file.macros"),
)  # fmt: skip
_OFFICE_XML = ("officedocument", "opendocument")


def risk_of(filename: str, content_type: str, head: bytes) -> str:
    """Return why a file should not just be opened, or an empty string.

    The code is one of ``file.program``, ``file.script``, ``file.shortcut``, ``file.page`` and
    ``file.macros``. Name, declared type and first bytes (a few thousand) each suffice, so that
    none of them can hide what another tells.
    """
    return _by_name(filename) or _by_type(content_type) or _by_head(head)


def _by_name(filename: str) -> str:
    ending = safe_name(filename).rpartition(".")[2].lower()
    for code, endings in _BY_ENDING:
        if ending in endings:
            return code
    return ""


def _by_type(content_type: str) -> str:
    kind = content_type.lower()
    if any(part in kind for part in _OFFICE_XML) and "macro" not in kind:
        return ""
    for part, code in _TYPES:
        if part in kind:
            return code
    return ""


def _by_head(head: bytes) -> str:
    for code, starts in _BY_HEAD:
        if head.startswith(starts):
            return code
    if head.startswith(b"PK\x03\x04"):
        return next((code for part, code in _IN_ZIP if part in head), "")
    if _SHORTCUT.search(head[:512]):
        return "file.shortcut"
    text = head.lstrip()
    if text.startswith(_MARKUP_START) and _PAGE.search(head.replace(b"\0", b"")):
        return "file.page"
    return ""

"""What a file is, by its first bytes: neither its name nor its sender is believed.

Signs and their places are those of WHATWG MIME Sniffing and of the formats themselves. Whatever a
browser could run (pages, drawings with scripts, scripts, programs) is called what it is to nobody:
``application/octet-stream``, or plain text if it is text.
"""

from __future__ import annotations

from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"

_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"#!AMR", "audio/amr"),
)
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic", b"mif1": "image/heif",
    b"msf1": "image/heif", b"avif": "image/avif", b"avis": "image/avif", b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3gp6": "video/3gpp",
}  # fmt: skip
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_OGG = ((b"OpusHead", "audio/ogg"), (b"\x01vorbis", "audio/ogg"), (b"\x80theora", "video/ogg"))
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_OFFICE = {".docx": (b"word/", _WORD), ".xlsx": (b"xl/", _SHEET), ".pptx": (b"ppt/", _SLIDES)}
_OPEN = ("vnd.oasis.opendocument.text", "vnd.oasis.opendocument.spreadsheet",
         "vnd.oasis.opendocument.presentation", "epub+zip")  # fmt: skip
_OLD_OFFICE = {".doc": "application/msword", ".xls": "application/vnd.ms-excel",
               ".ppt": "application/vnd.ms-powerpoint"}  # fmt: skip
_TABLES = {".csv": "text/csv", ".ics": "text/calendar", ".vcf": "text/vcard"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe",
             b"\0asm", b"dex\n")  # fmt: skip
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def content_type(first_bytes: bytes, name: str) -> str:
    """Return the type of a file.

    Args:
        first_bytes: The beginning of it, some thousand bytes.
        name: As its sender calls it: decides only between forms of the same bytes (an office
            document and a plain archive, a table and any other text).
    """
    for tell in (_by_sign, _by_container, _by_archive):
        found = tell(first_bytes, PurePosixPath(name).suffix.lower())
        if found:
            return found
    if first_bytes.startswith(_PROGRAMS):
        return UNKNOWN
    if _is_text(first_bytes):
        return _TABLES.get(PurePosixPath(name).suffix.lower(), TEXT)
    return UNKNOWN


def _by_sign(head: bytes, suffix: str) -> str:
    for at, sign, kind in _SIGNS:
        if head[at : at + len(sign)] == sign:
            if kind == "application/ogg":
                return next((each for mark, each in _OGG if mark in head[:200]), kind)
            return kind
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        # a frame of MPEG audio, layer 3, without a tag before it
        return "audio/mpeg"
    if head.startswith(_OLE):
        return _OLD_OFFICE.get(suffix, UNKNOWN)
    return ""


def _by_container(head: bytes, suffix: str) -> str:
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    return ""


def _by_archive(head: bytes, suffix: str) -> str:
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ""
    if head[30:38] == b"mimetype" and head[38:50] == b"application/":
        named = next((each for each in _OPEN if head[50:].startswith(each.encode())), "")
        return f"application/{named}" if named else "application/zip"
    folder, kind = _OFFICE.get(suffix, (b"", ""))
    # the name of each member stands in clear before its bytes
    if folder and (b"[Content_Types].xml" in head or folder in head):
        return kind
    return "application/zip"


def _is_text(head: bytes) -> bool:
    if head.startswith(_MARKS[1:]):
        return len(head) % 2 == 0 and _decodes(head, "utf-16")
    if b"\0" in head or any(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return False
    return bool(head) and _decodes(head, "utf-8")


def _decodes(head: bytes, codec: str) -> bool:
    # the beginning may end within a character
    for cut in range(4):
        try:
            head[: len(head) - cut].decode(codec)
        except UnicodeDecodeError:
            continue
        return True
    return False

"""What a file is by its first bytes, and what to call one that came without a name."""

from __future__ import annotations

HEAD = 4_096
"""Bytes that are looked at."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"\x1f\x8b", "application/gzip"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"hevc": "image/heic",
    b"mif1": "image/heif", b"msf1": "image/heif", b"avif": "image/avif", b"avis": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3gp6": "video/3gpp", b"3g2a": "video/3gpp2",
}  # fmt: skip

_NAMES = {
    "image/jpeg": "image.jpg", "image/png": "image.png", "image/gif": "image.gif",
    "image/webp": "image.webp", "image/heic": "image.heic", "image/heif": "image.heif",
    "image/avif": "image.avif", "image/bmp": "image.bmp", "image/tiff": "image.tiff",
    "application/pdf": "document.pdf", "audio/ogg": "audio.ogg", "audio/mpeg": "audio.mp3",
    "audio/mp4": "audio.m4a", "audio/aac": "audio.aac", "audio/amr": "audio.amr",
    "audio/wav": "audio.wav", "video/mp4": "video.mp4", "video/3gpp": "video.3gp",
    "video/quicktime": "video.mov", "video/webm": "video.webm", "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf", "text/calendar": "event.ics", "text/plain": "text.txt",
}  # fmt: skip
_FAMILIES = {"image": "image", "audio": "audio", "video": "video", "text": "text"}


def type_of(head: bytes) -> str:
    """Return the content type that the first bytes of a file show; empty where they show none."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return next(
        (kind for at, magic, kind in _MAGIC if head[at : at + len(magic)] == magic), ""
    )


def agrees(declared: str, found: str) -> bool:
    """Tell whether the bytes may be what the provider says that they are.

    Only what would be shown or played has to look the part: other types have no sure mark.
    """
    family = declared.partition("/")[0]
    if declared in ("", "application/octet-stream", "binary/octet-stream"):
        return True
    if family == "image" or declared == "application/pdf":
        return found.partition("/")[0] == family and (family == "image" or found == declared)
    return not found or found.partition("/")[0] in (family, "video", "audio") or family not in (
        "audio", "video",
    )  # fmt: skip


def named_type(content_type: str) -> str:
    """Return a file name for a type."""
    known = _NAMES.get(content_type)
    if known is not None:
        return known
    return _FAMILIES.get(content_type.partition("/")[0], "file")

"""What to call a file that came without a name, and whether it is what it was said to be."""

from __future__ import annotations

from helpdesk_tui.domain.media.sniffing import TEXT, UNKNOWN

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


_UNSAID = ("", "application/octet-stream", "binary/octet-stream")


def agrees(declared: str, found: str) -> bool:
    """Tell whether bytes may be what the provider says that they are.

    Args:
        declared: The provider's word.
        found: What the first bytes show.
    """
    family, shown = declared.partition("/")[0], found.partition("/")[0]
    if declared in _UNSAID:
        return True
    if family == "image":
        return shown == family
    if declared == "application/pdf":
        return found == declared
    if family in ("audio", "video"):
        return shown in ("audio", "video", "application") and found != "application/pdf"
    return found in (UNKNOWN, TEXT) or shown in (family, "application")


def named_type(content_type: str) -> str:
    """Return a file name for a type."""
    known = _NAMES.get(content_type)
    if known is not None:
        return known
    return _FAMILIES.get(content_type.partition("/")[0], "file")


def is_made_up(name: str) -> bool:
    """Tell whether a file has its name from its type alone, and may get that of another type."""
    return name in _NAMES.values() or name in _FAMILIES.values() or name == "file"

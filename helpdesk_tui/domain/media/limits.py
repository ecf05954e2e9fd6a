"""What files each provider takes: read before anything is queued, with the numbers.

Sources: Twilio's accepted MIME types and its guidance for WhatsApp media, Meta's supported media
types of WhatsApp and Instagram (``send-message``, ``attachment-upload``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Protocol

from helpdesk_tui.domain.channels import CHANNELS, INSTAGRAM, SMS, WHATSAPP
from helpdesk_tui.domain.messaging.providers import Carrier

MB = 1_000_000
SOFT_LIMIT = 5 * MB
"""Bytes of all files together from which on they are said to arrive slowly, unless set."""


class Sized(Protocol):
    """A file, as far as limits look at it."""

    @property
    def filename(self) -> str:
        """Its name."""

    @property
    def content_type(self) -> str:
        """Its type, by its bytes."""

    @property
    def size(self) -> int:
        """Its bytes."""


@dataclass(frozen=True, slots=True)
class MediaRule:
    """Types of files, and how large each may be."""

    kinds: tuple[str, ...]
    """Content types; ``*`` stands for any rest."""
    most: int


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What one provider of one channel takes."""

    total: int
    """Bytes of all files of a message."""
    files: int
    """0: any number."""
    rules: tuple[MediaRule, ...] = ()
    """Types that it takes; empty: any. The first that fits decides."""
    warns_from: int = 0
    """Bytes in all from which on some networks give up; 0: none."""
    warns_rest_from: int = 0
    """The same for what the provider cannot make smaller by itself."""
    needs_address: bool = False
    """It takes no bytes, but an address to fetch them from: a relay is needed."""

    def rule_of(self, content_type: str) -> MediaRule | None:
        """Return the rule of a type; None where it is not taken."""
        plain = content_type.partition(";")[0].strip().lower()
        for rule in self.rules:
            if any(fnmatchcase(plain, kind) for kind in rule.kinds):
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know, or that forbids sending, before a message with files is queued."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    is_refusal: bool = False
    shrinks: bool = False
    """Making pictures smaller would help."""


_PICTURES = ("image/jpeg", "image/png", "image/gif")
_DOCUMENTS = (
    "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.*",
)  # fmt: skip
_MMS = MediaLimits(
    total=5 * MB,
    files=10,
    rules=(
        MediaRule(_PICTURES, 5 * MB),
        MediaRule(
            ("image/webp", "image/heic", "image/heif", "image/tiff", "audio/*", "video/*",
             "text/vcard", "text/csv", "text/plain", "text/calendar", "application/pdf",
             "application/vcard"),
            5 * MB,
        ),
    ),
    warns_from=600_000,
    warns_rest_from=500_000,
    needs_address=True,
)  # fmt: skip
_WHATSAPP_TWILIO = MediaLimits(
    total=16 * MB,
    files=10,
    rules=(
        MediaRule(("image/jpeg", "image/png"), 5 * MB),
        MediaRule(("image/webp",), 100_000),
        MediaRule(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MB),
        MediaRule(("video/mp4", "video/3gpp"), 16 * MB),
        MediaRule((*_DOCUMENTS, "text/vcard"), 16 * MB),
    ),
    needs_address=True,
)
_WHATSAPP_META = MediaLimits(
    total=100 * MB,
    files=10,
    rules=(
        MediaRule(("image/jpeg", "image/png"), 5 * MB),
        MediaRule(("image/webp",), 100_000),
        MediaRule(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MB),
        MediaRule(("video/mp4", "video/3gpp"), 16 * MB),
        MediaRule(_DOCUMENTS, 100 * MB),
    ),
)
_INSTAGRAM = MediaLimits(
    total=25 * MB,
    files=10,
    rules=(
        MediaRule(("image/jpeg", "image/png"), 8 * MB),
        MediaRule(("audio/aac", "audio/mp4", "audio/wav", "audio/x-m4a"), 25 * MB),
        MediaRule(
            ("video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"), 25 * MB
        ),
        MediaRule(("application/pdf",), 25 * MB),
    ),
    needs_address=True,
)
_LIMITS: dict[tuple[str, str], MediaLimits] = {
    (SMS.name, Carrier.TWILIO): _MMS,
    (WHATSAPP.name, Carrier.TWILIO): _WHATSAPP_TWILIO,
    (WHATSAPP.name, Carrier.META): _WHATSAPP_META,
    (INSTAGRAM.name, Carrier.INSTAGRAM_LOGIN): _INSTAGRAM,
    (INSTAGRAM.name, Carrier.FACEBOOK_LOGIN): _INSTAGRAM,
}


def limits_of(channel: str, provider: str = "") -> MediaLimits:
    """Return what a channel takes through a provider; the channel's own where none is named."""
    found = _LIMITS.get((channel, provider))
    if found is not None:
        return found
    of_channel = [limits for (name, _), limits in _LIMITS.items() if name == channel]
    if of_channel:
        is_sandbox = provider == Carrier.SANDBOX
        return replace(of_channel[0], needs_address=False) if is_sandbox else of_channel[0]
    spec = CHANNELS[channel]
    return MediaLimits(total=spec.attachment_limit, files=spec.files_limit)


def findings_of(
    limits: MediaLimits, files: Sequence[Sized], *, soft_limit: int = SOFT_LIMIT
) -> tuple[Finding, ...]:
    """Return what is to be said of files before they are queued; refusals first.

    Args:
        limits: What the provider takes.
        files: The files of one message.
        soft_limit: Bytes in all from which on they arrive slowly; 0: never said.
    """
    refusals = [*_refusals(limits, files)]
    if refusals:
        return tuple(refusals)
    total = sum(file.size for file in files)
    if limits.warns_from and (total > limits.warns_from or _rest(files) > limits.warns_rest_from):
        values = {"size": total, "limit": limits.warns_from}
        return (Finding("media.may-not-arrive", values, shrinks=_has_pictures(files)),)
    if 0 < soft_limit < total:
        values = {"size": total, "limit": soft_limit}
        return (Finding("media.slow", values, shrinks=_has_pictures(files)),)
    return ()


def _refusals(limits: MediaLimits, files: Sequence[Sized]) -> list[Finding]:
    found = []
    if 0 < limits.files < len(files):
        values: dict[str, Any] = {"count": len(files), "most": limits.files}
        found.append(Finding("media.too-many", values, is_refusal=True))
    for file in files:
        if file.size == 0:
            found.append(Finding("media.empty", {"name": file.filename}, is_refusal=True))
            continue
        rule = limits.rule_of(file.content_type)
        named = {"name": file.filename, "type": file.content_type}
        if rule is None and limits.rules:
            found.append(Finding("media.not-taken", named, is_refusal=True))
        elif rule is not None and file.size > rule.most:
            values = {**named, "size": file.size, "limit": rule.most}
            is_picture = _is_picture(file)
            found.append(Finding("media.too-large", values, is_refusal=True, shrinks=is_picture))
    total = sum(file.size for file in files)
    if not found and total > limits.total:
        values = {"size": total, "limit": limits.total}
        found.append(
            Finding("media.too-large-together", values, is_refusal=True,
                    shrinks=_has_pictures(files))
        )  # fmt: skip
    return found


def _rest(files: Sequence[Sized]) -> int:
    """Return the bytes of what networks do not make smaller by themselves."""
    return sum(file.size for file in files if file.content_type.lower() not in _PICTURES)


def _has_pictures(files: Sequence[Sized]) -> bool:
    return any(_is_picture(file) for file in files)


def _is_picture(file: Sized) -> bool:
    return file.content_type.lower().startswith("image/")

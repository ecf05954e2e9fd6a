"""What a reply is made of on its way to a provider: the requests it takes, planned once.

The same reply always gives the same parts, so that a sender that starts anew goes on where the
last one ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What one request carries."""

    TEXT = "text"
    FILE = "file"
    TEXT_AND_FILES = "text-and-files"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """An approved template with what stands in its places."""

    name: str
    language: str
    values: tuple[str, ...] = ()
    """For ``{{1}}``, ``{{2}}`` … in this order."""


@dataclass(frozen=True, slots=True)
class ReplyFile:
    """A file of a reply."""

    sha256: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of ours as it is planned."""

    text: str
    files: tuple[ReplyFile, ...] = ()
    template: TemplateUse | None = None
    """Sent instead of the text, which only says what the customer then reads."""


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One request that a reply will take."""

    kind: PartKind
    text: str = ""
    files: tuple[str, ...] = ()
    """SHA-256 of its files."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    """What one request of a provider carries."""

    text: int = 0
    """Characters; 0: any number."""
    text_bytes: int = 0
    """Bytes in UTF-8; 0: any number."""
    files: int = 1
    """Files of one request."""
    caption: int = 0
    """Characters beside a file; 0: text and files travel apart."""
    caption_kinds: frozenset[str] = frozenset()
    """First halves of content types that take a caption; ``*`` for all."""


def plan(reply: Reply, limits: PartLimits) -> list[PlannedPart]:
    """Return the parts that a reply leaves in, first ones first."""
    if reply.template is not None:
        return [PlannedPart(PartKind.TEMPLATE, reply.text)]
    groups = [
        reply.files[at : at + limits.files] for at in range(0, len(reply.files), limits.files)
    ]
    text = reply.text.strip()
    if text and groups and _takes_caption(groups[0], text, limits):
        first = PlannedPart(PartKind.TEXT_AND_FILES, text, _hashes(groups[0]))
        return [first, *(PlannedPart(PartKind.FILE, files=_hashes(each)) for each in groups[1:])]
    texts = [PlannedPart(PartKind.TEXT, piece) for piece in split_text(text, limits)]
    return [*texts, *(PlannedPart(PartKind.FILE, files=_hashes(each)) for each in groups)]


def split_text(text: str, limits: PartLimits) -> list[str]:
    """Return a text in pieces that fit, ended at lines or words wherever there are any."""
    return list(_pieces(text.strip(), limits))


def _pieces(text: str, limits: PartLimits) -> Iterator[str]:
    while text:
        fits = _fitting(text, limits)
        if fits == len(text):
            yield text
            return
        end = _good_end(text, fits)
        yield text[:end].rstrip()
        text = text[end:].lstrip()


def _fitting(text: str, limits: PartLimits) -> int:
    """Return how many characters of the beginning fit; at least one."""
    most = min(len(text), limits.text or len(text))
    if limits.text_bytes and len(text[:most].encode()) > limits.text_bytes:
        cut = text[:most].encode()[: limits.text_bytes]
        most = len(cut.decode(errors="ignore"))
    return max(1, most)


def _good_end(text: str, fits: int) -> int:
    """Return where to cut within what fits: the last line end, else space, else not within a sign.

    What is left of the cut is never less than half of what fits, so that no shred travels alone.
    """
    if text[fits].isspace():
        return fits
    for sign in ("\n", " "):
        end = text.rfind(sign, fits // 2, fits)
        if end > 0:
            return end
    end = fits
    while end > 1 and _joins(text[end], text[end - 1]):
        end -= 1
    return end if end > 1 else fits


def _joins(sign: str, before: str) -> bool:
    """Tell whether a character belongs to the sign before it (skin tones, joined emoji, marks)."""
    code = ord(sign)
    is_mark = 0x0300 <= code <= 0x036F or 0xFE00 <= code <= 0xFE0F or 0x1F3FB <= code <= 0x1F3FF
    return is_mark or sign == "\u200d" or before == "\u200d"


def _takes_caption(files: tuple[ReplyFile, ...], text: str, limits: PartLimits) -> bool:
    if not 0 < len(text) <= limits.caption:
        return False
    if limits.text_bytes and len(text.encode()) > limits.text_bytes:
        return False
    if "*" in limits.caption_kinds:
        return True
    return all(file.content_type.partition("/")[0] in limits.caption_kinds for file in files)


def _hashes(files: tuple[ReplyFile, ...]) -> tuple[str, ...]:
    return tuple(file.sha256 for file in files)

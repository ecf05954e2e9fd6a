"""The words of a received file: what it is, how long it plays, why it is not here."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.messages import AttachmentRow, FileState
from helpdesk_tui.domain.pictures import Look, NoPicture, Playtime, Thumbnail
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.language import N_, Marked, _
from helpdesk_tui.widgets.words.locale_forms import number, size_label

PICTURES: Marked[Mapping[str, str]] = {
    "picture.empty": "the file is empty: nothing of it arrived",
    "picture.unreadable": "not the picture it says it is: save it to look into it",
    "picture.too-large": "too many pixels to be unpacked here",
    "picture.too-heavy": "made to be slow: it is not unpacked here",
}
"""Why a file that calls itself a picture is not shown as one."""

STATES: Marked[Mapping[FileState, str]] = {
    FileState.PENDING: N_("downloading …"),
    FileState.EXPIRED: N_("the provider no longer holds it"),
    FileState.REFUSED: N_("not fetched"),
    FileState.FAILED: N_("could not be fetched"),
}
"""What became of a file whose bytes are not here."""

FILE_SENTENCES: Marked[Mapping[str, str]] = {
    "attachment.pending": "file {id} is still being fetched from the provider: try again soon",
    "attachment.expired": "file {id} is gone: the provider no longer holds it",
    "attachment.refused": "file {id} was not fetched: 'helpdesk ticket show' says why",
    "attachment.failed": "file {id} could not be fetched: 'helpdesk attachment fetch {id}' tries"
    " again",
    "media.other-type": "it is not of the type that it was said to be: look twice",
    "media.expired": "the provider no longer holds it",
    "media.missing": "the provider does not have it yet",
    "media.damaged": "other bytes came than were announced",
}
"""Sentences of files whose bytes are not here, or not what they were said to be."""

_INKS = {FileState.PENDING: Ink.DIM, FileState.FAILED: Ink.BAD}


def playtime_words(seconds: float) -> str:
    """Return a time to play as a player shows it: ``0:07``, ``1:02:45``."""
    whole = max(1, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def file_sign(file: AttachmentRow) -> str:
    """Return what stands before a file."""
    family = file.content_type.lower().partition("/")[0]
    return {"audio": "♪ ", "video": "▸ "}.get(family, "▣ ")


def file_details(file: AttachmentRow, look: Look) -> str:
    """Return size and kind of a file, and what a look at it told."""
    kind = clean(file.content_type)
    if isinstance(look, Playtime):
        kind = playtime_words(look.seconds)
        if look.width and look.height:
            kind += f"  {look.width}×{look.height}"
    elif isinstance(look, Thumbnail) and look.width:
        dimensions = f"{look.width}×{look.height}"
        kind = dimensions if look.rows else f"{kind}  {dimensions}"
        if look.moves:
            kind += "  " + _("moves")
    elif isinstance(look, Thumbnail) and look.is_page:
        kind = _("first page")
    # a file that is not here may say no size yet
    return "  ".join([piece for piece in (_size(file), kind) if piece])


def _size(file: AttachmentRow) -> str:
    return size_label(file.size) if file.size or file.state is FileState.HERE else ""


def file_trouble(file: AttachmentRow, look: Look) -> tuple[str, Ink]:
    """Return why a file cannot be seen, and how it is drawn; nothing if all is well."""
    if file.state is not FileState.HERE:
        from helpdesk_tui.widgets.words.errors import sentence_of

        said = _(STATES[file.state])
        if file.error_code and file.state in (FileState.REFUSED, FileState.FAILED):
            said = f"{said}: {sentence_of(file.error_code)}"
        return said, _INKS.get(file.state, Ink.WAITING)
    if isinstance(look, NoPicture):
        return no_picture_words(look), Ink.WAITING
    if file.error_code:
        from helpdesk_tui.widgets.words.errors import sentence_of

        return sentence_of(file.error_code), Ink.WAITING
    return "", Ink.DIM


def no_picture_words(look: NoPicture) -> str:
    """Return why there is no picture to be seen."""
    said = _(PICTURES.get(look.code, clean(look.code)))
    if look.width and look.height:
        said += f" ({number(look.width)}×{number(look.height)})"
    return said


def can_be_fetched(file: AttachmentRow) -> bool:
    """Return whether asking the provider for a file again may help."""
    return file.is_remote and file.state in (FileState.FAILED, FileState.EXPIRED, FileState.REFUSED)


def fetch_keys() -> tuple[Span, ...]:
    """Return the key that asks for a file again, and what it does."""
    return (("   F", Ink.KEY), (" " + _("fetches it again"), Ink.SOFT))

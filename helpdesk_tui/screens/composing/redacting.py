"""Blacking out parts of a picture of a draft before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.pictures import KINDS
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.thread import size_label

if TYPE_CHECKING:
    from helpdesk_tui.domain.pictures import NoPicture
    from helpdesk_tui.screens.composing.draft_files import DraftFiles
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.media.viewing import Viewing
    from helpdesk_tui.widgets.region_picture import Area


def pictures_of(files: tuple[AttachmentRow, ...]) -> tuple[AttachmentRow, ...]:
    """Return the files that are pictures."""
    return tuple(file for file in files if file.content_type.lower() in KINDS)


class Redacting:
    """Asks which picture and which of its parts; the original stays in the store."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk], files: DraftFiles) -> None:
        self._pane = pane
        self._desk = desk
        self._files = files

    def begin(self, kind: DraftKind) -> None:
        """Ask which picture, where there are several."""
        pictures = pictures_of(self._files.of(kind))
        if not pictures:
            self._pane.composer.say(_("no picture is attached"))
        elif len(pictures) == 1:
            self._load(kind, pictures[0])
        else:
            from helpdesk_tui.screens.menu import Choice, Menu

            choices = [
                Choice(str(place % 10), clean(file.filename), file, size_label(file.size))
                for place, file in enumerate(pictures[:10], start=1)
            ]
            self._pane.app.push_screen(
                Menu(_("black out a part of"), choices, opened_by="composer.review"),
                lambda file: self._load(kind, file) if file is not None else None,
            )

    def _load(self, kind: DraftKind, file: AttachmentRow) -> None:
        self._pane.ask(
            lambda: self._desk().thumbnails.viewing(file),
            lambda viewing: self._show(kind, file, viewing),
            self._pane.refuse,
            group="redact",
        )

    def _show(self, kind: DraftKind, file: AttachmentRow, viewing: Viewing | NoPicture) -> None:
        from helpdesk_tui.screens.dialogs.redact import RedactDialog
        from helpdesk_tui.services.media.viewing import Viewing

        pane = self._pane
        if not pane.is_open:
            return
        if not isinstance(viewing, Viewing):
            pane.composer.say(_("this picture cannot be looked at here"))
            return

        def chosen(areas: tuple[Area, ...] | None) -> None:
            if areas:
                self._redact(kind, file, areas)
            else:
                pane.composer.editor.focus()

        pane.app.push_screen(RedactDialog(file.filename, viewing), chosen)

    def _redact(self, kind: DraftKind, file: AttachmentRow, areas: tuple[Area, ...]) -> None:
        def job() -> list[AttachmentRow]:
            from helpdesk_tui.services.media.redacting import Region

            out = self._desk().outgoing
            made = out.redact(file, [Region(*area) for area in areas])
            return [out.put(file, made.data, made.content_type)]

        said = _("{name}: blacked out").format(name=clean(file.filename))
        self._files.smaller.replace(kind, [file], job, said)
        self._pane.composer.editor.focus()

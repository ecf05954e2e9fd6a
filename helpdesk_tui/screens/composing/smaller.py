"""Pictures of a draft that are made small enough for where they go, once the agent has seen it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.media.limits import Finding
from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.media import finding_words

if TYPE_CHECKING:
    from helpdesk_tui.screens.composing.draft_files import DraftFiles
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.media.shrinking import Shrunk

PREVIEW_COLUMNS, PREVIEW_ROWS = 40, 11
"""Cells of a picture beside its figures."""
_REST = 0.2
"""Seconds between two looks whether somebody still types."""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture made smaller, with a look at it."""

    file: AttachmentRow
    shrunk: Shrunk
    picture: Thumbnail | None


class Smaller:
    """Offers to shrink the pictures of a draft."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk], files: DraftFiles) -> None:
        self._pane = pane
        self._desk = desk
        self._files = files

    def offer(self, ticket: int, kind: DraftKind, finding: Finding) -> None:
        """Make the pictures smaller aside, and show them before anything is changed."""
        pane = self._pane
        files, most = self._files.of(kind), int(finding.values["limit"])
        name = finding.values.get("name")
        meant = tuple(file for file in files if file.filename == name) or files
        pane.composer.say(_("{problem} · making it smaller …").format(
            problem=finding_words(finding)), last=True)  # fmt: skip
        self._files.holding.begin()

        def failed(error: HelpdeskError) -> None:
            self._files.holding.end(is_well=False)
            pane.composer.say(f"{finding_words(finding)} · {sentence(error)}")

        pane.start(
            lambda: self._made(meant, most),
            lambda made: self._show(ticket, kind, finding, made),
            failed,
            group="shrink",
        )

    def _made(self, files: tuple[AttachmentRow, ...], most: int) -> tuple[Made, ...]:
        by_id = {file.id: file for file in files}
        shrunk = self._desk().outgoing.shrink(files, most)
        return tuple(Made(by_id[key], one, looked_at(one.data)) for key, one in shrunk.items())

    def _show(self, ticket: int, kind: DraftKind, finding: Finding, made: tuple[Made, ...]) -> None:
        pane = self._pane
        if not pane.is_open or pane.thread is None or pane.thread.ticket.row.id != ticket:
            self._files.holding.end(is_well=False)
            return
        if not (pane.at_once.rests or self._files.holding.is_asked):
            # a question under typing fingers would be answered by what they type
            pane.set_timer(_REST, lambda: self._show(ticket, kind, finding, made))
            return
        pane.composer.say("")
        from helpdesk_tui.screens.dialogs.shrink import ShrinkDialog

        rest = sum(one.size for one in self._files.of(kind)) - sum(each.file.size for each in made)
        pane.app.push_screen(
            ShrinkDialog(finding, made, rest),
            lambda yes: self._take(kind, made) if yes else self._left(finding, yes),
        )

    def _left(self, finding: Finding, answer: bool | None) -> None:
        """Nothing was changed: say again what that means; no answer lets nothing leave."""
        self._pane.composer.say(finding_words(finding))
        self._files.holding.end(is_well=answer is not None)

    def _take(self, kind: DraftKind, made: tuple[Made, ...]) -> None:
        def job() -> list[AttachmentRow]:
            out = self._desk().outgoing
            return [out.put(one.file, one.shrunk.data, one.shrunk.content_type) for one in made]

        self.replace(kind, [one.file for one in made], job, _("made smaller"))
        self._files.holding.end()

    def replace(
        self,
        kind: DraftKind,
        before: list[AttachmentRow],
        job: Callable[[], list[AttachmentRow]],
        said: str,
    ) -> None:
        """Let files of the draft have other bytes; one key gives them the former ones back."""
        pane = self._pane

        def undo() -> None:
            def work() -> list[AttachmentRow]:
                return [self._desk().outgoing.put_back(one) for one in before]

            pane.start(work, lambda rows: self._files.changed(kind, rows), pane.refuse,
                       group="attach")  # fmt: skip

        def done(rows: list[AttachmentRow]) -> None:
            self._files.changed(kind, rows)
            pane.back.offer(undo)
            key = pane.composer.key_of("composer.take-back")
            news = _("{said} · {key} takes it back").format(said=said, key=key)
            pane.composer.say(news, soft=True)
            self._files.holding.end()

        def failed(error: HelpdeskError) -> None:
            self._files.holding.end(is_well=False)
            pane.refuse(error)

        self._files.holding.begin()
        pane.start(job, done, failed, group="attach")


def looked_at(
    data: bytes, columns: int = PREVIEW_COLUMNS, rows: int = PREVIEW_ROWS
) -> Thumbnail | None:
    """Return a small picture of bytes, or None where there is none to be drawn. Blocks."""
    from helpdesk_tui.services.media.viewing import Viewing

    try:
        viewing = Viewing.of(data)
    except HelpdeskError:
        return None
    return viewing.part(Window(), columns, rows, None) if isinstance(viewing, Viewing) else None

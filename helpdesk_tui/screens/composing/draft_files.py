"""The files of a draft: put to it, taken off it, looked over, shown in the composer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.media.limits import Finding
from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.composing.holding import Holding
from helpdesk_tui.screens.composing.outgoing import attach_file
from helpdesk_tui.screens.composing.outside import is_locked
from helpdesk_tui.screens.composing.pasted import existing, readings
from helpdesk_tui.screens.composing.recent_folders import recent_folders, remember_folder
from helpdesk_tui.screens.composing.smaller import Smaller
from helpdesk_tui.widgets.words.errors import sentence, sentence_of
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.media import finding_words
from helpdesk_tui.widgets.words.thread import size_label

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import Thread
    from helpdesk_tui.domain.ticket_details import TicketDetail
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.desk import Desk


@dataclass(frozen=True, slots=True)
class _Added:
    """What became of files that were to be attached."""

    files: tuple[AttachmentRow, ...]
    refused: tuple[str, ...]
    """Why others were not, in words."""
    findings: tuple[Finding, ...]
    """What is to be said of all that is attached now."""
    wants_words: bool
    """Nothing is written yet that says what the files are."""


class DraftFiles:
    """Keeps the files of reply and note apart, and asks which one is meant."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._files: dict[DraftKind, tuple[AttachmentRow, ...]] = {}
        self._seen: set[tuple[int, str]] = set()
        self._is_hinted = False
        self.holding = Holding(pane)
        """Nothing leaves while a file is on its way into the draft."""
        self.smaller = Smaller(pane, desk, self)

    def of(self, kind: DraftKind) -> tuple[AttachmentRow, ...]:
        """Return the files of the reply or of the note."""
        return self._files.get(kind, ())

    def put(self, kind: DraftKind, files: tuple[AttachmentRow, ...]) -> None:
        """Take the files of a draft as they are now."""
        self._files[kind] = files
        self._seen.update((file.id, file.sha256) for file in files)
        if not files:
            self._is_hinted = False
        if self._pane.is_open and self._pane.composer.kind is kind:
            self._pane.composer.show_files(files)
            self._pane.composer.say("")

    def changed(self, kind: DraftKind, rows: Sequence[AttachmentRow]) -> None:
        """Take files of a draft that have other bytes now."""
        by_id = {row.id: row for row in rows}
        self.put(kind, tuple(by_id.get(one.id, one) for one in self.of(kind)))

    @property
    def where(self) -> tuple[int, DraftKind] | None:
        """The draft that is on screen; None while none is, or while its files are changing."""
        thread = self._pane.thread
        if thread is None or not self._pane.is_open or self.holding.is_under_way:
            return None
        return thread.ticket.row.id, self._pane.composer.kind

    def found(self, where: tuple[int, DraftKind], files: Sequence[AttachmentRow]) -> None:
        """Show files that came to the draft from elsewhere, such as by a command.

        What was here before and is taken off, or has left with a message, does not come back.
        """
        new = [file for file in files if (file.id, file.sha256) not in self._seen]
        if new and where == self.where:
            self.put(where[1], (*self.of(where[1]), *new))

    def clear(self) -> None:
        """Forget all: another ticket is written in."""
        self._files.clear()
        self._seen.clear()
        self._is_hinted = False

    # putting in ------------------------------------------------------------------------------

    def attach(self, ticket: TicketDetail, flush: Callable[[], None]) -> None:
        """Ask for files and put them to the draft of this kind."""
        kind = self._pane.composer.kind
        if self._is_out_of_reach(ticket, kind):
            return
        from helpdesk_tui.screens.dialogs.attach import AttachDialog

        def add(paths: tuple[Path, ...] | None) -> None:
            if paths:
                self.add(ticket, kind, paths, flush)

        settings = self._desk().settings
        self._pane.ask(
            lambda: recent_folders(settings),
            lambda recent: self._pane.app.push_screen(AttachDialog(recent), add),
            self._pane.refuse,
            group="attach",
        )

    def _is_out_of_reach(self, ticket: TicketDetail, kind: DraftKind) -> bool:
        """Say why no file of this machine can be sent, where that is so."""
        composer, row = self._pane.composer, ticket.row
        if is_locked(self._desk().actor):
            command = f"helpdesk attachment put {row.id} --name FILE < FILE"
            composer.say(
                _("files of this box are out of reach; on your own machine: ssh BOX {command}")
                .format(command=command)
            )  # fmt: skip
            return True
        info, spec = ticket.messaging, CHANNELS[row.channel]
        if kind is DraftKind.NOTE or info is None or info.has_relay:
            return False
        from helpdesk_tui.domain.media.limits import limits_of

        if limits_of(row.channel, info.provider).needs_address:
            composer.say(sentence_of("reply.no-relay", channel=spec.label))
            return True
        return False

    def pasted(self, thread: Thread | None, text: str, flush: Callable[[], None]) -> None:
        """Attach what a paste names, if it names nothing but files; else put the text in.

        Keys wait until that is found out.
        """
        found, pane, kind = readings(text), self._pane, self._pane.composer.kind

        def put_in() -> None:
            pane.composer.editor.put_in(text)
            pane.composer.editor.go_on()

        def done(paths: tuple[Path, ...]) -> None:
            if thread is None or not paths or self._is_out_of_reach(thread.ticket, kind):
                put_in()
                return
            self.add(thread.ticket, kind, paths, flush, pasted=text)
            pane.composer.editor.go_on()

        if not found or is_locked(self._desk().actor):
            put_in()
        else:
            pane.start(lambda: existing(found), done, lambda _error: put_in(), group="attach")

    def add(
        self,
        ticket: TicketDetail,
        kind: DraftKind,
        paths: Sequence[Path],
        flush: Callable[[], None],
        *,
        pasted: str = "",
    ) -> None:
        """Put files to a draft, each if it may go; say of the others why not."""
        present = self.of(kind)

        def job() -> _Added:
            flush()
            return self._attached(ticket, kind, paths, present)

        def done(added: _Added) -> None:
            self._added(ticket, kind, added, pasted)
            self.holding.end(is_well=not added.refused)

        def failed(error: HelpdeskError) -> None:
            self.holding.end(is_well=False)
            self._pane.refuse(error)

        self.holding.begin()
        self._pane.start(job, done, failed, group="attach")

    def _attached(
        self,
        ticket: TicketDetail,
        kind: DraftKind,
        paths: Sequence[Path],
        present: tuple[AttachmentRow, ...],
    ) -> _Added:
        desk, rows, refused = self._desk(), list(present), []
        for path in paths:
            try:
                rows.append(attach_file(desk.drafts, ticket, kind, path, rows))
            except HelpdeskError as error:
                refused.append(sentence(error))
        added = tuple(rows[len(present) :])
        if added:
            remember_folder(desk.settings, paths[0].parent)
        if kind is DraftKind.NOTE or not added:
            return _Added(added, tuple(refused), (), wants_words=False)
        draft = desk.drafts.load(ticket.row.id, kind)
        looked = desk.outgoing.look_over(ticket.row.id, draft.text if draft else "", rows)
        return _Added(added, tuple(refused), looked.findings, looked.wants_words)

    def _added(self, ticket: TicketDetail, kind: DraftKind, added: _Added, pasted: str) -> None:
        pane = self._pane
        if pane.thread is None or pane.thread.ticket.row.id != ticket.row.id:
            return
        self.put(kind, (*self.of(kind), *added.files))
        if pasted and added.files:
            pane.back.offer(lambda: self._undo_paste(kind, added.files, pasted))
        if added.refused:
            pane.composer.say(" · ".join(added.refused))
        elif any(finding.shrinks for finding in added.findings):
            finding = next(one for one in added.findings if one.shrinks)
            self.smaller.offer(ticket.row.id, kind, finding)
        elif added.findings:
            pane.composer.say(finding_words(added.findings[0]))
        elif pasted:
            said = ngettext(
                "a file instead of its path: {key} takes it back",
                "files instead of their paths: {key} takes it back",
                len(added.files),
            )
            pane.composer.say(
                said.format(key=pane.composer.key_of("composer.take-back")), soft=True
            )
        elif added.wants_words and not pane.composer.text.strip() and not self._is_hinted:
            self._is_hinted = True
            pane.composer.say(_("add a line of context? it goes without, too"), soft=True)

    def _undo_paste(self, kind: DraftKind, files: tuple[AttachmentRow, ...], pasted: str) -> None:
        pane = self._pane

        def job() -> None:
            for file in files:
                self._desk().drafts.detach(file.id)

        def done(_nothing: None) -> None:
            self.put(kind, tuple(one for one in self.of(kind) if one not in files))
            pane.composer.editor.put_in(pasted)

        pane.start(job, done, pane.refuse, group="attach")

    # taking off ------------------------------------------------------------------------------

    def detach(self) -> None:
        """Take a file off the draft; asks which where there are several."""
        kind = self._pane.composer.kind
        files = self.of(kind)
        if not files:
            self._pane.composer.say(_("no file is attached"))
        elif len(files) == 1:
            self._take_off(kind, files[0])
        else:
            from helpdesk_tui.screens.menu import Choice, Menu

            choices = [
                Choice(str(number % 10), clean(file.filename), file, size_label(file.size))
                for number, file in enumerate(files[:10], start=1)
            ]
            self._pane.app.push_screen(
                Menu(_("take off"), choices, opened_by="composer.detach"),
                lambda file: self._take_off(kind, file) if file is not None else None,
            )

    def _take_off(self, kind: DraftKind, file: AttachmentRow) -> None:
        self._pane.start(
            lambda: self._desk().drafts.detach(file.id),
            lambda _: self.put(kind, tuple(one for one in self.of(kind) if one.id != file.id)),
            self._pane.refuse,
            group="attach",
        )

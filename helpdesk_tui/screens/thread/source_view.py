"""A received mail as it came: its source in a dialog, and its page for a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import MessageRow
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.screens.composing.outside import download_folder, has_display, is_locked, launch
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.screens.thread.message_source import Source, source_of
from helpdesk_tui.widgets.keymap import Keymap, default_keymap
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.people import shown_address

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

Say = Callable[[str], None]


class SourceViewer:
    """Shows sources for the screen that lists the mails."""

    def __init__(self, owner: Jobs, desk: Callable[[], Desk], keymap: Keymap | None) -> None:
        self._owner = owner
        self._desk = desk
        self._keymap = keymap if keymap is not None else default_keymap()

    def message(self, message: MessageRow) -> None:
        """Show a message of a thread."""
        number = message.id
        author = shorten(clean(message.author_name) or shown_address(message.sender), 40)
        self._show(
            _("message of {author}").format(author=author) if author else "message",
            f"message-{number}",
            lambda: self._desk().threads.raw(number),
        )

    def intake(self, intake_id: int) -> None:
        """Show a mail that made no ticket."""
        self._show(
            _("mail {intake_id}").format(intake_id=intake_id),
            f"mail-{intake_id}",
            lambda: self._desk().intake.load(intake_id)[1],
        )

    def _show(self, title: str, name: str, read: Callable[[], bytes]) -> None:
        def show(source: Source) -> None:
            from helpdesk_tui.screens.dialogs.source import SourceActions, SourceDialog

            actions = SourceActions(
                browse=lambda say: self._browse(name, read, say),
                save=lambda say: self._save(name, read, say),
            )
            self._owner.app.push_screen(SourceDialog(title, source, actions, self._keymap))

        self._owner.ask(lambda: source_of(read()), show, group="media")

    def _browse(self, name: str, read: Callable[[], bytes], say: Say) -> None:
        """Open the page of a mail; without a display say where it lies."""
        if is_locked(self._desk().actor):
            say(_("pages are not made on this shared box"))
            return
        say(_("making the page …"))

        def job() -> str:
            path = self._desk().originals.open_copy(name, read())
            if not has_display(os.environ):
                return _(
                    "no display here: until you quit the page lies in {path} · S saves it"
                ).format(path=path)
            problem = launch(str(path))
            return (
                _("{problem}: the page lies in {path}").format(problem=problem, path=path)
                if problem
                else _("opening in the browser")
            )

        self._run(job, say)

    def _save(self, name: str, read: Callable[[], bytes], say: Say) -> None:
        """Save the page of a mail in the download folder."""
        if is_locked(self._desk().actor):
            say(_("files are not saved on this shared box"))
            return
        folder = download_folder()

        def job() -> str:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path: Path = self._desk().originals.save(name, read(), folder)
            return _("saved as {path}").format(path=path)

        self._run(job, say)

    def _run(self, job: Callable[[], str], say: Say) -> None:
        from helpdesk_tui.widgets.words.errors import sentence

        self._owner.start(
            job,
            lambda text: say(clean(text)),
            lambda error: say(sentence(error)),
            group="media",
        )

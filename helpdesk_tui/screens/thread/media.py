"""Files and links of a thread: opened, saved or copied, as far as this machine can."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import AttachmentRow, MessageRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.composing.outside import download_folder, has_display, is_locked, launch
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.screens.thread.links import Link, links_of
from helpdesk_tui.screens.thread.source_view import SourceViewer
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.words.language import Marked, _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

RISKS: Marked[dict[str, str]] = {
    "file.program": "this is a program",
    "file.script": "this is a script",
    "file.shortcut": "this is a shortcut that starts something else",
    "file.page": "this is a web page or a picture with scripts: it may ask for passwords",
    "file.macros": "this document can carry macros",
}
"""Why a file is opened only after a question."""

_HEAD = 4096


class Media:
    """Acts on files and links for the pane that shows them."""

    def __init__(self, owner: Jobs, desk: Callable[[], Desk], keymap: Keymap | None = None) -> None:
        self._owner = owner
        self._desk = desk
        self._sources = SourceViewer(owner, desk, keymap)

    def open(self, file: AttachmentRow) -> None:
        """Open a file in the system viewer, or say what works here instead."""
        if is_locked(self._desk().actor):
            self._tell(
                _("files are not opened on this shared box. {command}").format(
                    command=fetch_line(file)
                )
            )
            return
        if not has_display(os.environ):
            self._tell(
                _("no display here to open {file}. S saves it to {folder}, or {command}").format(
                    file=_label(file), folder=download_folder(), command=fetch_line(file)
                )
            )
            return

        def look() -> str:
            service = self._desk().attachments
            row, data = service.read(file.id)
            return service.is_risky(row, data[:_HEAD])

        self._owner.start(look, lambda risk: self._ask(file, risk), group="media")

    def _ask(self, file: AttachmentRow, risk: str) -> None:
        if not risk:
            self._open(file)
            return
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        reason = _(RISKS.get(risk, clean(risk)))
        dialog = ConfirmDialog(
            _("Open {file}?").format(file=_label(file)),
            _("Careful: {reason}. Open it only if you expected it.").format(reason=reason),
            _("open"),
        )
        self._owner.app.push_screen(dialog, lambda yes: self._open(file) if yes else None)

    def _open(self, file: AttachmentRow) -> None:
        def job() -> str:
            return launch(str(self._desk().attachments.open_copy(file.id).absolute()))

        self._owner.start(job, lambda problem: self._opened(file, problem), group="media")

    def _opened(self, file: AttachmentRow, problem: str) -> None:
        self._tell(
            _("{problem}. S saves {file}").format(problem=problem, file=_label(file))
            if problem
            else _("opening {file}").format(file=_label(file))
        )

    def save(self, file: AttachmentRow) -> None:
        """Save a file to the download folder; never overwrites."""
        if is_locked(self._desk().actor):
            self._tell(
                _("files are not saved on this shared box. {command}").format(
                    command=fetch_line(file)
                )
            )
            return
        folder = download_folder()

        def job() -> Path:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._desk().attachments.save(file.id, folder)

        self._owner.start(
            job, lambda path: self._tell(_("saved as {path}").format(path=path)), group="media"
        )

    def links(self, message: MessageRow | None) -> None:
        """List the links of a message; opening one asks by showing where it leads."""
        links = links_of(message) if message is not None else ()
        if not links:
            self._tell(_("no links in this message"))
            return
        from helpdesk_tui.screens.dialogs.links import LinksDialog

        self._owner.app.push_screen(LinksDialog(links), self._follow)

    def source(self, message: MessageRow | None) -> None:
        """Show a message byte for byte, its control characters as text."""
        if message is None:
            self._tell(_("no message is chosen"))
            return

        self._sources.message(message)

    def _follow(self, chosen: tuple[Link, str] | None) -> None:
        if chosen is None:
            return
        link, verb = chosen
        if not link.is_allowed:
            self._tell(_("only http, https and mailto links can be opened"))
        elif verb == "open" and has_display(os.environ) and not is_locked(self._desk().actor):
            self._tell(launch(link.address) or _("opening {host}").format(host=link.host))
        else:
            self._owner.app.copy_to_clipboard(link.address)
            self._tell(_("copied the address of {host}").format(host=link.host))

    def _tell(self, text: str) -> None:
        self._owner.notify(clean(text), markup=False)


def _label(file: AttachmentRow) -> str:
    return clean(file.filename) or _("the file")


def fetch_line(file: AttachmentRow) -> str:
    """Return the command that fetches a file to the agent's own machine."""
    return _("on your own machine: ssh {host} helpdesk attachment get {id} -o FILE").format(
        host=clean(socket.gethostname()), id=file.id
    )

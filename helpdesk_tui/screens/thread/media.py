"""Files and links of a thread: opened, saved or copied, as far as this machine can."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.filenames import safe_name
from helpdesk_tui.domain.messages import AttachmentRow, FileState, MessageRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.composing.outside import download_folder, has_display, is_locked, launch
from helpdesk_tui.screens.drawing import can_be_viewed
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.screens.thread.links import Link, links_of, make_link
from helpdesk_tui.screens.thread.source_view import SourceViewer
from helpdesk_tui.widgets.keymap import Keymap, default_keymap
from helpdesk_tui.widgets.words.files import can_be_fetched, file_trouble
from helpdesk_tui.widgets.words.language import Marked, _, ngettext

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
        self._keymap = keymap if keymap is not None else default_keymap()
        self._sources = SourceViewer(owner, desk, keymap)

    def open(self, file: AttachmentRow) -> None:
        """Open a file in the system viewer; without one, ask which way of those that work here."""
        if not self._is_here(file):
            return
        if is_locked(self._desk().actor) or not has_display(os.environ):
            self.ask_how(file)
        else:
            self._open_outside(file)

    def ask_how(self, file: AttachmentRow, *, is_viewed: bool = False) -> None:
        """Ask how a file is to be looked at, of all ways that work here.

        Args:
            file: what it is about.
            is_viewed: it is on the screen already.
        """
        if not self._is_here(file):
            return
        from helpdesk_tui.screens.dialogs.file_ways import FileWays, FileWaysDialog

        locked = is_locked(self._desk().actor)
        ways = FileWays(
            name=_label(file),
            command=fetch_line(file),
            folder="" if locked else str(download_folder()),
            can_view=can_be_viewed(file) and not is_viewed,
            has_path=not locked,
            has_viewer=not locked and has_display(os.environ),
        )
        acts = {
            "view": lambda: self.view((file,), 0),
            "save": lambda: self.save(file),
            "path": lambda: self._copy_path(file),
            "command": lambda: self._copy(fetch_line(file), _("copied: run it on your machine")),
            "open": lambda: self._open_outside(file),
        }

        def act(way: str | None) -> None:
            if way is not None:
                acts[way]()

        self._owner.app.push_screen(FileWaysDialog(ways), act)

    def view(self, files: Sequence[AttachmentRow], place: int) -> None:
        """Look at files closely, here in the terminal."""
        from helpdesk_tui.screens.viewing.closely import PictureScreen

        self._owner.app.push_screen(PictureScreen(files, place, self._desk, self, self._keymap))

    def gallery(self, ticket: int, chosen: AttachmentRow | None) -> None:
        """Show all files of a ticket."""
        from helpdesk_tui.screens.viewing.gallery import GalleryScreen

        first = chosen.id if chosen is not None else 0
        self._owner.app.push_screen(GalleryScreen(ticket, first, self._desk, self, self._keymap))

    def fetch(self, file: AttachmentRow, then: Callable[[], None]) -> None:
        """Let a file be fetched from its provider again."""

        def asked(_nothing: None) -> None:
            self._tell(_("fetching {file} again").format(file=_label(file)))
            then()

        def job() -> None:
            from helpdesk_tui.services.messaging.media import PendingMedia

            desk = self._desk()
            PendingMedia(desk.store, now=desk.clock).ask_again(file.id)

        self._owner.start(job, asked, group="media")

    def _is_here(self, file: AttachmentRow) -> bool:
        """Return whether the bytes of a file are here; say what is known of it if they are not."""
        if file.state is FileState.HERE:
            return True
        said, _ink = file_trouble(file, None)
        key = f"F {_('fetches it again')}" if can_be_fetched(file) else ""
        self._tell(f"{_label(file)}: {' · '.join(filter(None, (said, key)))}")
        return False

    def _open_outside(self, file: AttachmentRow) -> None:
        def look() -> str:
            service = self._desk().attachments
            row, data = service.read(file.id)
            return service.is_risky(row, data[:_HEAD])

        self._owner.ask(look, lambda risk: self._ask(file, risk), group="media")

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

    def _copy_path(self, file: AttachmentRow) -> None:
        self._owner.start(
            lambda: str(self._desk().attachments.open_copy(file.id).absolute()),
            lambda path: self._copy(path, _("copied {path}").format(path=path)),
            group="media",
        )

    def _copy(self, text: str, said: str) -> None:
        self._owner.app.copy_to_clipboard(clean(text))
        self._tell(said)

    def save(self, *files: AttachmentRow) -> None:
        """Save files to the download folder; never overwrites."""
        here = [file for file in files if file.state is FileState.HERE]
        if not here:
            self._is_here(files[0])
            return
        if is_locked(self._desk().actor):
            self.ask_how(here[0])
            return
        folder = download_folder()

        def job() -> list[Path]:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return [self._desk().attachments.save(file.id, folder) for file in here]

        def saved(paths: list[Path]) -> None:
            if len(paths) == 1:
                self._tell(_("saved as {path}").format(path=paths[0]))
                return
            said = ngettext("{count} file saved in {path}", "{count} files saved in {path}",
                            len(paths))  # fmt: skip
            self._tell(said.format(count=len(paths), path=folder))

        self._owner.start(job, saved, group="media")

    def links(self, message: MessageRow | None) -> None:
        """List the links of a message; opening one asks by showing where it leads."""
        links = links_of(message) if message is not None else ()
        if not links:
            self._tell(_("no links in this message"))
            return
        from helpdesk_tui.screens.dialogs.links import LinksDialog

        self._owner.app.push_screen(LinksDialog(links), self._follow)

    def follow(self, address: str) -> None:
        """Show where an address leads that does not stand in a message; then it can be opened."""
        from helpdesk_tui.screens.dialogs.links import LinksDialog

        self._owner.app.push_screen(LinksDialog((make_link(address),)), self._follow)

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
    """Return the command that fetches a file to the machine it is typed on."""
    host = f"{getpass.getuser()}@{socket.gethostname()}"
    name = shlex.quote(safe_name(file.filename))
    return clean(f"ssh {shlex.quote(host)} helpdesk attachment get {file.id} > {name}")

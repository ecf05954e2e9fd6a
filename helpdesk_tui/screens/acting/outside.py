"""A ticket beyond this program: its link on the clipboard, its JSON for a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from select import select
from time import monotonic
from typing import TYPE_CHECKING

from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.domain.ticket_links import link_of
from helpdesk_tui.screens.composing.outside import is_locked
from helpdesk_tui.screens.thread.message_source import Source
from helpdesk_tui.services.secrets import without_secrets
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_PATIENCE = 60
"""Seconds that a command may take."""
_MOST_BYTES = 512 * 1024
"""Bytes of its output that are shown."""
_PART = 64 * 1024


class TicketOutside:
    """Copies the link of a ticket, and gives tickets to commands."""

    def __init__(self, screen: InboxScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._last = ""

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {"ticket.copy-link": self.copy_link, "ticket.pipe": self.pipe}

    def copy_link(self) -> None:
        """Put the link of the ticket on the clipboard, through the terminal."""
        row = self._screen.tickets.cursor_row
        if row is not None:
            link = link_of(row.id)
            self._screen.app.copy_to_clipboard(link)
            self._screen.footer.say(_("copied {text}").format(text=link))

    def pipe(self) -> None:
        """Ask for a command, give it the ticket as JSON, and show what it says."""
        row = self._screen.tickets.cursor_row
        if row is None:
            return
        if is_locked(self._desk.actor):
            self._screen.complain_text(_("commands are switched off on this shared box"))
            return
        from helpdesk_tui.screens.dialogs.text import LineDialog

        number = row.id

        def chosen(command: str | None) -> None:
            if command:
                self._last = command
                self._run(number, command)

        hint = _(
            "It runs in your shell and reads the ticket as JSON, the same as"
            " “helpdesk ticket show {id} --json” prints."
        ).format(id=number)
        title = _("pipe #{id} to a command").format(id=number)
        keys = _("enter runs it · esc closes")
        self._screen.app.push_screen(LineDialog(title, self._last, hint, keys=keys), chosen)

    def _run(self, ticket_id: int, command: str) -> None:
        root = self._desk.store.paths.root
        self._screen.footer.say(_("running {command} …").format(command=clean(command)[:40]))

        def show(result: tuple[bytes, str]) -> None:
            self._screen.footer.say("")
            self._show(ticket_id, command, *result)

        self._screen.start(lambda: run_on(root, ticket_id, command), show, group="pipe")

    def _show(self, ticket_id: int, command: str, output: bytes, end: str) -> None:
        from helpdesk_tui.screens.dialogs.output import OutputDialog

        text = clean_lines(output[:_MOST_BYTES].decode("utf-8", errors="replace"))
        lines = tuple(text.splitlines()) or (_("(it said nothing)"),)
        source = Source(lines, len(output), len(output) > _MOST_BYTES)
        self._screen.app.push_screen(OutputDialog(f"#{ticket_id} | {command}", source, end))


def run_on(root: Path, ticket_id: int, command: str) -> tuple[bytes, str]:
    """Run a command of the agent's own account on the JSON of a ticket.

    Returns:
        What it said, and how it ended where that was not well.
    """
    environment = without_secrets(os.environ)
    show = [sys.executable, "-m", "helpdesk_tui", "--store", str(root)]
    ticket = subprocess.run(  # noqa: S603  ourselves
        [*show, "ticket", "show", str(ticket_id), "--json"],
        check=False, capture_output=True, env=environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if ticket.returncode:
        return ticket.stderr, _("the ticket could not be read")
    try:
        process = subprocess.Popen(  # noqa: S602  typed by the agent, who has a shell anyway
            command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment, cwd=Path.home(), start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        return b"", str(error.strerror)
    said, is_late = _talk(process, ticket.stdout)
    if is_late:
        return said, _("stopped after {count} seconds").format(count=_PATIENCE)
    if process.returncode:
        return said, _("ended with {code}").format(code=process.returncode)
    return said, ""


def _talk(process: subprocess.Popen[bytes], text: bytes) -> tuple[bytes, bool]:
    """Give a process its text; return the beginning of what it says, and whether it was stopped.

    The rest is read and forgotten: a command that never stops talking fills no memory.
    """
    deadline = monotonic() + _PATIENCE

    def feed() -> None:
        with suppress(OSError), process.stdin or BytesIO() as pipe:
            pipe.write(text)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    said, is_late = _heard(process, deadline)
    if not is_late:
        try:
            process.wait(max(0.0, deadline - monotonic()))
        except subprocess.TimeoutExpired:
            is_late = True
    if is_late:
        # the shell and all it started
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    feeder.join(1)
    return said, is_late


def _heard(process: subprocess.Popen[bytes], deadline: float) -> tuple[bytes, bool]:
    """Return what a process says until it is silent for good, or (true) until a moment.

    What it left running in a session of its own may hold the pipe for ever: nobody waits for that.
    """
    said = bytearray()
    if process.stdout is None:
        return b"", False
    with process.stdout as pipe:
        while (left := deadline - monotonic()) > 0 and select([pipe], [], [], left)[0]:
            part = os.read(pipe.fileno(), _PART)
            if not part:
                return bytes(said), False
            said += part[: _MOST_BYTES + 1 - len(said)]
    return bytes(said), True

"""Programs outside: the agent's own editor, the system viewer, and whether they can be used."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from textual.app import SuspendNotSupported

from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.text import clean_lines
from helpdesk_tui.services.secrets import without_secrets
from helpdesk_tui.widgets.words.language import _

_MAX_BYTES = 2_000_000


class Suspends(Protocol):
    """What gives the terminal away for a while: the app."""

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal away while the block runs."""
        ...


def is_locked(actor: Actor) -> bool:
    """Return whether this agent came in by a forced command: then no program may be started."""
    return actor.identified_by == "key"


def edit_outside(app: Suspends, text: str, actor: Actor) -> tuple[str, str]:
    """Let the agent edit ``text`` in ``$VISUAL`` or ``$EDITOR``. Blocks until the editor ends.

    Returns:
        The text afterwards (unchanged if it failed), and what went wrong, if anything.
    """
    if is_locked(actor):
        return text, _("your own editor is switched off on this shared box")
    argv = _editor(os.environ)
    if not argv:
        return text, _("no editor found: set EDITOR, for example to nano")
    handle, name = tempfile.mkstemp(prefix="helpdesk-", suffix=".txt")  # made with mode 0600
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        with app.suspend():
            done = subprocess.run(  # noqa: S603  the agent's editor
                [*argv, str(path)], check=False, env=without_secrets(os.environ)
            )
        if done.returncode != 0:
            return (
                text,
                _("the editor ended with an error ({code}): the text is as before").format(
                    code=done.returncode
                ),
            )
        with path.open("rb") as result:
            edited = result.read(_MAX_BYTES).decode("utf-8", errors="replace")
        return clean_lines(edited).rstrip("\n"), ""
    except SuspendNotSupported:
        return text, _("an editor cannot be started from here")
    except OSError as error:
        return text, _("the editor {argv} could not be started: {reason}").format(
            argv=argv[0], reason=error.strerror
        )
    finally:
        path.unlink(missing_ok=True)


def _editor(environment: Mapping[str, str]) -> list[str]:
    for name in ("VISUAL", "EDITOR"):
        try:
            argv = shlex.split(environment.get(name, ""))
        except ValueError:
            continue
        if argv:
            return argv
    found = shutil.which("sensible-editor") or shutil.which("nano") or shutil.which("vi")
    return [found] if found else []


def has_display(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a window could be opened where this program runs."""
    if platform == "darwin":
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def download_folder() -> Path:
    """Return where files are saved: ``XDG_DOWNLOAD_DIR`` or the home folder's Downloads."""
    named = os.environ.get("XDG_DOWNLOAD_DIR", "")
    return Path(named).expanduser() if named else Path.home() / "Downloads"


def launch(target: str) -> str:
    """Open an absolute path or a checked address in the system viewer, detached from the terminal.

    Returns:
        Empty, or what went wrong.
    """
    name = "open" if sys.platform == "darwin" else "xdg-open"
    program = shutil.which(name)
    if program is None:
        return _("{name} is not installed").format(name=name)
    if not target.startswith(("/", "https://", "http://", "mailto:")):
        return _("only files and web or mail addresses are opened")
    try:
        process = subprocess.Popen(  # noqa: S603  an argv list; the target is absolute or a checked address
            [program, target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            close_fds=True,
            env=without_secrets(os.environ),
        )
    except OSError as error:
        return _("{name} could not be started: {reason}").format(name=name, reason=error.strerror)
    # somebody has to take note of its end, and it may stay open for hours
    threading.Thread(target=process.wait, name="viewer", daemon=True).start()
    return ""

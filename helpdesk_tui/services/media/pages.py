"""The first page of a document as a picture, drawn by a program of the system if it has one.

The document is a stranger's, so the program runs apart: with little memory, little time and no
way to write more than a picture, and whatever becomes of it concerns nobody else.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

_PATIENCE = 8.0
"""Seconds it may take by the clock …"""
_LIMITS = 'ulimit -v 1200000; ulimit -t 6; ulimit -f 65536; ulimit -c 0; exec "$@"'
"""… and kilobytes, seconds of work, blocks of a file and of a core dump; set by the shell that it
then takes the place of."""
_MOST_PAGE = 30_000_000
_SIDE = "1200"
"""Pixels of the longer side."""


def renderer() -> tuple[str, str]:
    """Return name and path of a program that draws pages; empty if there is none."""
    for name in ("pdftoppm", "mutool"):
        path = shutil.which(name)
        if path is not None:
            return name, path
    return "", ""


def first_page(data: bytes) -> bytes:
    """Return the first page of a document as PNG; nothing if it cannot be drawn here. Blocks."""
    name, program = renderer()
    if not program or not Path("/bin/sh").exists():
        return b""
    with tempfile.TemporaryDirectory(prefix="helpdesk-page-") as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "page.png")
        source.write_bytes(data)
        if name == "pdftoppm":
            options = ["-png", "-f", "1", "-l", "1", "-singlefile", "-scale-to", _SIDE]
            argv = [program, *options, str(source), str(target.with_suffix(""))]
        else:
            argv = [program, "draw", "-q", "-w", _SIDE, "-h", _SIDE,
                    "-o", str(target), str(source), "1"]  # fmt: skip
        if not _ran(argv, folder):
            return b""
        with suppress(OSError):
            if target.stat().st_size <= _MOST_PAGE:
                return target.read_bytes()
    return b""


def _ran(argv: list[str], folder: str) -> bool:
    """Run a program within its limits; its whole group ends where it takes too long."""
    process = subprocess.Popen(  # noqa: S603  fixed options and paths of our own
        ["/bin/sh", "-c", _LIMITS, "sh", *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
        env={"PATH": os.defpath, "HOME": folder, "LC_ALL": "C"},
    )
    try:
        return process.wait(_PATIENCE) == 0
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False

"""Whether the worker of a store runs, and starting one as a child process."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.services.secrets import HANDED_OVER, PREFIX, handed_over, without_secrets

LIFELINE = "HELPDESK_LIFELINE"
"""Environment variable that tells a worker to end once nobody holds its standard input."""


def worker_running(paths: StorePaths) -> bool:
    """Tell whether some process holds the lock of the worker; never blocks."""
    try:
        handle = os.open(paths.sync_lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def start_worker(root: Path, *, environ: Mapping[str, str] = os.environ) -> subprocess.Popen[bytes]:
    """Start ``helpdesk sync`` for a store, out of reach of this terminal; does not wait.

    It ends with this process, or once its standard input is closed: see ``sync/lifeline.py``.
    Secrets of our environment go over in an open file without a name, so that they stand neither
    in the child's arguments nor in its environment. If another worker is faster, the child waits.
    """
    command = [sys.executable, "-m", "helpdesk_tui", "--store", str(root), "sync", "--quiet"]
    secrets = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    with _nameless_file() as handed:
        handed.write(json.dumps({**handed_over(environ), **secrets}).encode())
        handed.flush()
        number = handed.fileno()
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(number,),
            env={**without_secrets(environ), HANDED_OVER: str(number), LIFELINE: "1"},
        )


def _nameless_file() -> IO[bytes]:
    """Return a file that is in no folder: in memory where the system can."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("helpdesk"), "w+b")
    return tempfile.TemporaryFile()

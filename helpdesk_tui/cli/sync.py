"""``sync``: the worker that fetches and sends."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk_tui.cli.context import output_of, ready_root
from helpdesk_tui.cli.output import Output, counts_line
from helpdesk_tui.domain.errors import HelpdeskError, RemoteError, StoreError
from helpdesk_tui.services.logs import log_to_store
from helpdesk_tui.widgets.words.language import _


def run(args: argparse.Namespace) -> int:
    """Work until told to stop, or with ``--once`` for one round; print what was done."""
    from helpdesk_tui.db.store import unwritable
    from helpdesk_tui.services.setup import require_writable
    from helpdesk_tui.services.worker_state import LIFELINE
    from helpdesk_tui.sync import worker
    from helpdesk_tui.sync.frames import GARBAGE_OBJECTS
    from helpdesk_tui.sync.lifeline import watch_starter

    out = output_of(args)
    root = ready_root(args)
    require_writable(root)
    try:
        log_to_store(root)
    except OSError as error:
        raise unwritable(error, root) from error
    if not args.once and not args.quiet:
        out.say(_("worker running; Ctrl-C stops it"))
    # batches are many objects and no cycles: looking for them at each few hundred is in vain
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)
    stop = threading.Event()
    if os.environ.pop(LIFELINE, ""):
        watch_starter(root, sys.stdin.fileno(), stop)
    summary = worker.run(root, once=args.once, channel=args.channel, stop=stop)
    if not args.once:
        return 0
    if out.json:
        out.document(summary)
    else:
        out.say(counts_line({k: v for k, v in summary.items() if isinstance(v, int)}))
    return report_errors(out, summary.get("errors", ()))


def report_errors(out: Output, errors: Sequence[Mapping[str, Any]]) -> int:
    """Name each channel that failed on stderr and return the exit code.

    The store failing under a channel is no failure of a remote service, and the graver one.
    """
    from helpdesk_tui.widgets.words.errors import sentence

    for error in errors:
        said = sentence(HelpdeskError(error["code"], **error.get("values", {})))
        out.warn(f"{error['channel']}: {said}")
    if any(error["code"].startswith("store.") for error in errors):
        return StoreError.exit_code
    return RemoteError.exit_code if errors else 0

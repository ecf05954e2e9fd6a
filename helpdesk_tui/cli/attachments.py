"""``attachment get``, ``put`` and ``fetch``: files out of tickets, into drafts, from providers."""

from __future__ import annotations

import argparse
import mimetypes
import os
import sys
from pathlib import Path

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import StoreError, UsageError


def get(args: argparse.Namespace) -> int:
    """Write the bytes of an attachment to a new file or to standard output."""
    if args.output is None and sys.stdout.isatty():
        raise UsageError("attachment.terminal")
    with desk_of(args) as desk:
        _, data = desk.attachments.read(number(args.id))
    if args.output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_new(args.output, data)
    return 0


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet; never through a link somebody laid out.

    Raises:
        UsageError: if it exists.
        StoreError: if it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(data)
    except FileExistsError as error:
        raise UsageError("file.exists", path=path) from error
    except OSError as error:
        raise StoreError("file.unwritable", path=path, reason=error.strerror) from error


def fetch(args: argparse.Namespace) -> int:
    """Let a file be fetched again that the provider may still hold; the worker does it."""
    from helpdesk_tui.services.messaging.media import PendingMedia

    out = output_of(args)
    with desk_of(args, needs_agent=True) as desk:
        file = number(args.id)
        PendingMedia(desk.store, now=desk.clock).ask_again(file)
    if out.json:
        out.document({"attachment": str(file), "state": "pending"})
    else:
        out.ids([file])
    return 0


def put(args: argparse.Namespace) -> int:
    """Add standard input as a file to the acting agent's open reply draft."""
    from helpdesk_tui.domain.messages import DraftKind

    out = output_of(args)
    # what is larger than any channel takes is refused, and never fills the memory of the box
    data = sys.stdin.buffer.read(max(spec.attachment_limit for spec in CHANNELS.values()) + 1)
    kind = mimetypes.guess_type(args.name)[0] or ""
    with desk_of(args, needs_agent=True) as desk:
        row = desk.drafts.attach(number(args.ticket), DraftKind.REPLY, args.name, data, kind)
    if out.json:
        out.document({"attachment": str(row.id), "size": row.size, "sha256": row.sha256})
    else:
        out.ids([row.id])
    return 0

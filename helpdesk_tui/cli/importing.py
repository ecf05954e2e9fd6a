"""``import``: mbox, Maildir and .eml files become tickets by the same rules as live mail.

What is already in the store counts as a duplicate, so that a stopped import is taken up by running
it again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.mailfiles import Found, MailFile, count_mails, find_files, read_mails
from helpdesk_tui.cli.output import Output, counts_line
from helpdesk_tui.cli.progress import Progress
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.received import Received, Source, Summary
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.sync.parsed import Parsed

_BATCH = 50


def run(args: argparse.Namespace) -> int:
    """Import all mails under the paths and print what became of them."""
    from helpdesk_tui.cli.main import INTERRUPTED

    out = output_of(args)
    for path in args.paths:
        if not path.exists():
            raise UsageError("file.missing", path=path)
    files = find_files(args.paths)
    total = count_mails(files)
    with desk_of(args) as desk:
        job = _Import(desk, out, _source(desk, args.mailbox.strip().lower(), total))
        stopped = job.run(files, Progress(sys.stderr, total))
    summary = job.summary
    if out.json:
        out.document(asdict(summary))
    else:
        out.say(counts_line(asdict(summary)))
        if summary.rejected or summary.automatic or summary.bounces:
            out.say(_("what made no ticket: helpdesk intake list"))
    if stopped:
        out.warn("helpdesk: " + _("import stopped; run it again to go on where it was"))
        return INTERRUPTED
    return 1 if summary.failed else 0


def _source(desk: Desk, mailbox: str, total: int) -> Source:
    """Return where the mails come from: the channel of that mailbox if there is one."""
    from helpdesk_tui.services.accounts import Accounts

    accounts = Accounts(desk.store, SYSTEM).enabled(channel="email")
    account = next((each for each in accounts if each.address.lower() == mailbox), None)
    return Source(
        account_id=account.id if account else None,
        address=mailbox,
        history=True,
        expected=total,
    )


class _Import:
    """One run: files are read, parsed in a process of its own, and stored batch by batch."""

    def __init__(self, desk: Desk, out: Output, source: Source) -> None:
        from helpdesk_tui.services.inbound import Inbound

        self._inbound = Inbound(desk.store, SYSTEM)
        self._out = out
        self._source = source
        self.summary = Summary()

    def run(self, files: Sequence[MailFile], progress: Progress) -> bool:
        """Store the mails of all files; return whether somebody stopped it before the end."""
        from helpdesk_tui.sync.parser import ParserProcess

        mails = self._readable(found for file in files for found in read_mails(file))
        with ParserProcess() as parser, progress:
            try:
                batch = list(islice(mails, _BATCH))
                if batch:
                    parser.submit([found.raw for found in batch])
                while batch:
                    parsed = parser.result()
                    following = list(islice(mails, _BATCH))
                    if following:
                        parser.submit([found.raw for found in following])
                    self._store(batch, parsed)
                    progress.show(self.summary.seen)
                    batch = following
            except KeyboardInterrupt:
                return True
        return False

    def _readable(self, mails: Iterator[Found]) -> Iterator[Found]:
        for found in mails:
            if found.error:
                self._out.warn(
                    "helpdesk: "
                    + _("{path} was left out: {reason}").format(path=found.path, reason=found.error)
                )
                self.summary += Summary(seen=1, failed=1)
            else:
                yield found

    def _store(self, batch: Sequence[Found], parsed: Sequence[Parsed]) -> None:
        received = [_received(each, mail) for each, mail in zip(batch, parsed, strict=True)]
        self.summary += self._inbound.ingest(received, source=self._source)


def _received(found: Found, parsed: Parsed) -> Received:
    now = datetime.now(UTC)
    date = parsed.mail.date
    return Received(
        parsed=parsed.mail,
        raw_sha256=parsed.raw_sha256,
        raw_size=parsed.raw_size,
        blobs=(parsed.raw, *parsed.blobs),
        uid=0,
        # a date from the future would stay on top of every list
        received_at=date if date is not None and date <= now else min(found.at, now),
    )

"""Copies of sent mail in the Sent folder; a failure here never sends anything again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping

from helpdesk_tui.db.outbox import Unfiled
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.email.imap import Mailbox
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.receiving import Password

log = logging.getLogger(__name__)
_FOREVER = 86_400.0


class Filing:
    """Appends copies and looks for them, on connections of its own; used by one thread."""

    def __init__(self, outbox: Outbox, password: Password) -> None:
        self._outbox = outbox
        self._password = password
        self._boxes: dict[int, tuple[Mailbox, str]] = {}
        self._backoff: dict[int, Backoff] = {}
        self._not_before: dict[int, float] = {}
        self._given_up: set[int] = set()

    def run(self, accounts: Mapping[int, Account], stop: threading.Event) -> None:
        """Append what is not filed yet; trouble is waited out, account by account."""
        try:
            for account in accounts.values():
                if time.monotonic() >= self._not_before.get(account.id, 0.0):
                    self._run_one(account, stop)
        finally:
            self.close()

    def pause(self) -> float:
        """Return the seconds until a copy that failed should be tried again."""
        now = time.monotonic()
        return min((max(0.1, at - now) for at in self._not_before.values()), default=_FOREVER)

    def holds(self, account: Account, message_id: str) -> bool:
        """Tell whether the Sent folder holds a mail.

        Raises:
            HelpdeskError: if that cannot be seen now.
        """
        try:
            box, folder = self._open(account)
            return box.has_message(folder, message_id)
        finally:
            self.close()

    def close(self) -> None:
        """Drop the connections."""
        for key in list(self._boxes):
            self._boxes.pop(key)[0].close()

    def _run_one(self, account: Account, stop: threading.Event) -> None:
        try:
            last, refusal = 0, None
            while copies := self._outbox.file_pending(account_id=account.id, after=last):
                for copy in copies:
                    if stop.is_set():
                        return
                    refusal = self._file_or_skip(account, copy) or refusal
                    last = copy.message_id
            if refusal is not None:
                raise refusal
        except HelpdeskError as error:
            log.warning("a copy for %s was not filed: %s", account.name, error.code)
            backoff = self._backoff.setdefault(account.id, Backoff(first=5.0))
            self._not_before[account.id] = time.monotonic() + backoff.next()
        else:
            self._backoff.pop(account.id, None)
            self._not_before.pop(account.id, None)

    def _file_or_skip(self, account: Account, copy: Unfiled) -> Retry | None:
        """File a copy; one that is refused or gone must not keep the others from it.

        Returns:
            Why the server refused this copy for now, or None.
        """
        if copy.message_id in self._given_up:
            return None
        try:
            self._file(account, copy)
        except NotFound as error:
            self._given_up.add(copy.message_id)
            log.warning("the copy of message %s cannot be filed: %s", copy.message_id, error.code)
        except Retry as error:
            if error.code != "imap.refused":
                raise
            return error
        return None

    def _file(self, account: Account, copy: Unfiled) -> None:
        box, folder = self._open(account)
        # some providers file what passes their SMTP server by themselves
        if not box.has_message(folder, copy.external_id):
            box.append(folder, self._outbox.raw(copy.raw_sha256), utc_now())
        self._outbox.filed(copy.message_id)

    def _open(self, account: Account) -> tuple[Mailbox, str]:
        if account.id not in self._boxes:
            settings = read_settings(account.settings, account.address)
            box = Mailbox(settings, self._password(account, "imap"))
            try:
                self._boxes[account.id] = (box, box.sent_folder())
            except HelpdeskError:
                box.close()
                raise
        return self._boxes[account.id]

"""E-mail: a real Dovecot for what comes, a real SMTP server for what leaves."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from helpdesk_tui.domain.mail import OutgoingFile
from tests.support.dovecot import PASSWORD, USER, Dovecot
from tests.support.rigs.rig import Came, Rig
from tests.support.smtp import MailServer


class EmailRig(Rig):
    """A mailbox, and somebody who writes mail."""

    channel = "email"
    kind = "imap"
    address = USER
    tells_delivered = False
    keeps_order = False

    def __init__(self, folder: Path, imap: Dovecot, smtp: MailServer) -> None:
        super().__init__(folder)
        self._imap, self._smtp = imap, smtp
        self.secrets.by_purpose = {"imap": PASSWORD, "smtp": PASSWORD}
        self._count = 0
        self._last = b""
        self.connect()
        self.change(
            "INSERT INTO support_address (address, name, channel_account_id, state)"
            " VALUES (?, 'Shop Support', 1, 'verified')",
            USER,
        )

    def settings(self) -> dict[str, Any]:
        return self._imap.settings() | self._smtp.settings()

    def round(self) -> dict[str, Any]:
        # half a minute goes by between two tries: here at once
        self.change("UPDATE message SET due_at = 0 WHERE delivery = 'queued' AND attempts > 0")
        return super().round()

    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        self._count += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "Ada <ada@customer.example>", USER, "Order"
        mail["Message-ID"] = f"<m{self._count}@customer.example>"
        if self._count > 1:
            mail["In-Reply-To"] = mail["References"] = "<m1@customer.example>"
        mail.set_content(text)
        for file in files:
            main, _, sub = file.content_type.partition("/")
            mail.add_attachment(file.data, maintype=main, subtype=sub, filename=file.filename)
        self._last = mail.as_bytes()
        self.repeat()

    def repeat(self) -> None:
        self._imap.deliver([self._last])

    def came(self) -> list[Came]:
        return [_came(taken.raw) for taken in self._smtp.taken]

    def busy(self) -> None:
        def later(server: Any) -> str:
            self._smtp.after_data = None
            return "451 4.7.1 try later"

        self._smtp.after_data = later


def _came(raw: bytes) -> Came:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    files = [part.get_payload(decode=True) for part in mail.iter_attachments()]
    return Came(str(body.get_content()), tuple(file for file in files if isinstance(file, bytes)))

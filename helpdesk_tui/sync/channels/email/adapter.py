"""E-mail as the worker sees it."""

from __future__ import annotations

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.email.sender import MailSender
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.mailbox import FetchLoop, IdleLoop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop


def _beside(receiver: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    if not isinstance(receiver, FetchLoop):
        raise TypeError(receiver)
    return (IdleLoop(receiver, password),)


def _test(account: Account, password: Password) -> list[Check]:
    from helpdesk_tui.sync.channels import email

    return email.test(account, password(account, "imap"), password(account, "smtp"))


ADAPTER = Adapter(
    spec=EMAIL,
    receiver=FetchLoop,
    beside=_beside,
    sender=MailSender,
    test=_test,
)

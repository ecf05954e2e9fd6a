"""Try out an e-mail account step by step, for the Test button and ``channel test``."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.sync.channels.email.imap import Mailbox
from helpdesk_tui.sync.channels.email.settings import EmailSettings, read_settings
from helpdesk_tui.sync.channels.email.smtp import Mailer


def check_account(account: Account, secret: str, smtp_secret: str | None = None) -> list[Check]:
    """Return how each step of reaching an account goes; stops a side at its first failure.

    Blocks for as long as the servers take. Sends nothing and changes nothing.

    Args:
        account: The account, switched on or not.
        secret: Its password.
        smtp_secret: The password for sending where it is another one.
    """
    try:
        settings = read_settings(account.settings, account.address)
    except HelpdeskError as error:
        return [_failed("settings", error)]
    return [
        Check("settings", True),
        *_check_imap(settings, secret),
        *_check_smtp(settings, secret if smtp_secret is None else smtp_secret),
    ]


def _check_imap(settings: EmailSettings, secret: str) -> Iterator[Check]:
    where = {"host": settings.imap.host, "port": settings.imap.port}
    try:
        box = Mailbox(settings, secret)
    except HelpdeskError as error:
        is_login = error.code in ("imap.login-refused", "imap.text-refused")
        if is_login:
            yield Check("imap-connect", True, values=where)
        yield _failed("imap-login" if is_login else "imap-connect", error)
        return
    try:
        yield Check("imap-connect", True, values=where)
        yield Check("imap-login", True, values={"user": settings.user})
        state = box.open_folder(settings.folder)
        yield Check("imap-folder", True, values={"folder": settings.folder, "mails": state.exists})
        yield Check("imap-idle", True, values={"offered": box.capable("IDLE")})
    except HelpdeskError as error:
        yield _failed("imap-folder", error)
    finally:
        box.close()


def _check_smtp(settings: EmailSettings, secret: str) -> Iterator[Check]:
    mailer = Mailer(settings, secret)
    try:
        mailer.connect()
    except HelpdeskError as error:
        is_login = error.code in ("smtp.login-refused", "smtp.no-login")
        if is_login:
            yield Check("smtp-connect", True, values={"host": settings.smtp.host})
        yield _failed("smtp-login" if is_login else "smtp-connect", error)
        return
    finally:
        mailer.close()
    yield Check(
        "smtp-connect", True, values={"host": settings.smtp.host, "port": settings.smtp.port}
    )
    if settings.smtp_user:
        yield Check("smtp-login", True, values={"user": settings.smtp_user})


def _failed(name: str, error: HelpdeskError) -> Check:
    return Check(name, False, error.code, error.values)

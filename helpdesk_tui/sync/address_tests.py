"""The test of a support address: one mail that has to come back through the forwarding."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, SupportAddress
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.mail import Address, OutgoingMail
from helpdesk_tui.domain.reply_headers import id_domain
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.errors import Rejected, Uncertain
from helpdesk_tui.sync.receiving import Password

_HEADERS = (
    b"Auto-Submitted: auto-generated\r\n"
    b"X-Auto-Response-Suppress: All\r\n"
    b"X-Helpdesk-Address-Test: %s\r\n"
)
_TEXT = """This mail tests whether mail to {address} is forwarded to {workspace}.

It needs no answer and can be deleted. Please do not forward it by hand: only the automatic
forwarding counts.

{token}
"""


def make_test_mail(address: SupportAddress, token: str, sender_name: str, now: datetime) -> bytes:
    """Return the test mail: its token stands in a header, in the subject and in the text.

    A forwarding may drop one of them. None but ours answers or counts it as a customer's mail.
    """
    mail = OutgoingMail(
        message_id=f"{token}@{id_domain(address.workspace)}",
        date=now,
        sender=Address(sender_name, address.workspace),
        to=(Address("", address.address),),
        cc=(),
        subject=f"Forwarding test of {address.address} {token}",
        text=_TEXT.format(address=address.address, workspace=address.workspace, token=token),
        html="",
        in_reply_to="",
        references=(),
        instance="",
    )
    return _HEADERS % token.encode("ascii") + compose_mail(mail)


def send_test(
    store: Store, address: str, password: Password, *, now: Clock = utc_now
) -> dict[str, Any]:
    """Send the test mail of an address; blocks.

    Returns:
        The result of the job: when the mail left.

    Raises:
        HelpdeskError: if it could not be sent; the address says so then.
    """
    addresses = Addresses(store, SYSTEM, now=now)
    found = addresses.load(address)
    account = Accounts(store, SYSTEM).named(found.account)
    token = addresses.begin_test(found.address)
    raw = make_test_mail(found, token, _sender_name(addresses, found), now())
    try:
        _send(account, found, raw, password)
    except Uncertain:
        # it may have left: if it did, it arrives; if not, the test times out
        pass
    except Rejected as error:
        refused = "address" in error.values
        addresses.not_sent(found.address, "address.test-refused" if refused else error.code,
                           is_final=refused)  # fmt: skip
        raise
    except HelpdeskError as error:
        addresses.not_sent(found.address, error.code, is_final=False)
        raise
    return {"sent_at": to_us(now())}


def _sender_name(addresses: Addresses, found: SupportAddress) -> str:
    names = {each.address: each.name for each in addresses.list()}
    return names.get(found.workspace, "")


def _send(account: Account, found: SupportAddress, raw: bytes, password: Password) -> None:
    # whoever only fetches needs nothing of what sends
    from helpdesk_tui.sync.channels.email.smtp import Mailer

    settings = read_settings(account.settings, account.address)
    secret = password(account, "smtp") if settings.smtp_user else ""
    mailer = Mailer(settings, secret)
    try:
        mailer.send(found.workspace, [found.address], raw, _nothing)
    finally:
        mailer.close()


def _nothing() -> None:
    """Take note of nothing: a test mail that may have left twice does no harm."""

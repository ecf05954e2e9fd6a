"""What ``doctor`` says of numbers and accounts at providers: it asks them, and the relay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.findings import Finding
from helpdesk_tui.domain.channels import CHANNELS, INSTAGRAM, WHATSAPP
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account, Check
    from helpdesk_tui.services.messaging.meta import TokenAge

_NAME = "messaging"
_SOON = timedelta(days=14)
"""Days before its end that a token is worth a word."""

_LATE = timedelta(minutes=10)
"""So long nothing waits at a relay while a worker runs."""


def messaging_findings(root: Path) -> Iterator[Finding]:
    """Try out every number and account that is switched on; blocks for as long as others take."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.services.messaging.meta import MetaAccount

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        accounts = [
            each
            for each in desk.admin.channels()
            if each.enabled and CHANNELS[each.channel].is_messaging
        ]
        ages = {each.id: MetaAccount(desk.store, each).token_age() for each in accounts}
    for account in accounts:
        yield from _account(root, account, ages[account.id])


def _account(root: Path, account: Account, age: TokenAge | None) -> Iterator[Finding]:
    from helpdesk_tui.sync.channels.registry import adapter_of
    from helpdesk_tui.sync.passwords import stored_passwords

    checks = adapter_of(account.channel).test(account, stored_passwords(root))
    failed = [check for check in checks if not check.ok]
    for check in failed:
        yield Finding(
            _NAME, "failed", _said(account, check), f"helpdesk channel test {account.name}"
        )
    found = {check.name: check for check in checks if check.ok}
    if not failed:
        yield Finding(_NAME, "ok", ngettext(
            "{name}: {count} step went well", "{name}: {count} steps went well", len(checks)
        ).format(name=account.name, count=len(checks)))  # fmt: skip
    yield from _ends(account, found.get("token-end"), age)
    yield from _hook(account, found.get("hook"))
    yield from _templates(account, found.get("templates"))


def _said(account: Account, check: Check) -> str:
    from helpdesk_tui.widgets.words.checks import check_label, check_words

    return f"{account.name}: {check_label(check)}: {check_words(check)}"


def _ends(account: Account, check: Check | None, age: TokenAge | None) -> Iterator[Finding]:
    """Say that a token ends soon that nobody renews by itself."""
    until = None if check is None else check.values.get("until") or None
    if until is None and account.channel == INSTAGRAM.name and age is not None:
        until = age.until.date()
    if until is None or until > (datetime.now(UTC) + _SOON).date():
        return
    yield Finding(
        _NAME,
        "warning",
        _("{name}: the token ends on {date}").format(name=account.name, date=until),
        f"helpdesk channel password {account.name}",
    )


def _hook(account: Account, check: Check | None) -> Iterator[Finding]:
    """Say what keeps a provider's news from arriving by webhook."""
    if check is None:
        return
    url = str(check.values.get("url") or "–")
    yield from _news(account, check.values, url)
    yield from _way(account, check.values, url)
    yield from _held_up(account, check.values)


def _news(account: Account, values: Mapping[str, Any], url: str) -> Iterator[Finding]:
    """Say that what came was refused, or that nothing came."""
    if values.get("refused_last"):
        yield Finding(
            _NAME,
            "failed",
            _("{name}: {count} webhooks were refused, also the last one: its signature was wrong")
            .format(name=account.name, count=values.get("refused", 0)),
            _("helpdesk secret set {name}-app, with the secret that the provider signs with; it may"
              " also sign another address than {url}").format(name=account.name, url=url),
        )  # fmt: skip
    elif not (values.get("known") and values.get("last")):
        yield Finding(
            _NAME,
            "warning",
            _("{name}: nothing came by webhook yet; it is {url}").format(
                name=account.name, url=url
            ),
            _("enter it at the provider, as docs/admins says"),
        )


def _way(account: Account, values: Mapping[str, Any], url: str) -> Iterator[Finding]:
    """Say why a provider does not get as far as the relay."""
    if values.get("public") is False:
        yield Finding(
            _NAME,
            "failed",
            _("{name}: the relay does not know its public address; {url} is none").format(
                name=account.name, url=url
            ),
            _("start the relay with --public-url"),
        )
    elif values.get("known") and values.get("reached") is False:
        yield Finding(
            _NAME,
            "warning",
            _("{name}: the relay does not answer at {url}").format(name=account.name, url=url),
            _("look at --public-url of the relay and at the proxy before it; a box that cannot"
              " reach its own network from inside may say so of a relay that is well"),
        )  # fmt: skip


def _held_up(account: Account, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Say that nobody fetches what the relay has."""
    oldest = str(values.get("oldest") or "")
    if not oldest or datetime.now(UTC) - datetime.fromisoformat(oldest) <= _LATE:
        return
    count = int(str(values.get("waiting", 0)))
    yield Finding(
        _NAME,
        "warning",
        ngettext(
            "{name}: {count} webhook waits at the relay for too long",
            "{name}: {count} webhooks wait at the relay for too long",
            count,
        ).format(name=account.name, count=count),
        _("start the worker: helpdesk sync, or its service"),
    )


def _templates(account: Account, check: Check | None) -> Iterator[Finding]:
    if check is None or account.channel != WHATSAPP.name or check.values.get("approved"):
        return
    yield Finding(
        _NAME,
        "warning",
        _("{name}: no template is approved, so nobody can be answered after 24 hours").format(
            name=account.name
        ),
        _("write one in Meta's WhatsApp Manager"),
    )

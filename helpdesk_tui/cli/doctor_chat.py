"""What ``doctor`` says of the chat tab: what it needs before customers meet it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.findings import Finding
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.setting import webchat as names
from helpdesk_tui.domain.webchat.secret_names import identity_name
from helpdesk_tui.widgets.words.language import N_, _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_UNSET = N_(
    {
        names.CHAT_ORIGINS: "no page may carry the tab yet",
        names.CHAT_PRIVACY_URL: "visitors find no privacy policy before they write",
        names.CHAT_TERMS_URL: "visitors find no terms before they write",
    }
)
"""Setting → what it means while it is unset."""


def chat_findings(root: Path) -> Iterator[Finding]:
    """Look at every chat that is switched on."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        chats = [
            each for each in desk.admin.channels() if each.channel == WEBCHAT.name and each.enabled
        ]
        if not chats:
            return
        yield from _settings(desk)
    for chat in chats:
        yield from _identity(root, chat.name)


def _settings(desk: Desk) -> Iterator[Finding]:
    held = desk.settings.held()
    missing = [name for name in _UNSET if not held[name].value]
    for name in missing:
        yield Finding(
            WEBCHAT.name, "warning", _(_UNSET[name]), f"helpdesk setting set {name} https://…"
        )
    if held[names.CHAT_LOGIN].value == "all" and not held[names.CHAT_LOGIN_URL].value:
        yield Finding(
            WEBCHAT.name,
            "warning",
            _("visitors who are not logged in see the tab and no way to log in"),
            f"helpdesk setting set {names.CHAT_LOGIN_URL} https://…",
        )
    shown = len(desk.faq.all(published=True))
    if not missing:
        said = ngettext(
            "set up; {count} answer is published", "set up; {count} answers are published", shown
        )
        yield Finding(WEBCHAT.name, "ok", said.format(count=shown))


def _identity(root: Path, name: str) -> Iterator[Finding]:
    """The shop signs its customers with a key; without one everybody is anonymous."""
    from helpdesk_tui.services.secrets import find_secret

    if find_secret(root, identity_name(name), by_name=True) is None:
        yield Finding(
            WEBCHAT.name,
            "failed",
            _("{name}: there is no key to sign customers with, so nobody can write").format(
                name=name
            ),
            f"helpdesk channel identity-key {name} --rotate",
        )

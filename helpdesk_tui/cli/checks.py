"""How the steps of trying out a channel are told: to people in words, to scripts as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.widgets.words.language import Marked, _

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Check

_LABELS: Marked[Mapping[str, str]] = MappingProxyType(
    {
        "settings": "settings",
        "imap-connect": "IMAP server",
        "imap-login": "IMAP login",
        "imap-folder": "IMAP folder",
        "imap-idle": "IMAP push",
        "smtp-connect": "SMTP server",
        "smtp-login": "SMTP login",
        "relay-connect": "relay",
        "relay-login": "token",
        "relay-site": "site",
        "relay-clock": "clock",
        "relay-public": "for visitors",
    }
)


def report_checks(out: Output, checks: Sequence[Check]) -> bool:
    """Print how each step went to people; return whether all went well."""
    from helpdesk_tui.widgets.words.errors import sentence

    for check in checks:
        label = _(_LABELS.get(check.name, check.name))
        if check.ok:
            out.say(f"  ✓ {label:12}  {_values(check)}".rstrip())
        else:
            out.say(f"  ✗ {label:12}  {sentence(HelpdeskError(check.code, **check.values))}")
    return all(check.ok for check in checks)


def _values(check: Check) -> str:
    values = check.values
    if check.name == "settings":
        return "complete"
    if check.name == "imap-idle":
        return _("new mail is announced") if values.get("offered") else _("none: asks now and then")
    if check.name == "relay-site" and not values.get("known"):
        return _("{site}, not published yet").format(site=values.get("site", ""))
    if check.name == "relay-site":
        return str(values.get("site", ""))
    if check.name == "relay-clock":
        return _("{seconds} s apart").format(seconds=abs(int(str(values.get("seconds", 0)))))
    if check.name == "relay-public" and not values.get("url"):
        return _("not said: start the relay with --public-url")
    if "mails" in values:
        count = values["mails"]
        return f"{values.get('folder', '')}, {count} {'mail' if count == 1 else 'mails'}"
    host, port = values.get("host"), values.get("port")
    if host is not None:
        return (
            _("{host}, port {port}").format(host=host, port=port) if port is not None else str(host)
        )
    return ", ".join(str(value) for value in values.values())


def checks_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Return the steps as scripts see them."""
    return [
        {
            "name": check.name,
            "ok": check.ok,
            "error": check.code or None,
            "values": {name: str(value) for name, value in check.values.items()},
        }
        for check in checks
    ]

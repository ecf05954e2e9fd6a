"""The words of trying out a channel: each step and how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.widgets.words.language import N_, Marked, _, ngettext, pgettext
from helpdesk_tui.widgets.words.source_checks import is_of_source, missing_words, right_words

LABELS: Marked[Mapping[str, str]] = MappingProxyType(
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
        "relay-files": "files",
        "hook": "webhook",
        "provider-connect": "provider",
        "provider-login": "login",
        "number": "number",
        "messages": "messages",
        "whatsapp-number": "number",
        "account": "account",
        "token-end": "token",
        "subscription": "subscription",
        "templates": "templates",
    }
)
"""What each step of a test of a channel is called."""
SOURCE_LABELS: Mapping[str, str] = N_(
    {
        "login": "key",
        "version": "version",
        "scopes": "rights",
        "predictions": "predictions",
        "customer": "customers",
        "imported": "customers",
        "file": "file",
        "sandbox": "to try out, nothing leaves",
    },
    context="source",
)
"""What each step of a test of a source is called: its key is none of the keyboard."""


def check_label(check: Check) -> str:
    """Return what a step is called."""
    if check.name in SOURCE_LABELS:
        return pgettext("source", SOURCE_LABELS[check.name])
    return _(LABELS.get(check.name, check.name))


def check_words(check: Check) -> str:
    """Return how a step went: what was found, or why it failed and what to do."""
    from helpdesk_tui.widgets.words.errors import sentence

    if not check.ok:
        told = sentence(HelpdeskError(check.code, **check.values))
        return ". ".join(filter(None, (told, missing_words(check))))
    return right_words(check) if is_of_source(check) else _found(check)


def _found(check: Check) -> str:
    values = check.values
    if check.name == "settings":
        return _("complete")
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
    if check.name in _MESSAGING:
        return _MESSAGING[check.name](values)
    if "mails" in values:
        count = values["mails"]
        mails = ngettext("{count} mail", "{count} mails", int(str(count))).format(count=count)
        return f"{values.get('folder', '')}, {mails}"
    host, port = values.get("host"), values.get("port")
    if host is not None:
        return (
            _("{host}, port {port}").format(host=host, port=port) if port is not None else str(host)
        )
    return ", ".join(str(value) for value in values.values())


def _number(values: Mapping[str, Any]) -> str:
    number = str(values.get("number", ""))
    if values.get("unseen"):
        return _("{number}; this key may not look at numbers").format(number=number)
    if values.get("mms"):
        return _("{number}, text and picture messages").format(number=number)
    return _("{number}, text messages only").format(number=number)


def _files(values: Mapping[str, Any]) -> str:
    return _("no relay: text can be sent, files cannot")


def _hook(values: Mapping[str, Any]) -> str:
    if not values.get("known"):
        return _("not published yet: the worker does it by itself")
    if values.get("refused_last"):
        return _("{url}, the last signature was wrong").format(url=values.get("url", ""))
    if not values.get("last"):
        return _("{url}, nothing came yet").format(url=values.get("url", ""))
    return str(values.get("url", ""))


def _until(values: Mapping[str, Any]) -> str:
    until = values.get("until")
    return _("good until {date}").format(date=until) if until else _("without an end")


def _approved(values: Mapping[str, Any]) -> str:
    count = int(str(values.get("approved", 0)))
    return ngettext("{count} approved", "{count} approved", count).format(count=count)


def _imported(values: Mapping[str, Any]) -> str:
    count = int(str(values.get("count", 0)))
    return ngettext("{count} imported", "{count} imported", count).format(count=count)


def _subscribed(values: Mapping[str, Any]) -> str:
    return _("news come to {apps}").format(apps=values.get("apps") or _("our app"))


_MESSAGING: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "number": _number,
        "relay-files": _files,
        "hook": _hook,
        "token-end": _until,
        "templates": _approved,
        "subscription": _subscribed,
        "imported": _imported,
    }
)
"""Steps of numbers and of accounts at providers."""

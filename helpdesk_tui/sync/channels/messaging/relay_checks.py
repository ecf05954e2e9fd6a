"""Try out what an account of a provider needs of a relay: files on their way out, webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from helpdesk_tui.domain.accounts import Account, Check, setting_of
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messaging.relaying import HookHealth
from helpdesk_tui.domain.web_addresses import is_local
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relay_line import RelayLine, hook_of, line_of, relay_of
from helpdesk_tui.sync.relay_wire import answers_at

_NO_FILE = "a" * 32
"""What no file is put under: asking for it shows that the relay answers, and to us."""


def check_relay(account: Account, password: Password) -> Iterator[Check]:
    """Give how each step goes; nothing where the account has no relay.

    Blocks for as long as the relay takes. Changes nothing.
    """
    try:
        line = line_of(account, password)
    except HelpdeskError as error:
        yield Check("relay-connect", False, error.code, error.values)
        return
    if line is None:
        yield Check("relay-files", True, values={"relay": ""})
        return
    with closing(line):
        try:
            line.media_state(_NO_FILE)
        except HelpdeskError as error:
            yield Check("relay-connect", False, error.code, error.values)
            return
        yield Check("relay-connect", True, values={"relay": relay_of(account)})
        hook = hook_of(account)
        if hook:
            yield _hook(line, hook, account)


def _is_refused_last(health: HookHealth) -> bool:
    """Tell whether nothing was signed rightly since a signature was wrong."""
    if health.refused_at is None:
        return False
    return health.last_at is None or health.last_at < health.refused_at


def _hook(line: RelayLine, hook: str, account: Account) -> Check:
    try:
        health = line.hook_health(hook)
    except HelpdeskError as error:
        return Check("hook", False, error.code, error.values)
    # a hook is published by the worker: before it has run once the relay cannot know it
    last = health.last_at.isoformat() if health.last_at else ""
    return Check(
        "hook",
        True,
        values={
            "url": health.url,
            "known": health.is_known,
            "last": last,
            "waiting": sum(health.waiting.values()),
            "oldest": health.oldest.isoformat() if health.oldest else "",
            "refused": health.refused,
            "refused_last": _is_refused_last(health),
            "reached": answers_at(health.url),
            "public": not is_local(health.url) or is_local(setting_of(account, "api")),
        },
    )

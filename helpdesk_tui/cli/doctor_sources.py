"""What ``doctor`` says of the sources of facts about customers: it tries them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.findings import Finding
from helpdesk_tui.domain.commerce.actions import ActionState
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.domain.accounts import Check
    from helpdesk_tui.domain.commerce.connected import ConnectedSource

_NAME = "sources"
_LATELY = timedelta(hours=1)


def sources_findings(root: Path) -> Iterator[Finding]:
    """Try every source that is switched on; blocks for as long as others take."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        for source in desk.sources.all():
            yield from _source(desk.store, source)
        unknown = desk.shop_actions.counts().get(ActionState.UNKNOWN, 0)
    if unknown:
        yield Finding(
            _NAME,
            "warning",
            ngettext(
                "{count} change of an order or subscription: nobody can tell whether it was made",
                "{count} changes of orders or subscriptions: nobody can tell whether they were"
                " made",
                unknown,
            ).format(count=unknown),
            "helpdesk action list --state unknown",
        )


def _source(store: Store, source: ConnectedSource) -> Iterator[Finding]:
    if not source.is_enabled:
        yield Finding(_NAME, "ok", _("{name}: off").format(name=source.name))
        return
    checks = _tried(store, source)
    missing = [check for check in checks if not check.ok]
    is_shut = bool(missing) and (missing[0] is checks[0] or len(missing) == len(checks))
    for check in missing:
        yield Finding(
            _NAME,
            "failed" if is_shut else "warning",
            _said(source, check),
            f"helpdesk source test {source.name}",
        )
    if not missing:
        yield Finding(_NAME, "ok", ngettext(
            "{name}: {count} step went well", "{name}: {count} steps went well", len(checks)
        ).format(name=source.name, count=len(checks)))  # fmt: skip
        yield from _left_alone(source)


def _left_alone(source: ConnectedSource) -> Iterator[Finding]:
    """Say that the worker does not ask what answers here: it may log in with another secret."""
    from helpdesk_tui.widgets.words.sources import reason_words

    error_at = source.error_at
    if not source.error_code or error_at is None or datetime.now(UTC) - error_at > _LATELY:
        return
    yield Finding(
        _NAME,
        "warning",
        _("{name}: the worker has not tried again since: {reason}").format(
            name=source.name, reason=reason_words(source)
        ),
        f"helpdesk source test {source.name}",
    )


def _tried(store: Store, source: ConnectedSource) -> tuple[Check, ...]:
    from helpdesk_tui.domain.accounts import Check
    from helpdesk_tui.services.commerce.sources import key_of
    from helpdesk_tui.sync.commerce.trying import try_out

    try:
        key = key_of(store.paths.root, source)
    except HelpdeskError as error:
        values = {name: str(value) for name, value in error.values.items()}
        return (Check("login", ok=False, code=error.code, values=values),)
    return try_out(store, source, key)


def _said(source: ConnectedSource, check: Check) -> str:
    from helpdesk_tui.widgets.words.checks import check_label, check_words

    return f"{source.name}: {check_label(check)}: {check_words(check)}"

"""The words of connected channels: how each fares, and how a test of it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from helpdesk_tui.domain.accounts import AccountReport, AccountState, Check, setting_of
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messaging.providers import Carrier, carrier_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging, pairs, paragraph
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.checks import check_label, check_words
from helpdesk_tui.widgets.words.codes import channel_state_name
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.language import Marked, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_INKS: Mapping[AccountState, Ink] = {
    AccountState.NEW: Ink.WAITING,
    AccountState.OK: Ink.GOOD,
    AccountState.RETRYING: Ink.WAITING,
    AccountState.STOPPED: Ink.BAD,
}
_PROVIDERS: Mapping[str, str] = {
    Carrier.TWILIO: "Twilio",
    Carrier.META: "WhatsApp Cloud API (Meta)",
    Carrier.INSTAGRAM_LOGIN: "Instagram (Instagram Login)",
    Carrier.FACEBOOK_LOGIN: "Instagram (Facebook Login)",
}
_MEANINGS: Marked[Mapping[AccountState, str]] = {
    AccountState.NEW: "Connected, and not fetched from yet: the worker begins when it runs.",
    AccountState.OK: "All is well: what customers write arrives here.",
    AccountState.RETRYING: "The other side could not be reached: it is tried again and again,"
    " nothing is lost meanwhile.",
    AccountState.STOPPED: "Stopped, as the login was refused several times:"
    " helpdesk channel password {name} gives a new one.",
}


def state_span(report: AccountReport, signs: Signs) -> Span:
    """Return sign and word of how a channel fares."""
    account = report.account
    word = channel_state_name(account.state.value, is_on=account.enabled)
    if not account.enabled:
        return f"{signs.away} {word}", Ink.DIM
    sign = {
        AccountState.NEW: signs.ellipsis,
        AccountState.OK: signs.ok,
        AccountState.RETRYING: signs.ellipsis,
        AccountState.STOPPED: signs.fault,
    }[account.state]
    return f"{sign} {word}", _INKS[account.state]


def channel_lines(
    report: AccountReport, width: int, signs: Signs, now: datetime, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: name and state, then its address and when it was in step."""
    account, spec = report.account, CHANNELS[report.account.channel]
    faint = Ink.SOFT if picked else Ink.DIM
    state, ink = state_span(report, signs)
    room = max(4, width - cells(state) - 7)
    name = shorten_cells(clean(account.name), room)
    gap = " " * max(1, width - 5 - cells(name) - cells(state))
    heading = Ink.HEADING if account.enabled else Ink.SOFT
    first: list[Span] = [
        (" ", faint), (signs.channel(spec.name), Ink(spec.color)), (" ", faint), (name, heading),
        (gap, faint), (f"{state} ", faint if not account.enabled else ink),
    ]  # fmt: skip
    said = " · ".join(filter(None, (spec.label, clean(account.address), _lag(report, now))))
    second = shorten_cells(signs.plain(said), max(4, width - 5))
    return first, [("   ", faint), (second, Ink.SOFT)]


def channel_page(
    report: AccountReport,
    checks: Sequence[Check] | None,
    width: int,
    now: datetime,
    zone: tzinfo | None,
    signs: Signs,
    keys: Mapping[str, str],
) -> PageLines:
    """Return the page of a channel: how it fares, what waits, and how its test went.

    ``checks`` are the steps of a test; empty while it runs, None where nobody asked for one.
    """
    account, spec = report.account, CHANNELS[report.account.channel]
    lines: PageLines = [[(clean(account.name), Ink.HEADING)], [], [state_span(report, signs)]]
    meaning = _MEANINGS[account.state] if account.enabled else _off()
    lines += paragraph(_(meaning).format(name=clean(account.name)), width, Ink.SOFT)
    if account.error_code:
        said = sentence_of(account.error_code, reason=clean(report.error_text), name=account.name)
        lines += hanging(("✗ ", Ink.BAD), said, width, Ink.BAD)
    lines += [[], *pairs(_facts(report, spec.label, now, zone), width)]
    lines += check_lines(checks, width, signs)
    hint = _("{test} tries it out · {toggle} switches it off or on · {sync} fetches now")
    lines += [[], *paragraph(hint.format_map(keys), width, Ink.SOFT)]
    lines += paragraph(
        _("Connect another: helpdesk channel add email|webchat|sms|whatsapp|instagram"),
        width,
        Ink.DIM,
    )
    return lines


def _off() -> str:
    return _("Switched off: nothing is fetched or sent; its tickets stay.")


def _facts(
    report: AccountReport, label: str, now: datetime, zone: tzinfo | None
) -> tuple[tuple[str, str], ...]:
    account = report.account
    provider = carrier_of(account)
    return (
        (_("channel"), label),
        (_("address"), clean(account.address)),
        (_("provider"), _PROVIDERS.get(provider, clean(provider))),
        (_("relay"), clean(setting_of(account, "relay"))),
        (_("in step"), when(report.last_sync_at, now, zone)),
        (_("last trouble"), when(report.error_at, now, zone)),
        (_("to leave"), _messages(report.waiting)),
        (_("not sent"), _messages(report.failed)),
        (_("files"), ngettext("{count} is fetched", "{count} are fetched", report.fetching).format(
            count=report.fetching) if report.fetching else ""),
        (_("templates"), str(report.templates or "")),
    )  # fmt: skip


def check_lines(checks: Sequence[Check] | None, width: int, signs: Signs) -> PageLines:
    """Return how the steps of a test went; see :func:`channel_page`."""
    if checks is None:
        return []
    lines: PageLines = [[], [(_("TEST"), Ink.DIM)]]
    if not checks:
        return [*lines, [(_("running …"), Ink.WAITING)]]
    for check in checks:
        sign = (f"{signs.ok} ", Ink.GOOD) if check.ok else (f"{signs.fault} ", Ink.BAD)
        said = f"{check_label(check)}: {check_words(check)}".rstrip(": ")
        lines += hanging(sign, said, width, Ink.TEXT if check.ok else Ink.BAD)
    return lines


def _messages(count: int) -> str:
    if not count:
        return ""
    return ngettext("{count} message", "{count} messages", count).format(count=count)


def when(at: datetime | None, now: datetime, zone: tzinfo | None) -> str:
    """Return a moment and how long ago it was; nothing where there was none."""
    if at is None:
        return ""
    return f"{short_moment(at.astimezone(zone))} ({age(at, now)})"


def _lag(report: AccountReport, now: datetime) -> str:
    if not report.account.enabled or report.last_sync_at is None:
        return ""
    return age(report.last_sync_at, now)

"""The section of an SMS, WhatsApp or Instagram ticket in the sidebar.

Whether and how they may be written to, through which number of ours, and what marketing message
they answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from helpdesk_tui.domain.channels import CHANNELS, ChannelSpec
from helpdesk_tui.domain.messaging.state import Attribution, ConsentState, MessagingInfo
from helpdesk_tui.domain.messaging.windows import lock_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.sidebar.parts import (
    BLANK,
    LABEL,
    SidebarInput,
    SideRow,
    field,
    heading,
    row,
)
from helpdesk_tui.widgets.sidebar.targets import text_target
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import ago, short_moment
from helpdesk_tui.widgets.words.messaging import LOCKS, consent_kind, consent_words, window_meter
from helpdesk_tui.widgets.words.messaging_notices import attribution_kind
from helpdesk_tui.widgets.words.people import shown_address
from helpdesk_tui.widgets.wrap import wrap_line

_QUOTED_LINES = 3


def messaging_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section of a ticket; of one of another channel it has nothing to say."""
    ticket, width, now, zone = shown.ticket, shown.width, shown.now, shown.zone
    if ticket is None:
        return
    info, spec = ticket.messaging, CHANNELS.get(ticket.row.channel)
    if info is None or spec is None or not spec.is_messaging:
        return
    yield heading(spec.label.upper(), clean(info.account), width)
    if not info.is_enabled:
        off = wrap_line(_("switched off: nothing is sent or fetched"), width - 2)
        for place, line in enumerate(off):
            yield row(("  " if place else "▲ ", Ink.WAITING), (line, Ink.WAITING))
    ours = shown_address(info.ours)
    yield field(_("ours"), [(ours or "–", Ink.TEXT)], width, text_target("ours", ours))
    if info.handle or info.name:
        handle = f"@{clean(info.handle).removeprefix('@')}" if info.handle else ""
        said = " · ".join([piece for piece in (handle, clean(info.name)) if piece])
        yield field(_("known as"), [(said, Ink.TEXT)], width)
    if spec.has_opt_out:
        yield from _consent(info, spec, width, zone)
    yield from _window(info, spec, width, now)
    if info.heard_at is not None:
        yield field(_("heard"), [(ago(info.heard_at, now), Ink.TEXT)], width)
    if info.attribution is not None:
        yield BLANK
        yield from _attribution(info.attribution, width, zone)


def _consent(
    info: MessagingInfo, spec: ChannelSpec, width: int, zone: tzinfo | None
) -> Iterator[SideRow]:
    """Yield whether they may be written to, then how and since when that is known."""
    is_unsaid = info.consent.state is ConsentState.UNKNOWN
    if is_unsaid and not spec.needs_consent and info.heard_at is not None:
        yield field(_("consent"), [(_("by writing to us"), Ink.GOOD)], width)
        return
    (state, *source) = consent_words(info.consent)
    yield field(_("consent"), [state], width)
    known = [text.removeprefix(" · ") for text, _ink in source]
    if info.consent.agent:
        known.append(clean(info.consent.agent))
    if info.consent.at is not None:
        local = info.consent.at.astimezone(zone)
        known.append(short_moment(local, local.year))
    if info.consent.kind:
        known.append(consent_kind(info.consent.kind))
    for line in wrap_line(" · ".join(known), width - LABEL) if known else ():
        yield row((" " * LABEL, Ink.DIM), (line, Ink.DIM))


def _window(info: MessagingInfo, spec: ChannelSpec, width: int, now: datetime) -> Iterator[SideRow]:
    """Yield how long free replies may be sent, or why none may be."""
    lock = lock_of(info, spec, now)
    if lock is not None:
        words = _(LOCKS[lock.code]) if lock.code in LOCKS else clean(lock.code)
        yield field(_("replies"), [(f"✗ {words}", Ink.BAD)], width)
        return
    if info.dead_end:
        yield field(_("replies"), [("▲ " + _("do not arrive"), Ink.WAITING)], width)
        return
    meter = window_meter(info, spec, now)
    if meter is not None:
        ink = Ink.WAITING if meter.warns else Ink.GOOD
        yield field(_("replies"), [(meter.words, ink)], width)


def _attribution(sent: Attribution, width: int, zone: tzinfo | None) -> Iterator[SideRow]:
    local = sent.sent_at.astimezone(zone)
    yield heading(_("ANSWERS"), short_moment(local, local.year), width)
    yield field(attribution_kind(sent.kind), [(clean(sent.name), Ink.TAG)], width)
    text = " ".join(clean(sent.text).split())
    lines = wrap_line(text, width) if text else []
    for line in lines[:_QUOTED_LINES]:
        yield row((line, Ink.DIM))

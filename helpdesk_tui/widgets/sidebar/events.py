"""What a customer did, or what was done for them, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from helpdesk_tui.domain.commerce.facts import CustomerEvent, Section
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import (
    Rows,
    SidebarInput,
    SideRow,
    at_most,
    cut,
    fitted,
)
from helpdesk_tui.widgets.sidebar.standing import section_heading, section_notes, sources_of
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import clock, day_month, number
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_WHEN = 7


def event_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section; nothing where no source could ever tell."""
    context = shown.context
    if context is None or not sources_of(context, Section.EVENTS):
        return
    count = context.event_count
    yield section_heading(shown, context, Section.EVENTS, number(count) if count else "")
    rows: Rows = []
    told = context.events[: at_most(shown, "events")]
    for source_id, event in told:
        rows.append(_event(event, source_id, shown))
    if context.metrics or shown.filter_name:
        yield _filter(shown)
    yield from cut(rows, shown, "events", beyond=max(0, count - len(told)))
    if shown.filter_name and not rows:
        yield SideRow(((_("none of these"), Ink.DIM),))
        return
    yield from section_notes(shown, context, Section.EVENTS, is_empty=not rows)


def _filter(shown: SidebarInput) -> SideRow:
    """Return the line that says which events are shown; pressing it asks for others."""
    name = clean(shown.filter_name)
    words = shorten_cells(name or _("all metrics"), shown.width - 2)
    ink = Ink.ACCENT if name else Ink.DIM
    return SideRow(((words, ink), (" ▾", Ink.DIM)), Target(TargetKind.METRICS, "metrics"))


def metric_words(metric: str) -> str:
    """Return what a kind of event is called."""
    return clean(metric) or _("unnamed event")


def event_target(source_id: int, event: CustomerEvent) -> Target:
    """Return what an event is addressed by."""
    said = " ".join([part for part in (metric_words(event.metric), clean(event.title)) if part])
    return Target(TargetKind.EVENT, event.id, source_id, copied=said, url=event.url)


def short_when(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """Return the time of day of what happened today, the day of all else."""
    local = moment.astimezone(zone)
    return clock(local) if local.date() == now.astimezone(zone).date() else day_month(local)


def _event(event: CustomerEvent, source_id: int, shown: SidebarInput) -> SideRow:
    when = short_when(event.at, shown.now, shown.zone)
    metric, title = metric_words(event.metric), clean(event.title)
    spans: list[Span] = [
        (when + " " * max(1, _WHEN - cells(when)), Ink.DIM),
        (metric, Ink.TEXT),
    ]
    if title:
        spans.append((f" {title}", Ink.DIM))
    return SideRow(tuple(fitted(spans, shown.width)), event_target(source_id, event))

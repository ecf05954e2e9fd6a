"""The line for a status bar: plain, or with the colours of tmux."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from helpdesk_tui.domain.flow import Flow, FlowState
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _

Part = tuple[str, "Color"]


class Color(StrEnum):
    """What a part means; the values are the colours tmux knows it by."""

    CALM = "default"
    NEW = "blue"
    WAITING = "yellow"
    BAD = "red"


_FLOW_COLORS = {FlowState.STOPPED: Color.BAD, FlowState.GOOD: Color.CALM}


def status_parts(
    *,
    mine: tuple[int, int],
    unassigned: tuple[int, int],
    unread: int,
    waiting: str,
    flow: Flow,
) -> list[Part]:
    """Return the parts of the line, the most wanted first.

    Args:
        mine: Unread and open tickets of the agent.
        unassigned: The same of nobody's.
        unread: Unread tickets of the whole desk.
        waiting: How long the customer has waited who waits longest, as people read it.
        flow: Whether messages flow.
    """
    parts = [
        (_("unread {count}").format(count=unread), Color.NEW if unread else Color.CALM),
        _numbers(_("mine {count}"), mine),
        _numbers(_("unassigned {count}"), unassigned),
    ]
    if waiting:
        parts.append((_("waiting {span}").format(span=waiting), Color.WAITING))
    sync = _flow_part(flow)
    return [*parts, sync] if sync is not None else parts


def _numbers(text: str, numbers: tuple[int, int]) -> Part:
    unread, total = numbers
    count = f"{unread}/{total}" if unread else str(total)
    return text.format(count=count), Color.NEW if unread else Color.CALM


def _flow_part(flow: Flow) -> Part | None:
    text = flow_words(flow)
    return (text, _FLOW_COLORS.get(flow.state, Color.WAITING)) if text else None


def flow_words(flow: Flow) -> str:
    """Return what is said of the flow of messages; nothing where there is no account."""
    words = {
        FlowState.STOPPED: _("sync stopped: {name}"),
        FlowState.OFF: _("sync off"),
        FlowState.RETRYING: _("sync retries: {name}"),
        FlowState.HELD: _("automatic answers paused: {name}"),
        FlowState.GOOD: _("sync ✓"),
    }
    return words.get(flow.state, "").format(name=clean(flow.account))


def plain_line(parts: Sequence[Part]) -> str:
    """Return the parts as one line of text."""
    return " · ".join(text for text, _color in parts)


def tmux_line(parts: Sequence[Part]) -> str:
    """Return the parts with tmux's colours; no text can bring colours or commands of its own."""
    return " · ".join(
        text.replace("#", "##")
        if color is Color.CALM
        else f"#[fg={color.value}]{text.replace('#', '##')}#[fg=default]"
        for text, color in parts
    )

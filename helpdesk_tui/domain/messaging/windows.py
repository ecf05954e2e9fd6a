"""Whether a customer may be written to now, and for how long still.

Pure, so that the composer asks it every second and the services before anything is queued.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.messaging.state import ConsentState, MessagingInfo


@dataclass(frozen=True, slots=True)
class Lock:
    """Why nothing can be written now."""

    code: str
    """``channel.off``, ``reply.opted-out``, ``reply.no-consent``, ``reply.never-wrote``,
    ``reply.window-closed`` or ``reply.human-only``."""
    values: Mapping[str, object] = field(default_factory=dict)
    allows_template: bool = False
    """An approved template may be sent all the same."""


def lock_of(
    info: MessagingInfo, spec: ChannelSpec, now: datetime, *, is_person: bool = True
) -> Lock | None:
    """Return why a free reply may not be sent now; None where it may.

    Args:
        info: How things stand with the customer.
        spec: The channel.
        now: The moment at which it would leave.
        is_person: A person writes it; false for what the desk sends by itself.
    """
    if not info.is_enabled:
        return Lock("channel.off", {"channel": spec.label, "account": info.account})
    return _consent_lock(info, spec) or _window_lock(info, spec, now, is_person=is_person)


def window_end(
    info: MessagingInfo, spec: ChannelSpec, *, is_person: bool = True
) -> datetime | None:
    """Return when free replies end; None on channels without a window, or if they never began."""
    if spec.window is None or info.heard_at is None:
        return None
    return info.heard_at + _length(info, spec, is_person=is_person)


def time_left(
    info: MessagingInfo, spec: ChannelSpec, now: datetime, *, is_person: bool = True
) -> timedelta | None:
    """Return how long free replies may still be sent (zero: no longer); None without a window."""
    if spec.window is None:
        return None
    end = window_end(info, spec, is_person=is_person)
    return timedelta() if end is None else max(timedelta(), end - now)


def needs_human_tag(info: MessagingInfo, spec: ChannelSpec, now: datetime) -> bool:
    """Tell whether a reply can leave only as one that a person has written."""
    if spec.window is None or spec.human_window is None or info.heard_at is None:
        return False
    return now >= info.heard_at + spec.window


def _length(info: MessagingInfo, spec: ChannelSpec, *, is_person: bool) -> timedelta:
    usual = spec.window or timedelta()
    if spec.human_window is not None and info.has_human_agent and is_person:
        return spec.human_window
    return usual


def _consent_lock(info: MessagingInfo, spec: ChannelSpec) -> Lock | None:
    values = {"channel": spec.label, "address": info.address}
    if spec.has_opt_out and info.consent.state is ConsentState.WITHDRAWN:
        return Lock("reply.opted-out", values)
    if spec.needs_consent and info.consent.state is not ConsentState.GIVEN:
        return Lock("reply.no-consent", values)
    return None


def _window_lock(
    info: MessagingInfo, spec: ChannelSpec, now: datetime, *, is_person: bool
) -> Lock | None:
    if spec.window is None:
        return None
    values: dict[str, object] = {"channel": spec.label, "templates": info.templates}
    if info.heard_at is None:
        return Lock("reply.never-wrote", values, spec.has_templates)
    length = _length(info, spec, is_person=is_person)
    if now < info.heard_at + length:
        return None
    human = spec.human_window
    values |= {"hours": int(length.total_seconds()) // 3600, "until": info.heard_at + length}
    if human is not None and now < info.heard_at + human:
        # it could be answered: by a person, once Meta has granted it
        days = {"days": human.days, "is_granted": info.has_human_agent}
        return Lock("reply.human-only", values | days)
    return Lock("reply.window-closed", values, spec.has_templates)

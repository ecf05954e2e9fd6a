"""The words of SMS, WhatsApp and Instagram: why nothing can be written, how long still, how much.

Shared by composer, sidebar and commands; the sentences of locks are those of the error codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.messaging.state import ConsentInfo, ConsentState, MessagingInfo
from helpdesk_tui.domain.messaging.windows import needs_human_tag, time_left
from helpdesk_tui.domain.sms import count_segments, first_outside_gsm
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.language import Marked, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

MESSAGING_SENTENCES: Marked[Mapping[str, str]] = {
    "channel.off": "{channel} is switched off ({account}): nothing is fetched or sent there",
    "reply.no-consent": "no consent to {channel} is known for {address}: nothing may be sent"
    " there before it is (helpdesk consent record)",
    "reply.opted-out": "{address} has opted out of {channel}: nothing is sent there until they"
    " write START themselves",
    "reply.never-wrote": "they never wrote on {channel}: the first word there is theirs",
    "reply.window-closed": "{channel} takes free replies for {hours} hours after their last"
    " message: that time is over",
    "reply.human-only": "{channel} takes free replies for {hours} hours; {days} days need the"
    " human agent permission of Meta, which this account has not been granted",
    "reply.no-relay": "{channel} fetches files from an address, and no relay serves them yet: an"
    " administrator sets one up, text goes all the same",
    "reply.no-account": "no {channel} account is connected that this ticket came by: helpdesk"
    " channel add",
    "delivery.no-reason": "the provider could not deliver it and gives no reason",
    "template.bad-body": "a template's text has 1 to {limit} characters, its places are numbered"
    " from {{{{1}}}} on without gaps",
    "template.bad-language": "{language} is no language of a template, such as en, en_US or pl",
    "template.bad-name": "{name} is no name of a template: lower-case letters, digits and _",
    "template.bad-value": "the value for {{{{{place}}}}} of template {name} is empty or has line"
    " breaks: providers refuse both",
    "template.in-use": "{name} ({language}) comes from the provider: it is removed there",
    "template.missing": "there is no template {name} in {language}: helpdesk channel template list",
    "template.not-approved": "template {name} ({language}) is {status}: only approved ones"
    " are sent",
    "template.not-here": "{channel} has no templates",
    "template.values": "template {name} ({language}) takes {wanted} values, {given} were given",
}
"""Sentences of what keeps a reply from leaving."""

LOCKS: Marked[Mapping[str, str]] = {
    "channel.off": "switched off",
    "reply.no-consent": "no consent known",
    "reply.opted-out": "opted out",
    "reply.never-wrote": "never wrote here",
    "reply.no-account": "not connected",
    "reply.window-closed": "window closed",
    "reply.human-only": "window closed",
}
"""The same in two words, for where there is little room."""

LOCK_REASONS: Marked[Mapping[str, str]] = {
    "reply.no-consent": "no consent to {channel} is known for {address}: nothing may be sent"
    " there before it is",
}
"""The same as a sentence where the next step is a key, not a command."""

CONSENT: Marked[Mapping[ConsentState, str]] = {
    ConsentState.GIVEN: "given",
    ConsentState.WITHDRAWN: "withdrawn",
    ConsentState.UNKNOWN: "not known",
}

CONSENT_KINDS: Marked[Mapping[str, str]] = {
    "marketing": "marketing",
    "transactional": "transactional",
    "conversational": "conversational",
}

CONSENT_SOURCES: Marked[Mapping[str, str]] = {
    "keyword": "by keyword",
    "provider": "by the provider",
    "import": "imported",
    "agent": "recorded by an agent",
}

_SHORT = timedelta(hours=1)
"""So little is left of a window that it is said in another colour."""
_MANY_SEGMENTS = 3
"""More than so many segments are dear."""


@dataclass(frozen=True, slots=True)
class Meter:
    """How much has been written, or how long there is still time for it."""

    words: str
    warns: bool = False


def length_meter(text: str, spec: ChannelSpec) -> Meter | None:
    """Return how much of a message is used, where the channel counts; None elsewhere."""
    over = len(text) - spec.text_limit if spec.text_limit else 0
    if over > 0:
        # more than that is refused, whatever it is counted in
        said = ngettext("{count} character too many", "{count} characters too many", over)
        return Meter(said.format(count=number(over)), warns=True)
    if spec.counts_segments:
        return _segments(text)
    if spec.bytes_limit:
        return _bytes(len(text.strip().encode()), spec.bytes_limit)
    return None


def _segments(text: str) -> Meter:
    found = count_segments(text)
    said = ngettext("{count} segment", "{count} segments", found.segments).format(
        count=number(found.segments)
    )
    left = _("{count} left").format(count=number(found.left))
    outside = clean(first_outside_gsm(text))
    encoding = f"{found.encoding} “{outside}”" if outside else found.encoding
    return Meter(f"{encoding} · {left} · {said}", found.segments > _MANY_SEGMENTS)


def _bytes(used: int, limit: int) -> Meter:
    if used <= limit:
        said = _("{count} of {limit} bytes").format(count=number(used), limit=number(limit))
        return Meter(said, used > limit * 0.9)
    parts = -(-used // limit)
    said = ngettext(
        "{count} bytes: {parts} message", "{count} bytes: {parts} messages", parts
    ).format(count=number(used), parts=number(parts))
    return Meter(said, warns=True)


def window_meter(info: MessagingInfo, spec: ChannelSpec, now: datetime) -> Meter | None:
    """Return how long free replies may still be sent; None where that has no end, or it is over."""
    if needs_human_tag(info, spec, now):
        left = time_left(info, spec, now)
        if not left:
            return None
        return Meter(_("human agent {time}").format(time=span_words(left)), warns=True)
    left = time_left(info, spec, now, is_person=False)
    if not left:
        return None
    return Meter(_("window {time}").format(time=span_words(left)), left < _SHORT)


def span_words(left: timedelta) -> str:
    """Return a length of time: ``6 d 3 h``, ``3 h 12 m``, ``42 m``, ``35 s``."""
    seconds = max(0, int(left.total_seconds()))
    if seconds >= 86400:
        days, hours = seconds // 86400, seconds % 86400 // 3600
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if seconds >= 3600:
        hours, minutes = seconds // 3600, seconds % 3600 // 60
        return _("{hours} h {minutes} m").format(hours=hours, minutes=minutes)
    if seconds >= 60:
        return _("{minutes} m").format(minutes=seconds // 60)
    return _("{seconds} s").format(seconds=seconds)


def consent_words(consent: ConsentInfo) -> list[Span]:
    """Return whether somebody may be written to, and how that is known."""
    inks = {ConsentState.GIVEN: Ink.GOOD, ConsentState.WITHDRAWN: Ink.BAD}
    spans: list[Span] = [(_(CONSENT[consent.state]), inks.get(consent.state, Ink.DIM))]
    if consent.source:
        source = CONSENT_SOURCES.get(consent.source)
        spans.append((" · " + (_(source) if source else consent.source), Ink.DIM))
    return spans


def consent_kind(kind: str) -> str:
    """Return what consent was given to."""
    return _(CONSENT_KINDS[kind]) if kind in CONSENT_KINDS else clean(kind)

"""Who the customer is: what we know, where sources say otherwise, consent, segments and lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    ProfileFacts,
    Section,
    SourceConsent,
)
from helpdesk_tui.domain.commerce.identities import Identity
from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import (
    Rows,
    SidebarInput,
    SideRow,
    both_ends,
    cut,
    row,
    said_by,
    wrapped,
)
from helpdesk_tui.widgets.sidebar.standing import label_of, section_notes, sources_of
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind, text_target
from helpdesk_tui.widgets.words.language import Marked, _
from helpdesk_tui.widgets.words.locale_forms import clock, date_and_year, month_year
from helpdesk_tui.widgets.words.messaging import consent_kind
from helpdesk_tui.widgets.words.people import shown_address
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_HANDLES = 4
_GROUPS = 2
"""Lines of segments and lists."""
_CHANNELS: Marked[Mapping[str, str]] = {"email": "email", "sms": "sms", "whatsapp": "whatsapp"}
_CONSENT: Mapping[ConsentWord, tuple[str, Ink]] = {
    ConsentWord.SUBSCRIBED: ("✓", Ink.GOOD),
    ConsentWord.UNSUBSCRIBED: ("✗", Ink.BAD),
    ConsentWord.NEVER: ("–", Ink.DIM),
}
CONSENT_WORDS: Marked[Mapping[ConsentWord, str]] = {
    ConsentWord.SUBSCRIBED: "agreed",
    ConsentWord.UNSUBSCRIBED: "declined",
    ConsentWord.NEVER: "never asked",
}


def person_rows(profile: Profile, shown: SidebarInput) -> Iterator[SideRow]:
    """Yield who a customer is."""
    width, context = shown.width, shown.context
    name = name_of(profile)
    # the name leads to all of them, and there a second time to nothing
    target = Target(TargetKind.CUSTOMER, "name", copied=name)
    yield row((shorten_cells(name, width), Ink.HEADING), target=target)
    doubts = _doubts(context) if context is not None else {}
    for place, value in (("email", shown_address(profile.email)), ("phone", clean(profile.phone))):
        if not value or value == name:
            continue
        if value in doubts:
            # once, with what there is to say of it
            yield _doubt(doubts.pop(value), width)
        else:
            yield row((shorten_cells(value, width), Ink.SOFT), target=text_target(place, value))
    yield from _handles(profile, width)
    if context is not None:
        yield from cut(list(_otherwise(profile, context, width)), shown, "profile")
        yield from section_notes(shown, context, Section.PROFILE, is_empty=False)
    yield from _place(profile, shown)
    known = [one.since for _source, one in context.profiles if one.since] if context else []
    since = min([profile.created_at, *known])
    yield row((_since(since.astimezone(shown.zone), width), Ink.DIM))
    if context is not None:
        yield from consent_rows(context, shown)
        yield from group_rows(context, shown)
        yield from (_doubt(claim, width) for claim in doubts.values())
        yield from _same(context, width)


def name_of(profile: Profile) -> str:
    """Return what a customer is called, by the best that is known."""
    return (
        clean(profile.name) or shown_address(profile.email) or clean(profile.phone) or _("unknown")
    )


def _handles(profile: Profile, width: int) -> Iterator[SideRow]:
    for kind, value in profile.handles[:_HANDLES]:
        spec = CHANNELS.get(kind)
        sign: Span = (f"{spec.icon} ", Ink(spec.color)) if spec else (f"{clean(kind)} ", Ink.DIM)
        said = shown_address(value)
        room = width - cells(sign[0])
        yield row(
            sign, (shorten_cells(said, room), Ink.SOFT), target=text_target(f"handle-{kind}", said)
        )


def _otherwise(profile: Profile, context: CustomerContext, width: int) -> Iterator[SideRow]:
    """Yield what sources hold that is not what we do, with who says so."""
    known = {fold(profile.name), fold(profile.email), profile.phone}
    known |= {fold(value) for _kind, value in profile.handles}
    seen: set[tuple[str, str]] = set()
    for source_id, facts in context.profiles:
        label = label_of(context, source_id)
        for place, value in _told(facts):
            if fold(value) in known or value in known or (place, fold(value)) in seen:
                continue
            seen.add((place, fold(value)))
            target = text_target(f"{place}-{source_id}", value, facts.url)
            yield from said_by([(value, Ink.SOFT)], label, width, target)


def _told(facts: ProfileFacts) -> Iterator[tuple[str, str]]:
    pairs = (
        ("name", clean(facts.name)),
        ("email", shown_address(facts.email)),
        ("phone", clean(facts.phone)),
    )
    return ((place, value) for place, value in pairs if value)


def _place(profile: Profile, shown: SidebarInput) -> Iterator[SideRow]:
    """Yield where they are and what time it is there; below each other where room is short."""
    told = [facts for _source, facts in shown.context.profiles] if shown.context else []
    places = [clean(one) for one in (profile.location, *[facts.location for facts in told]) if one]
    zones = [one for one in (profile.timezone, *[facts.timezone for facts in told]) if one]
    local = next(filter(None, [local_time(zone, shown.now) for zone in zones]), "")
    parts = [part for part in (places[0] if places else "", local) if part]
    said = " · ".join(parts)
    for text in [said] if cells(said) <= shown.width else parts:
        if text:
            line = shorten_cells(text, shown.width)
            yield row((line, Ink.DIM), target=text_target("place", said))


def local_time(zone: str, now: datetime) -> str:
    """Return the time of day in a zone; empty for one that nobody knows."""
    try:
        return _("{time} local").format(time=clock(now.astimezone(ZoneInfo(zone)))) if zone else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def _since(moment: datetime, width: int) -> str:
    words = _("customer since {date}")
    full = words.format(date=date_and_year(moment))
    # a cut year would say less than a month without its day
    return shorten_cells(
        full if cells(full) <= width else words.format(date=month_year(moment)), width
    )


# consent -----------------------------------------------------------------------------------


def consent_rows(context: CustomerContext, shown: SidebarInput) -> Iterator[SideRow]:
    """Yield on which channels they agreed to be written to, as each source knows it."""
    told: dict[tuple[tuple[str, str, Ink], ...], list[str]] = {}
    for source_id, facts in context.profiles:
        marks = _marks(facts.consents)
        if marks:
            told.setdefault(marks, []).append(label_of(context, source_id))
    for marks, names in told.items():
        said = "  ".join([f"{channel} {sign}" for channel, sign, _ink in marks])
        who = ", ".join(names)
        # what stands closer together leaves room to say who says so
        gap = "  " if cells(said) + cells(who) < shown.width else " "
        spans: list[Span] = []
        for channel, sign, ink in marks:
            spans += [(f"{channel} ", Ink.SOFT), (sign, ink), (gap, Ink.DIM)]
        target = text_target("consent-" + "-".join(names), said)
        if len(told) > 1:
            yield from said_by(spans[:-1], who, shown.width, target)
        else:
            yield both_ends(spans[:-1], (who, Ink.DIM), shown.width, target)
    for source_id, facts in context.profiles:
        yield from _differing(facts.consents, label_of(context, source_id), shown.width)


def _differing(consents: tuple[SourceConsent, ...], who: str, width: int) -> Iterator[SideRow]:
    """Yield the kinds of messages that are wanted otherwise than the sign of the channel says."""
    shown = {name: (sign, ink) for name, sign, ink in _marks(consents)}
    for one in consents:
        name, (sign, ink) = channel_word(one.channel), _sign(one)
        if shown[name] == (sign, ink):
            continue
        said = f"{name} {consent_kind(one.kind)}"
        target = text_target(f"consent-{said}-{who}", f"{said} {sign}")
        yield both_ends([(f"{said} ", Ink.SOFT), (sign, ink)], (who, Ink.DIM), width, target)


def _marks(consents: tuple[SourceConsent, ...]) -> tuple[tuple[str, str, Ink], ...]:
    """Return the sign of each channel: that of marketing, where a source tells two kinds apart."""
    best: dict[str, SourceConsent] = {}
    for one in consents:
        if one.channel not in best or one.kind == "marketing":
            best[one.channel] = one
    return tuple([(channel_word(name), *_sign(one)) for name, one in best.items()])


def channel_word(channel: str) -> str:
    """Return the short name of a channel of consent."""
    return _(_CHANNELS[channel]) if channel in _CHANNELS else clean(channel)


def _sign(consent: SourceConsent) -> tuple[str, Ink]:
    return ("✗", Ink.BAD) if consent.is_suppressed else _CONSENT[consent.word]


def consent_words(consent: SourceConsent) -> str:
    """Return in words whether somebody may be written to."""
    if consent.is_suppressed:
        return _("suppressed: nothing is sent")
    return _(CONSENT_WORDS[consent.word])


# segments and lists ------------------------------------------------------------------------


def group_rows(context: CustomerContext, shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the segments and lists that a customer is in."""
    names = list(dict.fromkeys([clean(one.name) for _source, one in context.segments if one.name]))
    if not names:
        if sources_of(context, Section.SEGMENTS):
            yield from section_notes(shown, context, Section.SEGMENTS, is_empty=False)
        return
    said = ", ".join(names)
    rows: Rows = [
        row((line, Ink.TAG), target=Target(TargetKind.TEXT, f"groups-{at}", copied=said))
        for at, line in enumerate(_side_by_side(names, shown.width))
    ]
    yield from cut(rows, shown, "segments", limit=_GROUPS)
    # lists may be there and segments kept from us, or the other way round
    yield from section_notes(shown, context, Section.SEGMENTS, is_empty=False)


def _side_by_side(names: list[str], width: int) -> list[str]:
    """Return names on as few lines as they fit, never one torn apart."""
    lines = [""]
    for name in names:
        said = shorten_cells(name, width)
        longer = f"{lines[-1]} · {said}" if lines[-1] else said
        if cells(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(said)
    return lines


# what is not sure --------------------------------------------------------------------------


def _doubts(context: CustomerContext) -> dict[str, Identity]:
    """Return the addresses that nobody has proved, by what is shown of them."""
    return {shown_address(claim.value): claim for claim in context.claims}


def _doubt(claim: Identity, width: int) -> SideRow:
    value = shown_address(claim.value)
    target = Target(TargetKind.CLAIM, f"{claim.kind}:{claim.value}", copied=value)
    left: list[Span] = [("? ", Ink.WAITING), (value, Ink.SOFT)]
    return both_ends(left, (_("not proved"), Ink.WAITING), width, target)


def _same(context: CustomerContext, width: int) -> Iterator[SideRow]:
    """Yield other profiles of the same person."""
    for other in context.same:
        text = _("the same person as profile #{id}? enter links them").format(id=other)
        yield from wrapped(
            text, Ink.WAITING, width, sign="⇄ ", target=Target(TargetKind.SAME, str(other))
        )

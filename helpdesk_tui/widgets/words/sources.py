"""The words of the connected sources of customer data: what each is, brings and may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.actions import Mode
from helpdesk_tui.domain.commerce.connected import ConnectedSource, Standing
from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging, pairs, paragraph
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.actions import CHANGES
from helpdesk_tui.widgets.words.channels import check_lines, when
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import Marked, _, pgettext
from helpdesk_tui.widgets.words.source_checks import RIGHTS
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_KINDS: Marked[Mapping[str, str]] = {
    "endpoint": "Own endpoint",
    "table": "Imported files",
    "sandbox": "Sample shop",
}
"""Kinds that are no name of a company."""
_CREDENTIALS: Marked[Mapping[str, str]] = {
    "klaviyo": "private API key",
    "shopify": "Admin API access token",
    "recharge": "API token",
    "endpoint": "token that your endpoint wants to see",
}
"""What each kind calls the key that is asked for."""
_WORDS: Marked[Mapping[Standing, str]] = {
    Standing.NEW: "not asked yet",
    Standing.OK: "answers",
    Standing.SHUT: "cannot be asked",
    Standing.IMPORTED: "imported",
    Standing.OFF: "off",
}
_INKS: Mapping[Standing, Ink] = {
    Standing.NEW: Ink.WAITING,
    Standing.OK: Ink.GOOD,
    Standing.SHUT: Ink.BAD,
    Standing.IMPORTED: Ink.GOOD,
    Standing.OFF: Ink.DIM,
}
_MEANINGS: Marked[Mapping[Standing, str]] = {
    Standing.NEW: "Connected, and not asked yet: the worker asks it as soon as it runs.",
    Standing.OK: "It answers: what it knows stands in the sidebar of its customers.",
    Standing.SHUT: "Until this is mended nothing is asked there. What it said before stays, with"
    " its age. The worker looks again every ten minutes; a test that goes well ends the wait.",
    Standing.IMPORTED: "Nobody is asked over the network: it knows what files were imported.",
    Standing.OFF: "Switched off: nothing is asked there, and nothing changed. What it has said"
    " stays, and grows old.",
}
_SECTIONS: Marked[Mapping[Section, str]] = {
    Section.PROFILE: "who customers are",
    Section.SEGMENTS: "segments and lists",
    Section.VALUE: "what they are worth",
    Section.ORDERS: "orders",
    Section.SUBSCRIPTIONS: "subscriptions",
    Section.EVENTS: "what they did",
}
_TOLD: Marked[Mapping[str, str]] = {
    "name": "account",
    "currency": "currency",
    "timezone": "time zone",
    "domain": "web address",
}
_MODES: Marked[Mapping[Mode, str]] = {
    Mode.DRY_RUN: "Only as a dry run now: everything is checked, nothing is changed (setting"
    " shop-actions).",
    Mode.OFF: "Not now: changes are switched off for the whole desk (setting shop-actions).",
}
_NEW_KEY = "helpdesk source secret {name}"
_NEW_SHOP = "helpdesk source change {name} --set shop=…"
_NEW_URL = "helpdesk source change {name} --set url=…"
_MENDS: Mapping[str, str] = {
    "source.credentials": _NEW_KEY,
    "source.no-key": _NEW_KEY,
    "source.scope": _NEW_KEY,
    "source.bad-url": _NEW_URL,
    "source.bad-address": _NEW_URL,
    "shopify.bad-shop": _NEW_SHOP,
    "shopify.no-shop": _NEW_SHOP,
}
"""The command that mends what keeps a source from being asked, by the code of that."""
_WAYS: Marked[Mapping[str, str]] = {
    "klaviyo": "Klaviyo: who customers are, segments, predictions, events",
    "shopify": "Shopify: orders, and changing them",
    "recharge": "Recharge: subscriptions, and changing them",
    "endpoint": "Your own shop, over a small endpoint of yours",
    "table": "Files that any shop can export, as CSV or JSON",
}
"""What can be connected, in the order it is offered in."""
_ADDING: Mapping[str, str] = {
    "klaviyo": "helpdesk source add klaviyo klaviyo",
    "shopify": "helpdesk source add shopify acme --set shop=acme.myshopify.com",
    "recharge": "helpdesk source add recharge subscriptions",
    "endpoint": "helpdesk source add endpoint shop --set url=https://shop.example/helpdesk",
    "table": "helpdesk source add table files; helpdesk source import files orders.csv",
}


def kind_words(source: ConnectedSource) -> str:
    """Return what kind of source it is."""
    return _(_KINDS.get(source.kind, source.spec.label))


def credential_words(source: ConnectedSource) -> str:
    """Return what the key of a source is called over there."""
    return _(_CREDENTIALS.get(source.kind, source.spec.credential))


def told_pairs(source: ConnectedSource) -> tuple[tuple[str, str], ...]:
    """Return what a source says of itself, each with its name."""
    return tuple([(_told(name), clean(value)) for name, value in source.told.items()])


def standing_span(source: ConnectedSource, signs: Signs) -> Span:
    """Return sign and word of how a source fares."""
    standing = source.standing
    sign = {
        Standing.NEW: signs.ellipsis,
        Standing.OK: signs.ok,
        Standing.SHUT: signs.fault,
        Standing.IMPORTED: signs.ok,
        Standing.OFF: signs.away,
    }[standing]
    return f"{sign} {_(_WORDS[standing])}", _INKS[standing]


def source_lines(
    source: ConnectedSource, width: int, signs: Signs, now: datetime, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: name and state, then its kind, account and last answer."""
    faint = Ink.SOFT if picked else Ink.DIM
    state, ink = standing_span(source, signs)
    name = shorten_cells(clean(source.name), max(4, width - cells(state) - 3))
    gap = " " * max(1, width - 2 - cells(name) - cells(state))
    heading = Ink.HEADING if source.is_enabled else Ink.SOFT
    first: list[Span] = [
        (" ", faint), (name, heading), (gap, faint),
        (f"{state} ", ink if source.is_enabled else faint),
    ]  # fmt: skip
    parts = (kind_words(source), clean(source.told.get("name", "")), _last(source, now))
    said = signs.plain(" · ".join(filter(None, parts)))
    return first, [(" ", faint), (shorten_cells(said, max(4, width - 3)), Ink.SOFT)]


def source_page(
    source: ConnectedSource,
    mode: Mode,
    checks: Sequence[Check] | None,
    width: int,
    now: datetime,
    zone: tzinfo | None,
    signs: Signs,
    keys: Mapping[str, str],
) -> PageLines:
    """Return the page of a source: how it fares, what it is good for, and how its test went.

    ``checks`` are the steps of a test; empty while it runs, None where nobody asked for one.
    """
    lines: PageLines = [[(clean(source.name), Ink.HEADING)], [], [standing_span(source, signs)]]
    lines += _standing(source, width)
    lines += check_lines(checks, width, signs)
    rows = (
        (_("kind"), kind_words(source)),
        (_("last answer"), when(source.ok_at, now, zone)),
        (_("last trouble"), when(source.error_at, now, zone)),
        *told_pairs(source),
    )
    lines += [[], *pairs(rows, width)]
    lines += _good_for(source, mode, width)
    lines += _rights(source, width)
    lines += _settings(source, width)
    hint = _("{test} tries it out · {toggle} switches it off or on").format_map(keys)
    lines += [[], *paragraph(hint, width, Ink.SOFT)]
    another = _("Connect another: {command}").format(
        command="helpdesk source add klaviyo|shopify|recharge|endpoint|table"
    )
    return lines + paragraph(another, width, Ink.DIM)


def guide_lines(width: int) -> PageLines:
    """Return how a first source is connected."""
    lines: PageLines = [[(_("No source of customer data is connected yet."), Ink.HEADING)], []]
    lines += paragraph(
        _("Connect what your shop has already, and each ticket shows who is writing: their orders,"
          " subscriptions, value and what they did last."),
        width,
    )  # fmt: skip
    lines.append([])
    for kind, what in _WAYS.items():
        lines += paragraph(_(what), width, Ink.SOFT)
        lines += hanging(("  ", Ink.DIM), _ADDING[kind], width, Ink.FRESH)
    lines.append([])
    lines += paragraph(
        _("Administrators do this on the box of the worker. The key is asked for there, shown"
          " nowhere and kept with the secrets; it is tried out before anything is saved."),
        width,
        Ink.DIM,
    )  # fmt: skip
    return lines


def reason_words(source: ConnectedSource) -> str:
    """Return why a source cannot be asked; empty where it can."""
    if not source.error_code:
        return ""
    error = HelpdeskError(source.error_code, **source.error_values)
    return sentence(error, name=source.name, source=source.name)


def _told(name: str) -> str:
    """Return what something is called that a source says of itself."""
    return _(_TOLD[name]) if name in _TOLD else clean(name)


def _last(source: ConnectedSource, now: datetime) -> str:
    if source.ok_at is None or source.spec.is_imported:
        return ""
    return _("answered {age}").format(age=age(source.ok_at, now))


def _standing(source: ConnectedSource, width: int) -> Iterator[list[Span]]:
    """Yield what its state means, and how it is mended."""
    standing, name = source.standing, clean(source.name)
    if standing is Standing.SHUT:
        yield from hanging(("  ", Ink.DIM), reason_words(source), width, Ink.BAD)
        mend = _MENDS.get(source.error_code, "helpdesk source test {name}")
        yield from hanging(("  ", Ink.DIM), mend.format(name=name), width, Ink.FRESH)
    yield from paragraph(_(_MEANINGS[standing]), width, Ink.SOFT)
    if standing is Standing.IMPORTED:
        command = f"helpdesk source import {name} orders.csv"
        yield from hanging(("  ", Ink.DIM), command, width, Ink.FRESH)


def _good_for(source: ConnectedSource, mode: Mode, width: int) -> Iterator[list[Span]]:
    """Yield what it brings, and what may be changed there."""
    spec = source.spec
    yield []
    yield [(_("BRINGS"), Ink.DIM)]
    yield from paragraph(", ".join(_(_SECTIONS[one]) for one in spec.sections), width)
    yield []
    yield [(_("MAY CHANGE"), Ink.DIM)]
    if not spec.actions:
        yield from paragraph(_("nothing: it is only read"), width)
        return
    changes = [pgettext("shop", CHANGES[one]) for one in spec.actions]
    yield from paragraph(", ".join(changes), width)
    if mode in _MODES:
        yield from paragraph(_(_MODES[mode]), width, Ink.WAITING)


def _rights(source: ConnectedSource, width: int) -> Iterator[list[Span]]:
    """Yield which rights its key needs, and for what."""
    if not source.spec.scopes:
        return
    yield []
    yield [(_("RIGHTS OF ITS KEY"), Ink.DIM)]
    yield from pairs([(one.name, _(RIGHTS[one.name])) for one in source.spec.scopes], width)


def _settings(source: ConnectedSource, width: int) -> Iterator[list[Span]]:
    """Yield how it is set up; of its key only where that is kept."""
    rows = [(clean(name), clean(value)) for name, value in source.settings.items()]
    if source.spec.credential:
        kept = _("kept with the secrets as {name}, shown nowhere")
        rows.append((pgettext("source", "key"), kept.format(name=clean(source.secret_name))))
    if rows:
        yield []
        yield [(_("SETTINGS"), Ink.DIM)]
        yield from pairs(rows, width)

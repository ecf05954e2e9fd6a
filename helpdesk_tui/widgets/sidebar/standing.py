"""How the sources stand to a section: who says it, how old it is, and why there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.context import CustomerContext, Word
from helpdesk_tui.domain.commerce.facts import Section, SectionState
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import Rows, SidebarInput, SideRow, heading, wrapped
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.commerce import source_label
from helpdesk_tui.widgets.words.language import Marked, _
from helpdesk_tui.widgets.wrap import cells, shorten_cells

TITLES: Marked[dict[Section, str]] = {
    Section.PROFILE: "PROFILE",
    Section.SEGMENTS: "SEGMENTS",
    Section.VALUE: "VALUE",
    Section.ORDERS: "ORDERS",
    Section.SUBSCRIPTIONS: "SUBSCRIPTIONS",
    Section.EVENTS: "EVENTS",
}
_EMPTY: Marked[dict[Section, str]] = {
    Section.PROFILE: "nothing is known",
    Section.SEGMENTS: "in no segment or list",
    Section.VALUE: "nothing is known",
    Section.ORDERS: "no orders yet",
    Section.SUBSCRIPTIONS: "no subscriptions",
    Section.EVENTS: "no events yet",
}
_SAID = 6
"""Lines of what is wrong: how it is mended stands at their end."""
SHOWN = (Section.VALUE, Section.ORDERS, Section.SUBSCRIPTIONS, Section.EVENTS)
"""Sections that have a heading of their own."""
_TELLING = ("scope", "place")
"""Values of a trouble that are to be mended one by one."""
_LEAST_NAME = 3
"""Cells of a source's name below which its age stands alone."""


def sources_of(context: CustomerContext, section: Section) -> tuple[ConnectedSource, ...]:
    """Return who tells of a section: sources that are on, or that have told of it before."""
    told = {word.source_id for word in context.words.get(section, ())}
    return tuple(
        [
            one
            for one in context.sources
            if section in one.spec.sections and (one.is_enabled or one.id in told)
        ]
    )


def label_of(context: CustomerContext, source_id: int) -> str:
    """Return what a source is called here."""
    source = context.source(source_id)
    return "" if source is None else source_label(source, context.sources)


def section_heading(
    shown: SidebarInput, context: CustomerContext, section: Section, said: str = ""
) -> SideRow:
    """Return the heading of a section: who tells it, and how old the oldest of it is.

    Args:
        shown: what the sidebar is drawn from.
        context: the customer.
        section: the section.
        said: what stands behind its name, such as a number.
    """
    title = " ".join([part for part in (_(TITLES[section]), said) if part])
    words = [word for word in context.words.get(section, ()) if _tells(word)]
    names = [label_of(context, word.source_id) for word in words]
    ages = [word.fetched_at for word in words if word.fetched_at is not None]
    when = age(min(ages), shown.now) if ages else ""
    # what failed and has never told anything makes nothing of the others old
    is_stale = any(
        word.state is SectionState.FAILED for word in words or context.words.get(section, ())
    )
    sign = "▲ " if is_stale else ""
    right = _joined(names, when, shown.width - cells(title) - cells(sign) - 2)
    return heading(title, sign + right, shown.width, Ink.WAITING if is_stale else Ink.DIM)


def _tells(word: Word) -> bool:
    return word.fetched_at is not None and word.state in (SectionState.KNOWN, SectionState.FAILED)


def _joined(names: list[str], when: str, room: int) -> str:
    """Return names and age as far as there is room; the age stays longest."""
    behind = f" · {when}" if when else ""
    whole = ", ".join(names)
    if cells(whole + behind) > room and len(names) > 1:
        whole = f"{names[0]} +{len(names) - 1}"
    if cells(whole + behind) <= room or not when:
        return whole + behind if whole else when
    left = room - cells(behind)
    return shorten_cells(whole, left) + behind if left > _LEAST_NAME else when


def section_notes(
    shown: SidebarInput, context: CustomerContext, section: Section, *, is_empty: bool
) -> Rows:
    """Return what is to be said of a section beside what it holds.

    Args:
        shown: what the sidebar is drawn from.
        context: the customer.
        section: the section.
        is_empty: nothing of it is shown: then the reason is.
    """
    words = {word.source_id: word for word in context.words.get(section, ())}
    rows: Rows = []
    for source in sources_of(context, section):
        rows += _trouble(shown, context, source, words.get(source.id))
    if rows or not is_empty:
        return rows
    return wrapped(_reason(context, section, words), Ink.DIM, shown.width)


def _trouble(
    shown: SidebarInput, context: CustomerContext, source: ConnectedSource, word: Word | None
) -> Rows:
    """Return why a section could not be read; what a whole source suffers from stands above."""
    if word is None or word.state is not SectionState.FAILED or source.error_code:
        return []
    if _is_common(context, source.id, word):
        return []
    said = said_of(word.code, word.values, source)
    return _said_by(shown, context, source, said, ("▲ ", Ink.WAITING))


def said_of(code: str, values: Mapping[str, str], source: ConnectedSource) -> str:
    """Return the sentence of an error code; it names the source where that is to be mended."""
    if not code:
        return _("it could not be asked")
    # the sentences are many, and most sidebars need none
    from helpdesk_tui.widgets.words.errors import sentence_of

    return sentence_of(code, **{"source": source.name, **values})


def _reason(context: CustomerContext, section: Section, words: dict[int, Word]) -> str:
    """Return why a section is empty."""
    sources = sources_of(context, section)
    states = {word.state for word in words.values()}
    if states and any(_is_awaited(one, words) for one in sources):
        return _("looking …")
    if SectionState.KNOWN in states:
        return _(_EMPTY[section])
    if SectionState.NOT_AVAILABLE in states:
        return _("not available for this account")
    if SectionState.NOBODY in states:
        asked = [one for one in sources if one.id in words]
        names = ", ".join([source_label(one, context.sources) for one in asked])
        return _("not known to {source}").format(source=names)
    if all(one.error_code for one in sources):
        return _("not read: see above")
    if context.claims and not context.matches:
        return _("no proved address to look them up by")
    return _("looking …")


def _is_awaited(source: ConnectedSource, words: dict[int, Word]) -> bool:
    """Return whether a source is still to say something."""
    is_asked = source.is_enabled and not source.error_code
    return is_asked and source.id not in words


def source_troubles(shown: SidebarInput) -> Rows:
    """Return what keeps whole sources from being asked, each with its reason."""
    context = shown.context
    if context is None:
        return []
    rows: Rows = []
    for source in context.sources:
        if not source.is_enabled:
            continue
        if source.error_code:
            said = said_of(source.error_code, source.error_values, source)
            rows += _said_by(shown, context, source, said, ("✗ ", Ink.BAD))
        elif (word := _common(context, source.id)) is not None:
            said = said_of(word.code, word.values, source)
            rows += _said_by(shown, context, source, said, ("▲ ", Ink.WAITING))
    return rows


def _said_by(
    shown: SidebarInput, context: CustomerContext, source: ConnectedSource, said: str, sign: Span
) -> Rows:
    text = _("{source}: {trouble}").format(
        source=source_label(source, context.sources), trouble=said
    )
    target = Target(TargetKind.SOURCE, source.name, source.id, copied=said)
    return wrapped(text, sign[1], shown.width, sign=sign[0], limit=_SAID, target=target)


def _common(context: CustomerContext, source_id: int) -> Word | None:
    """Return what went wrong with more than one section of a source: that is said once."""
    failed = [
        word
        for words in context.words.values()
        for word in words
        if word.source_id == source_id and word.state is SectionState.FAILED
    ]
    kinds = [_trouble_of(one) for one in failed]
    return next((one for one in failed if kinds.count(_trouble_of(one)) > 1), None)


def _is_common(context: CustomerContext, source_id: int, word: Word) -> bool:
    common = _common(context, source_id)
    return common is not None and _trouble_of(common) == _trouble_of(word)


def _trouble_of(word: Word) -> tuple[str, ...]:
    """Return what tells two troubles apart: of two missing rights, both have to be named."""
    return (word.code, *(word.values.get(name, "") for name in _TELLING))


def not_connected(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield what nobody tells of because no source for it is connected."""
    context = shown.context
    if context is None:
        return
    missing = [section for section in SHOWN if not sources_of(context, section)]
    if not missing:
        return
    target = Target(TargetKind.SOURCE, "connect")
    if len(missing) == len(SHOWN):
        yield heading(_("SHOP"), _("not connected"), shown.width, target=target)
        text = _("Orders, value and events would stand here: helpdesk source add")
        yield from wrapped(text, Ink.DIM, shown.width, target=target)
        return
    names = ", ".join([_(TITLES[section]).lower() for section in missing])
    yield from wrapped(
        _("not connected: {names}").format(names=names), Ink.DIM, shown.width, target=target
    )

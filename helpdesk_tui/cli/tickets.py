"""``ticket list``, ``ticket show`` and ``search``: reading tickets."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.output import Output, cut
from helpdesk_tui.cli.schemas import message_json, ticket_json
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messages import Direction, EventRow, MessageRow, Thread
from helpdesk_tui.domain.tickets import SortKey, TicketPage, TicketRow, View, ViewFilter
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.facts import ticket_facts
from helpdesk_tui.widgets.words.codes import delivery_name, ticket_state_name
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.messaging_notices import followed_words
from helpdesk_tui.widgets.words.notices import SIGNS, notice_lines
from helpdesk_tui.widgets.words.people import people_line
from helpdesk_tui.widgets.words.trouble import delivery_trouble

_SUBJECT_CELLS = 48
_NAME_CELLS = 24
_PAGE = 200


def list_tickets(args: argparse.Namespace) -> int:
    """Print a page of tickets, newest activity first, or in the order of a view."""
    out = output_of(args)
    with desk_of(args) as desk:
        where = _where(desk, getattr(args, "view", ""), args.query.strip())
        page = _page(desk, where, _cursor(args.after), args.limit)
        if out.quiet:
            out.ids([row.id for row in page.rows])
        elif out.json:
            total = None if where.query else desk.inbox.height(where)
            out.document(_page_json(desk, page, total))
        else:
            _print_page(out, page)
    return 0


def _page(desk: Desk, where: ViewFilter, after: SortKey | None, limit: int) -> TicketPage:
    """Return a whole page: where a search took a rest, it goes on."""
    page = desk.inbox.page(where, after=after, limit=limit)
    while page.partial and len(page.rows) < limit:
        rest = desk.inbox.page(where, after=page.last, limit=limit - len(page.rows))
        page = replace(rest, rows=page.rows + rest.rows, first=page.first)
    return page


def _where(desk: Desk, name: str, query: str) -> ViewFilter:
    if not name:
        return ViewFilter(View.ALL, query=query)
    from helpdesk_tui.cli.views import filter_of

    return filter_of(desk, name, query)


def search(args: argparse.Namespace) -> int:
    """Print the tickets that words and operators find."""
    return list_tickets(args)


def _cursor(text: str) -> SortKey | None:
    if not text:
        return None
    at, _, ticket_id = text.partition("-")
    try:
        return SortKey(int(at, 36), int(ticket_id, 36))
    except ValueError:
        raise UsageError("cursor.bad", value=text) from None


def cursor_text(key: SortKey) -> str:
    """Return the place of a row as the opaque text that ``--after`` takes."""
    return f"{_base36(key.at)}-{_base36(key.id)}"


def _base36(value: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while value:
        value, rest = divmod(value, 36)
        out = digits[rest] + out
    return out or "0"


def _page_json(desk: Desk, page: TicketPage, total: int | None) -> dict[str, object]:
    facts = ticket_facts(desk.store, [row.id for row in page.rows])
    return {
        "tickets": [ticket_json(row, facts[row.id]) for row in page.rows if row.id in facts],
        "next": cursor_text(page.last) if page.has_more and page.last else None,
        "total": total,
    }


def _print_page(out: Output, page: TicketPage) -> None:
    if not page.rows:
        out.say(_("no tickets here"))
        return
    now = datetime.now(UTC)
    heading = [
        _("id"),
        "",
        _("channel"),
        _("status"),
        _("customer"),
        _("subject"),
        _("assignee"),
        _("age"),
        _("tags"),
    ]
    out.table([heading, *(_cells(row, now) for row in page.rows)], right=frozenset({0, 7}))
    if page.has_more and page.last:
        out.say(_("more with --after {cursor}").format(cursor=cursor_text(page.last)))


def _cells(row: TicketRow, now: datetime) -> list[str]:
    return [
        str(row.id),
        "●" if row.unread else "",
        row.channel,
        ticket_state_name(row.status, is_spam=row.spam),
        cut(row.customer_name, _NAME_CELLS),
        cut(row.subject or row.preview, _SUBJECT_CELLS),
        row.assignee or "–",
        age(row.last_message_at, now),
        " ".join(row.tags),
    ]


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in one short word."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    for size, unit in ((10080, "w"), (1440, "d"), (60, "h")):
        if minutes >= size:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def show(args: argparse.Namespace) -> int:
    """Print one ticket with its whole thread, oldest message first."""
    out = output_of(args)
    with desk_of(args) as desk:
        thread = _whole_thread(desk, number(args.id))
        if out.json:
            out.document(_whole_json(desk, thread))
        elif out.quiet:
            out.ids([message.id for message in thread.messages])
        else:
            _print_thread(out, thread)
    return 0


def whole_ticket_json(desk: Desk, ticket_id: int) -> dict[str, object]:
    """Return a ticket with its whole thread and log.

    Raises:
        NotFound: ``ticket.missing``.
    """
    return _whole_json(desk, _whole_thread(desk, ticket_id))


def _whole_json(desk: Desk, thread: Thread) -> dict[str, object]:
    row = thread.ticket.row
    facts = ticket_facts(desk.store, [row.id])[row.id]
    return {
        **ticket_json(row, facts),
        "messages": [message_json(message) for message in thread.messages],
        "activity": _activity(desk, row.id),
    }


def _activity(desk: Desk, ticket_id: int) -> list[dict[str, object]]:
    """Return all that happened to a ticket and what was merged into it, the oldest first."""
    from helpdesk_tui.domain.activity import ActivityFilter
    from helpdesk_tui.services.activity_export import entries, entry_json

    found = [entry_json(entry) for entry in entries(desk.activity, ActivityFilter(ticket_id))]
    return found[::-1]


def _whole_thread(desk: Desk, ticket_id: int) -> Thread:
    thread = desk.threads.load(ticket_id, limit=_PAGE)
    messages: tuple[MessageRow, ...] = thread.messages
    events: tuple[EventRow, ...] = thread.events
    older = thread.older
    while older is not None:
        part = desk.threads.older(ticket_id, older, limit=_PAGE)
        messages, events, older = part.messages + messages, part.events + events, part.older
    return Thread(thread.ticket, messages, events, None)


def _print_thread(out: Output, thread: Thread) -> None:
    detail, row = thread.ticket, thread.ticket.row
    state = ticket_state_name(row.status, is_spam=row.spam)
    out.say(f"#{row.id} {cut(row.subject or row.preview, 100)}")
    out.say(
        f"{state} · {row.assignee or _('unassigned')} · {row.channel} · {row.customer_name}"
        f" <{detail.customer_address}> → {detail.recipient}"
    )
    if row.tags:
        out.say(_("tags:") + " " + " ".join(row.tags))
    if detail.merged_into is not None:
        out.say(
            _("merged into #{merged_into}: its messages stand there").format(
                merged_into=detail.merged_into
            )
        )
    for message in thread.messages:
        out.say("")
        out.say(_message_heading(message))
        people = people_line(message, detail.customer_address)
        if people:
            out.say(people)
        for notice in message.notices:
            told = " · ".join(notice_lines(notice, None, message.sent_at.year))
            out.say(f"  {SIGNS[notice.kind]}{told}")
        for line in (message.reply_text or message.text).splitlines():
            out.say(f"  {line}".rstrip())
        for link in message.short_links:
            out.say(f"  {followed_words(link)}")
        for file in message.attachments:
            out.say(
                "  "
                + _("[{id}] {filename}  {content_type}  {size} bytes").format(
                    id=file.id,
                    filename=file.filename,
                    content_type=file.content_type,
                    size=file.size,
                )
            )


def _message_heading(message: MessageRow) -> str:
    is_note = message.direction is Direction.NOTE
    kind = _("note") if is_note else delivery_name(message.delivery)
    when = message.sent_at.astimezone().strftime("%Y-%m-%d %H:%M")
    name = message.author_name or message.sender
    why = delivery_trouble(
        message.error_code,
        message.error_text,
        channel=message.channel,
        address=", ".join(message.to),
    )
    error = f" · {why}" if why else ""
    return f"── {name} · {when} · {kind}{error}"

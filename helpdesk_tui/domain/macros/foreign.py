"""The variables of other helpdesks, rewritten as ours.

``{{ticket.customer.firstname}}``, ``#{ticket.customer.firstname}``, ``{{contact.name || 'x'}}``,
``{%customer.firstName,fallback=there%}``, ``{first_name | fallback: "z"}`` and their like.
What has no counterpart becomes a hole that somebody has to fill, and is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk_tui.domain.macros.formats import is_date_format
from helpdesk_tui.domain.macros.render import LEFT, RIGHT
from helpdesk_tui.domain.macros.text import read
from helpdesk_tui.domain.text import clean, shorten

_PLACE = re.compile(
    r"\{\{\{?(?P<braces>[^{}\n]{0,500})\}?\}\}"
    r"|\{%-?(?P<percent>[^{}%\n]{0,500})-?%\}"
    r"|#\{(?P<hash>[^{}\n]{0,500})\}"
    r"|\{(?P<single>[a-z_][a-z0-9_.]{0,80}(?:\s*\|[^{}\n]{0,200})?)\}"
)
_OPENING = re.compile(r"\{[{%]")
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[-?\d{1,3}\])*")
_QUOTED = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)'|([^"'].*?))\s*$""")
_FILTER = re.compile(
    r"""\|\s*([A-Za-z_]+)\s*(?:[:(]\s*(?:"([^"]*)"|'([^']*)'|([^|()"']*))\s*\)?)?\s*"""
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MAX_SHOWN = 80

_CUSTOMER = ("ticket.customer", "ticket.requester", "ticket.sender", "customer", "contact",
             "requester", "visitor", "recipient")  # fmt: skip
_AGENT = ("current_user", "agent", "user", "sender", "me")
_ASSIGNEE = ("ticket.assignee_user", "ticket.assignee", "ticket.owner", "assignee")
_PERSON = {
    "name": "name", "full_name": "name", "fullname": "name", "first_name": "first_name",
    "firstname": "first_name", "last_name": "last_name", "lastname": "last_name", "email": "email",
    "email_address": "email", "formatted_name": "name",
}  # fmt: skip
_TICKET = {
    "id": "ticket.id", "number": "ticket.id", "display_id": "ticket.id",
    "subject": "ticket.subject", "title": "ticket.subject",
    "status": "ticket.status", "state.name": "ticket.status",
    "priority": "ticket.priority", "priority.name": "ticket.priority",
    "channel": "ticket.channel", "via": "ticket.channel", "tags": "ticket.tags",
    "group.name": "ticket.team", "created_at": "ticket.created_at",
    "created_datetime": "ticket.created_at", "account": "store.name", "brand.name": "store.name",
    "latest_comment": "message.text", "latest_public_comment": "message.text",
    "organization.name": "organization.name", "last_message_datetime": "ticket.last_message_at",
}  # fmt: skip
_OTHERS = {
    "mailbox.name": "support.name", "mailbox.email": "support.email", "inbox.name": "support.name",
    "config.fqdn": "store.url", "config.organization": "organization.name",
    "account.name": "store.name", "shop.name": "store.name", "company.name": "store.name",
    "organization.name": "organization.name", "first_name": "customer.first_name",
    "firstname": "customer.first_name", "last_name": "customer.last_name",
    "customer_name": "customer.name", "agent_name": "agent.name", "name": "customer.name",
    "article.body": "message.text", "article.from": "message.author",
}  # fmt: skip
_ORDER_PARTS = {
    "name": "name", "order_number": "number", "number": "number", "total_price": "total",
    "subtotal_price": "subtotal", "financial_status": "payment_status",
    "fulfillment_status": "shipping_status", "created_at": "created_at",
    "cancelled_at": "cancelled_at", "note": "note", "order_status_url": "url",
    "tracking_url": "tracking_url", "tracking_urls": "tracking_url",
    "tracking_number": "tracking_number", "tracking_numbers": "tracking_number",
    "tracking_company": "tracking_company", "shipment_status": "shipping_status",
}  # fmt: skip
_SUBSCRIPTION_PARTS = {
    "next_charge_scheduled_at": "next_date", "product_title": "product", "status": "status",
    "variant_title": "variant", "price": "price", "quantity": "quantity",
    "cancelled_at": "cancelled_at", "created_at": "started_at",
}  # fmt: skip
_ORDERS = re.compile(
    r"(?:.*\.)?(?:shopify|magento2?|bigcommerce|woocommerce)\.orders\[(-?\d+)\]\.(.+)"
)
_SUBSCRIPTIONS = re.compile(r"(?:.*\.)?recharge\.subscriptions\[(-?\d+)\]\.(.+)")
_LAST_PART = re.compile(r"([a-z_]+)(?:\[-?\d+\])?$")
_STRFTIME = {
    "%d": "DD", "%-d": "D", "%e": "D", "%b": "MMM", "%B": "MMMM", "%m": "MM", "%-m": "M",
    "%Y": "YYYY", "%y": "YY", "%a": "ddd", "%A": "dddd", "%H": "HH", "%M": "mm",
}  # fmt: skip
_SAME = {"upcase": "upper", "upper": "upper", "capitalize": "title", "title": "title",
         "strip": "trim", "trim": "trim", "first": "first", "join": "join"}  # fmt: skip
_FALLBACKS = ("default", "fallback")
_DATES = ("date", "datetime_format", "datetime_relative")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text with our variables, and what had no counterpart."""

    text: str
    lost: tuple[str, ...] = ()


def rewrite(text: str) -> Rewritten:
    """Rewrite the variables of another helpdesk in a text."""
    lost: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        inner = next(group for group in found.groups() if group is not None)
        single = found["single"] is not None
        ours = _variable(inner, percent=found["percent"] is not None)
        if ours is not None:
            return ours
        if single and "|" not in inner:
            # a word in braces need not be a variable
            return found[0]
        lost.append(shorten(clean(found[0]), _MAX_SHOWN))
        return _left_open(inner)

    rewritten = _PLACE.sub(replaced, text)
    if read(rewritten).problems:
        rewritten = _without_stray(rewritten, lost)
    return Rewritten(rewritten, tuple(lost))


def _without_stray(text: str, lost: list[str]) -> str:
    """Return a text whose openings that are no variable of ours are left open."""
    known = {each.start for each in read(text).variables}

    def replaced(found: re.Match[str]) -> str:
        if found.start() in known:
            return found[0]
        lost.append(shorten(clean(text[found.start() : found.start() + _MAX_SHOWN]), _MAX_SHOWN))
        return f"{LEFT}?{RIGHT}"

    return _OPENING.sub(replaced, text)


def _left_open(inner: str) -> str:
    shown = " ".join(clean(inner).translate(str.maketrans("{}%⟦⟧", "     ")).split())
    return f"{LEFT}{shorten(shown, _MAX_SHOWN) or '?'}{RIGHT}"


def _variable(inner: str, *, percent: bool) -> str | None:
    """Return our variable for the inside of theirs, or None if there is none."""
    inner = inner.strip()
    found = _PATH.match(inner)
    if found is None:
        return None
    path, rest = our_path(found[0]), inner[found.end() :].strip()
    if path is None:
        return None
    filters = _percent_filters(rest) if percent else _filters(rest)
    if filters is None:
        return None
    ours = "{{ " + " | ".join([path, *filters]) + " }}"
    template = read(ours)
    return None if template.problems else ours


def _percent_filters(rest: str) -> list[str] | None:
    """Return the filters of ``{%x,fallback=y%}``."""
    if not rest:
        return []
    name, sign, value = rest.removeprefix(",").partition("=")
    if not rest.startswith(",") or name.strip() != "fallback" or not sign:
        return None
    return [_default(value.strip())]


def _filters(rest: str) -> list[str] | None:
    """Return the filters of ``| default: "x"``, ``|| 'x'`` and the like."""
    if rest.startswith("||"):
        value = _QUOTED.match(rest[2:])
        return None if value is None else [_default(_first(value))]
    filters: list[str] = []
    position = 0
    while position < len(rest):
        found = _FILTER.match(rest, position)
        if found is None:
            return None
        quoted = found[2] or found[3] or ""
        ours = _filter(found[1].lower(), quoted or (found[4] or "").strip())
        if ours is None:
            return None
        filters.append(ours)
        position = found.end()
    return filters


def _first(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group is not None), "")


def _filter(name: str, argument: str) -> str | None:
    if name in _FALLBACKS:
        return _default(argument)
    if name in _SAME:
        return f"{_SAME[name]}: {_quote(argument)}" if name == "join" and argument else _SAME[name]
    if name in _DATES:
        form = _date_format(argument)
        return f"date: {_quote(form)}" if form else "date"
    return None


def _date_format(text: str) -> str:
    """Return a format of theirs (strftime or moment.js) as ours; empty for the usual one."""
    for theirs in sorted(_STRFTIME, key=len, reverse=True):
        text = text.replace(theirs, _STRFTIME[theirs])
    text = re.sub(r"\bDo\b", "D", text)
    return text if is_date_format(text) else ""


def _default(text: str) -> str:
    return f"default: {_quote(text)}"


def _quote(text: str) -> str:
    plain = clean(text).translate(str.maketrans("{}", "()"))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def our_path(theirs: str) -> str | None:
    """Return our name for a path of theirs, or None if there is none."""
    path = _CAMEL.sub("_", theirs).lower()
    if path in _OTHERS:
        return _OTHERS[path]
    for prefixes, ours in ((_ASSIGNEE, "ticket.assignee"), (_AGENT, "agent")):
        found = _of_person(path, prefixes, ours, {})
        if found:
            return found
    more = {"phone": "phone", "phone_number": "phone", "mobile": "phone", "timezone": "timezone"}
    return (
        _of_person(path, _CUSTOMER, "customer", more)
        or _of_ticket(path)
        or _of_shop(path, _ORDERS, "order", _ORDER_PARTS)
        or _of_shop(path, _SUBSCRIPTIONS, "subscription", _SUBSCRIPTION_PARTS)
        or _own(path)
    )


def _own(path: str) -> str | None:
    """Return a path that is one of ours already."""
    return path if not read("{{" + path + "}}").problems else None


def _of_person(path: str, prefixes: tuple[str, ...], ours: str, more: dict[str, str]) -> str | None:
    for prefix in prefixes:
        if path.startswith(f"{prefix}."):
            field = {**_PERSON, **more}.get(path[len(prefix) + 1 :])
            if field:
                return f"{ours}.{field}"
    return None


def _of_ticket(path: str) -> str | None:
    for prefix in ("ticket.", "conversation."):
        if path.startswith(prefix) and path[len(prefix) :] in _TICKET:
            return _TICKET[path[len(prefix) :]]
    return None


def _of_shop(path: str, pattern: re.Pattern[str], root: str, parts: dict[str, str]) -> str | None:
    found = pattern.fullmatch(path)
    last = _LAST_PART.search(found[2]) if found else None
    if found is None or last is None or last[1] not in parts:
        return None
    # theirs count from the newest, as ours do; -1 is the oldest
    number = int(found[1])
    if number < -1:
        return None
    place = ".first" if number == -1 else ".last" if number == 0 else f"[{number}]"
    return f"{root}{place}.{parts[last[1]]}"

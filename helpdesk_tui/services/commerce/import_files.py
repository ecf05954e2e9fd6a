"""Files of customers, orders, subscriptions and events, read line by line, errors by line.

JSON lines hold one customer each, as an endpoint tells of one. A CSV table holds one kind of thing;
its first line names the columns, and the names that shops' exports use are understood.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpdesk_tui.domain.commerce.own_data import OwnCustomer, read_customer
from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.text import clean, fold

_LONGEST_LINE = 4_000_000
_JSON = (".json", ".jsonl", ".ndjson")
_WHO: Mapping[str, tuple[str, ...]] = {
    "customer": ("customer id", "customer number"),
    "email": ("e mail", "mail", "email address", "customer email"),
    "phone": ("phone number", "mobile", "number"),
}
COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "customers": {
        **_WHO,
        "name": ("full name", "customer name"), "first name": (), "last name": (),
        "location": ("place",), "city": ("default address city",),
        "country": ("default address country code", "country code"),
        "timezone": ("time zone",), "language": ("locale",), "since": ("customer since",),
        "url": (), "tags": (), "note": ("notes",), "segments": ("segment",), "lists": ("list",),
        "currency": (), "spent": ("total spent", "ltv", "lifetime value"), "predicted": (),
        "total": (), "orders": ("total orders", "number of orders"), "average order": (),
        "churn": ("churn risk",), "next order": (),
    },
    "orders": {
        **_WHO,
        "id": ("order id",), "name": ("order", "order name", "order number"),
        "created at": ("date", "created", "placed at"), "updated at": (), "currency": (),
        "total": (), "subtotal": (), "shipping": (), "discount": ("discount amount",),
        "tax": ("taxes",), "refunded": ("refunded amount",),
        "outstanding": ("outstanding balance",),
        "payment": ("financial status", "payment status"),
        "fulfilment": ("fulfillment status", "fulfillment"), "note": ("notes",), "tags": (),
        "address": (), "url": (), "cancelled at": ("canceled at",),
        "item": ("lineitem name", "product", "title"), "quantity": ("lineitem quantity",),
        "price": ("lineitem price",), "sku": ("lineitem sku",), "variant": (),
        "carrier": (), "tracking": ("tracking number",), "tracking url": (),
    },
    "subscriptions": {
        **_WHO,
        "id": ("subscription id", "subscription"), "product": ("product title", "title"),
        "status": (), "quantity": (), "variant": ("variant title",), "sku": (), "price": (),
        "currency": (), "every": ("order interval frequency", "frequency"),
        "unit": ("order interval unit",),
        "next date": ("next charge date", "next charge scheduled at"), "started at": (),
        "cancelled at": ("canceled at",), "cancel reason": ("cancellation reason",),
        "address lines": ("address",), "url": (),
    },
    "events": {
        **_WHO,
        "id": ("event id",), "metric": ("event", "kind"), "at": ("date", "time", "timestamp"),
        "title": ("about",), "value": (), "currency": (), "url": (),
    },
}  # fmt: skip
"""Columns of each kind of table, with the names that other programs give them."""
_NEEDED: Mapping[str, frozenset[str]] = {
    "subscriptions": frozenset({"product", "status"}),
    "events": frozenset({"metric", "at"}),
    "orders": frozenset({"name", "created at"}),
    "customers": frozenset(),
}
"""By which columns a kind of table is known; the first that fits is meant."""
_WHOLE = frozenset({"orders", "quantity", "every"})
_MOMENTS = frozenset({"created at", "updated at", "cancelled at", "at", "since", "started at"})
_ITEM = ("item", "quantity", "price", "sku", "variant")
_PARCEL = {"carrier": "company", "tracking": "number", "tracking url": "url"}
_VALUE = (
    "currency", "spent", "predicted", "total", "orders", "average order", "churn", "next order",
)  # fmt: skip
_PROFILE = ("name", "email", "phone", "location", "timezone", "language", "since", "url", "note")


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says of a customer, or why it says nothing."""

    number: int
    customer: Mapping[str, Any] | None
    error: HelpdeskError | None = None


def read_file(path: Path, what: str = "") -> Iterator[Told]:
    """Yield what a file says of customers, line by line.

    Args:
        path: JSON lines by the ending ``.json``, ``.jsonl`` or ``.ndjson``; else a table.
        what: Which kind of table; by its columns if not given.

    Raises:
        UsageError: ``file.missing``, ``own-data.columns`` or ``own-data.not-a-table``.
    """
    if not path.is_file():
        raise UsageError("file.missing", path=path)
    read = _json_lines(path) if path.suffix.lower() in _JSON else _table(path, what)
    for number, told in read:
        if isinstance(told, HelpdeskError):
            yield Told(number, None, told)
            continue
        trouble = _trouble(told)
        yield Told(number, None if trouble else told, trouble)


def _trouble(told: Mapping[str, Any]) -> HelpdeskError | None:
    if not any(told.get(name) for name in ("id", "emails", "phones")):
        return UsageError("own-data.nobody")
    try:
        customer = read_customer(told)
    except UsageError as error:
        return error
    if not customer.emails and not customer.phones:
        return UsageError("own-data.nobody")
    return _failed(customer)


def _failed(customer: OwnCustomer) -> HelpdeskError | None:
    for failure in customer.facts.failed.values():
        return UsageError(failure.code, **dict(failure.values))
    return None


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), ""), 1):
                if line.strip():
                    yield number, _parsed(line)
    except UnicodeDecodeError:
        raise UsageError("own-data.not-a-table", path=path) from None


def _parsed(line: str) -> Any:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return UsageError("own-data.no-json")
    return found if isinstance(found, dict) else UsageError("own-data.no-json")


def _table(path: Path, what: str) -> Iterator[tuple[int, Any]]:
    held: tuple[int, dict[str, Any]] | None = None
    for number, kind, cells in _cells(path, what):
        if kind == "orders" and held is not None and _goes_on(held[1], cells):
            held[1]["orders"][0]["items"] += _items(cells, len(held[1]["orders"][0]["items"]))
            continue
        if held is not None:
            yield held
            held = None
        made = _MAKE[kind](cells)
        if kind == "orders":
            held = number, made
        else:
            yield number, made
    if held is not None:
        yield held


def _goes_on(told: Mapping[str, Any], cells: Mapping[str, str]) -> bool:
    """Tell whether a line is a further item of the order before it."""
    return cells.get("name", "") == told["orders"][0]["name"] and "item" in cells


def _cells(path: Path, what: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    names: list[str] = []
    kind = what
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline(_LONGEST_LINE)
            file.seek(0)
            reader = csv.reader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                if names:
                    pairs = zip(names, row, strict=False)
                    yield reader.line_num, kind, {
                        name: cell.strip() for name, cell in pairs if name and cell.strip()
                    }  # fmt: skip
                else:
                    kind, names = _named(row, what)
    except (UnicodeDecodeError, csv.Error):
        raise UsageError("own-data.not-a-table", path=path) from None


def _named(cells: Sequence[str], what: str) -> tuple[str, list[str]]:
    """Return which kind of table it is, and what each of its columns is here."""
    for kind in [what] if what else _NEEDED:
        columns = COLUMNS[kind]
        known = {_word(one): name for name, others in columns.items() for one in (name, *others)}
        names = [known.get(_word(cell), "") for cell in cells]
        # of two columns with one meaning the first is read
        names = [name if name not in names[:at] else "" for at, name in enumerate(names)]
        if _NEEDED[kind] <= set(names) and {"email", "phone"} & set(names):
            return kind, names
    known_columns = ", ".join(COLUMNS[what or "customers"])
    raise UsageError("own-data.columns", known=known_columns)


def _word(text: str) -> str:
    return " ".join(fold(clean(text)).replace("_", " ").replace("-", " ").split())


def _customer(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return who a line is about: by their number, else by an address."""
    email, phone = cells.get("email", "").lower(), cells.get("phone", "")
    number = cells.get("customer", "")
    found: dict[str, Any] = {
        "id": number or email or phone,
        "emails": [email] if email else [],
        "phones": [phone] if phone else [],
    }
    if not number:
        found["is_by_address"] = True
    return found


def _of_customer(cells: Mapping[str, str]) -> dict[str, Any]:
    cells = dict(cells)
    whole = " ".join(cells[one] for one in ("first name", "last name") if one in cells)
    place = ", ".join(cells[one] for one in ("city", "country") if one in cells)
    cells = {**({"name": whole} if whole else {}), **({"location": place} if place else {}),
             **cells}  # fmt: skip
    found = _customer(cells)
    found["profile"] = _fields(cells, _PROFILE)
    if "tags" in cells:
        found["profile"]["tags"] = _listed(cells["tags"])
    value = _fields(cells, _VALUE)
    if set(value) - {"currency"}:
        found["value"] = value
    groups = [
        {"id": f"{kind}-{_word(name)}", "name": name, "kind": kind}
        for kind, column in (("segment", "segments"), ("list", "lists"))
        for name in _listed(cells.get(column, ""))
    ]
    if groups:
        found["segments"] = groups
    return found


def _of_order(cells: Mapping[str, str]) -> dict[str, Any]:
    left = {"customer", "item", *_ITEM, *_PARCEL}
    order = _fields(cells, [one for one in COLUMNS["orders"] if one not in left | {"phone"}])
    order["id"] = cells.get("id") or cells.get("name", "")
    order["name"] = cells.get("name", "")
    for name in ("payment", "fulfilment"):
        if name in order:
            order[name] = _word(order[name]).replace(" ", "_")
    if "tags" in cells:
        order["tags"] = _listed(cells["tags"])
    order["items"] = _items(cells, 0)
    parcel = {name: cells[column] for column, name in _PARCEL.items() if column in cells}
    if parcel:
        order["parcels"] = [parcel]
    return {**_customer(cells), "orders": [order]}


def _items(cells: Mapping[str, str], before: int) -> list[dict[str, Any]]:
    if "item" not in cells:
        return []
    found = _fields(cells, [one for one in _ITEM if one != "item"])
    found.setdefault("quantity", 1)
    return [{"id": str(before + 1), "title": cells["item"], **found}]


def _of_subscription(cells: Mapping[str, str]) -> dict[str, Any]:
    one = _fields(cells, [each for each in COLUMNS["subscriptions"] if each not in _WHO])
    one.setdefault("id", _made(cells, "product", "sku"))
    one["status"] = str(one.get("status", "")).lower()
    if "unit" in one:
        one["unit"] = str(one["unit"]).lower().removesuffix("s")
    if "next_date" in one:
        one["next_date"] = str(one["next_date"])[:10]
    return {**_customer(cells), "subscriptions": [one]}


def _of_event(cells: Mapping[str, str]) -> dict[str, Any]:
    one = _fields(cells, [each for each in COLUMNS["events"] if each not in _WHO])
    one.setdefault("id", _made(cells, "metric", "at", "title"))
    return {**_customer(cells), "events": [one]}


def _made(cells: Mapping[str, str], *names: str) -> str:
    """Return an id for what has none: the same line has the same again."""
    parts = [cells.get(one, "") for one in ("customer", "email", "phone", *names)]
    return sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def _fields(cells: Mapping[str, str], names: Sequence[str]) -> dict[str, Any]:
    return {
        name.replace(" ", "_"): _cell(name, cells[name]) for name in names if name in cells
    }  # fmt: skip


def _cell(name: str, text: str) -> Any:
    if name in _WHOLE and text.isdecimal() and len(text) < 10:
        return int(text)
    if name in _MOMENTS and text[:1].isdigit():
        day, blank, rest = text.partition(" ")
        return f"{day}T{rest.replace(' UTC', '+00:00').replace(' ', '')}" if blank else text
    return text


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]


_MAKE = {
    "customers": _of_customer,
    "orders": _of_order,
    "subscriptions": _of_subscription,
    "events": _of_event,
}

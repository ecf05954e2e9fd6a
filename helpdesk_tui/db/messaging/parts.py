"""The send ledger: what each request of a message of ours was to carry, and what became of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartKind, PlannedPart, ReplyFile, TemplateUse
from helpdesk_tui.domain.messaging.statuses import ENDS
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = (
    "message_id, position, channel_account_id, kind, text, files, state, provider_id,"
    " error_code, error_text, begun_at, checks"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One request as the ledger has it."""

    message_id: int
    position: int
    account_id: int
    kind: PartKind
    text: str
    files: tuple[str, ...]
    state: Delivery
    provider_id: str
    error_code: str
    error_text: str
    begun_at: datetime | None
    checks: int

    @property
    def has_left(self) -> bool:
        """Whether the provider has it, whatever became of it then."""
        return self.state in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of ours as its parts are planned."""

    message_id: int
    ticket_id: int
    address: str
    ours: str
    text: str
    files: tuple[ReplyFile, ...]
    template: TemplateUse | None
    is_automatic: bool
    flags: tuple[str, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """A message as the states of its parts move it."""

    message_id: int
    ticket_id: int
    delivery: Delivery
    claimed_by: str
    address: str
    ours: str
    channel: str


def template_of(packed: str) -> TemplateUse | None:
    """Return the template that a message was written with, as the store keeps it."""
    if not packed:
        return None
    found: dict[str, Any] = json.loads(packed)
    return TemplateUse(found["name"], found["language"], tuple(found.get("values", ())))


def packed_template(template: TemplateUse) -> str:
    """Return a template as the store keeps it."""
    return json.dumps(
        {"name": template.name, "language": template.language, "values": list(template.values)},
        ensure_ascii=False,
    )


def load_outgoing(connection: sqlite3.Connection, message_id: int) -> Outgoing | None:
    """Return a message of ours, or None if there is none of this id."""
    row = connection.execute(
        "SELECT ticket_id, recipients, sender, text, template, automatic, flags, sent_at"
        " FROM message WHERE id = :id AND direction = 'outbound'",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return None
    files = connection.execute(
        "SELECT sha256, filename, content_type, size FROM attachment WHERE message_id = :id"
        " ORDER BY id",
        {"id": message_id},
    )
    to = json.loads(row[1])
    return Outgoing(
        message_id=message_id,
        ticket_id=row[0],
        address=to[0] if to else "",
        ours=row[2],
        text=row[3],
        files=tuple(ReplyFile(*each) for each in files),
        template=template_of(row[4]),
        is_automatic=row[5] == 1,
        flags=tuple(row[6].split()),
        written_at=from_us(row[7]),
    )


def load_template_id(connection: sqlite3.Connection, account_id: int, template: TemplateUse) -> str:
    """Return what the provider knows a template by, where that is not its name."""
    row = connection.execute(
        "SELECT provider_id FROM template WHERE channel_account_id = :account AND name = :name"
        " AND language = :language",
        {"account": account_id, "name": template.name, "language": template.language},
    ).fetchone()
    return "" if row is None else str(row[0])


def load_parts(connection: sqlite3.Connection, message_id: int) -> list[Part]:
    """Return the parts of a message, first ones first; none before it was planned."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM message_part WHERE message_id = :id ORDER BY position",
        {"id": message_id},
    )
    return [_part(row) for row in found]


def insert_parts(
    connection: sqlite3.Connection,
    message_id: int,
    account_id: int,
    planned: Sequence[PlannedPart],
) -> None:
    """Write the plan of a message."""
    connection.executemany(
        "INSERT INTO message_part (message_id, position, channel_account_id, kind, text, files)"
        " VALUES (:message, :position, :account, :kind, :text, :files)",
        [
            {
                "message": message_id,
                "position": position,
                "account": account_id,
                "kind": part.kind.value,
                "text": part.text,
                "files": json.dumps(list(part.files)),
            }
            for position, part in enumerate(planned)
        ],
    )


def begin(
    connection: sqlite3.Connection, message_id: int, position: int, owner: str, now: datetime
) -> bool:
    """Note that a request is about to be made; False if the claim is lost, or it was made."""
    done = connection.execute(
        "UPDATE message_part SET state = 'sending', begun_at = :now, error_code = '',"
        " error_text = '' WHERE message_id = :id AND position = :position AND state = 'queued'"
        " AND EXISTS (SELECT 1 FROM message WHERE id = :id AND delivery = 'sending'"
        " AND claimed_by = :owner)",
        {"id": message_id, "position": position, "owner": owner, "now": to_us(now)},
    )
    return done.rowcount == 1


def put_back(connection: sqlite3.Connection, message_id: int, position: int) -> None:
    """Note that a request was certainly not carried out: it can be made again."""
    connection.execute(
        "UPDATE message_part SET state = 'queued', begun_at = NULL, provider_id = '',"
        " error_code = '', error_text = '', next_check_at = NULL, checks = 0"
        " WHERE message_id = :id AND position = :position",
        {"id": message_id, "position": position},
    )


def save_state(
    connection: sqlite3.Connection,
    part: Part,
    state: Delivery,
    *,
    provider_id: str = "",
    code: str = "",
    text: str = "",
) -> None:
    """Move a part; what it failed of stays with it."""
    connection.execute(
        "UPDATE message_part SET state = :state, error_code = :code, error_text = :text,"
        " provider_id = CASE WHEN :provider = '' THEN provider_id ELSE :provider END,"
        " next_check_at = CASE WHEN :ended THEN NULL ELSE next_check_at END"
        " WHERE message_id = :id AND position = :position",
        {
            "id": part.message_id,
            "position": part.position,
            "state": state.value,
            "provider": provider_id,
            "code": code,
            "text": text,
            "ended": state in ENDS,
        },
    )


def set_check(connection: sqlite3.Connection, part: Part, at: datetime | None, checks: int) -> None:
    """Note when the provider is asked again what became of a part."""
    connection.execute(
        "UPDATE message_part SET next_check_at = :at, checks = :checks"
        " WHERE message_id = :id AND position = :position",
        {
            "id": part.message_id,
            "position": part.position,
            "at": None if at is None else to_us(at),
            "checks": checks,
        },
    )


def by_provider_id(
    connection: sqlite3.Connection, account_id: int, provider_id: str
) -> Part | None:
    """Return the part that a provider knows by an id."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM message_part WHERE channel_account_id = :account"
        " AND provider_id = :provider AND provider_id != '' ORDER BY message_id LIMIT 1",
        {"account": account_id, "provider": provider_id},
    ).fetchone()
    return None if row is None else _part(row)


def by_reference(
    connection: sqlite3.Connection, account_id: int, message_id: int, position: int
) -> Part | None:
    """Return the part that we had named to the provider, where its id is not known yet."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM message_part WHERE message_id = :id AND position = :position"
        " AND channel_account_id = :account AND provider_id = ''",
        {"account": account_id, "id": message_id, "position": position},
    ).fetchone()
    return None if row is None else _part(row)


def due_checks(
    connection: sqlite3.Connection, account_id: int, now: datetime, limit: int
) -> list[Part]:
    """Return the parts of which a provider is to be asked now, longest due first."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM message_part WHERE channel_account_id = :account"
        " AND next_check_at IS NOT NULL AND next_check_at <= :now"
        " ORDER BY next_check_at LIMIT :limit",
        {"account": account_id, "now": to_us(now), "limit": limit},
    )
    return [_part(row) for row in found]


def first_check(connection: sqlite3.Connection, account_id: int) -> datetime | None:
    """Return when a provider is to be asked next."""
    row = connection.execute(
        "SELECT min(next_check_at) FROM message_part WHERE channel_account_id = :account"
        " AND next_check_at IS NOT NULL",
        {"account": account_id},
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def unread_until(
    connection: sqlite3.Connection, account_id: int, address: str, at: datetime
) -> list[Part]:
    """Return what a customer got until a moment and has not read as far as we know."""
    columns = ", ".join(f"part.{name.strip()}" for name in _COLUMNS.split(","))
    found = connection.execute(
        f"SELECT {columns} FROM message_part AS part JOIN message"
        " ON message.id = part.message_id"
        " WHERE message.ticket_id IN (SELECT ticket.id FROM contact JOIN ticket"
        " ON ticket.profile_id = contact.profile_id WHERE contact.address = :address"
        " AND contact.channel_account_id = :account)"
        " AND message.direction = 'outbound'"
        " AND json_extract(message.recipients, '$[0]') = :address"
        " AND message.delivery IN ('sent', 'delivered', 'sending', 'queued')"
        " AND part.channel_account_id = :account AND part.state IN ('sent', 'delivered')"
        " AND part.begun_at <= :at ORDER BY part.message_id, part.position",
        {"account": account_id, "address": address, "at": to_us(at)},
    )
    return [_part(row) for row in found]


def load_whole(connection: sqlite3.Connection, message_id: int) -> Whole | None:
    """Return a message as the states of its parts move it."""
    row = connection.execute(
        "SELECT id, ticket_id, delivery, claimed_by, recipients, sender, channel"
        " FROM message WHERE id = :id",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return None
    to = json.loads(row[4])
    return Whole(row[0], row[1], Delivery(row[2]), row[3], to[0] if to else "", row[5], row[6])


def set_whole(
    connection: sqlite3.Connection, message_id: int, delivery: Delivery, code: str, text: str
) -> None:
    """Move a message that nobody holds."""
    connection.execute(
        "UPDATE message SET delivery = :delivery, error_code = :code, error_text = :text,"
        " due_at = NULL, filed = 1 WHERE id = :id AND claimed_by = ''",
        {"id": message_id, "delivery": delivery.value, "code": code, "text": text},
    )


def name_message(connection: sqlite3.Connection, message_id: int, provider_id: str) -> None:
    """Let a message be known by what the provider calls its first part."""
    connection.execute(
        "UPDATE message SET external_id = :provider WHERE id = :id",
        {"id": message_id, "provider": provider_id},
    )


def has_begun(connection: sqlite3.Connection, message_id: int) -> bool:
    """Tell whether anything of a message may have left."""
    row = connection.execute(
        "SELECT 1 FROM message_part WHERE message_id = :id"
        " AND state NOT IN ('queued', 'failed') LIMIT 1",
        {"id": message_id},
    ).fetchone()
    return row is not None


def drop_echo(connection: sqlite3.Connection, account_id: int, provider_id: str) -> list[int]:
    """Return messages that came in as written elsewhere and are ours, as their id now shows."""
    found = connection.execute(
        "SELECT id FROM message WHERE external_id = :provider AND direction = 'outbound'"
        " AND channel_account_id = :account AND agent_id IS NULL"
        " AND ' ' || flags || ' ' LIKE '% answered-outside %'",
        {"account": account_id, "provider": provider_id},
    )
    return [row[0] for row in found]


def _part(row: tuple[Any, ...]) -> Part:
    return Part(
        message_id=row[0],
        position=row[1],
        account_id=row[2],
        kind=PartKind(row[3]),
        text=row[4],
        files=tuple(json.loads(row[5])),
        state=Delivery(row[6]),
        provider_id=row[7],
        error_code=row[8],
        error_text=row[9],
        begun_at=None if row[10] is None else from_us(row[10]),
        checks=row[11],
    )

"""A desk and what its store knows, without a store: Lena's ticket, a stranger's, a merged one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpdesk_tui.domain.inbound import Desk
from helpdesk_tui.domain.matching import StoredMail
from helpdesk_tui.domain.message_ids import make_id
from helpdesk_tui.domain.offers import Recent
from helpdesk_tui.domain.own import make_own
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.tickets import Status

SECRET = "ab" * 32
LENA, STRANGER, OURS = "lena@example.net", "trudy@attacker.example", "support@shop.example"
DESK = Desk(make_own(support=[OURS], others=["anna@shop.example"]), "desk1", SECRET,
            frozenset({"mx.shop.example"}))  # fmt: skip
KEYED = make_id(SECRET, 7, 70, "shop.example")


def make_ticket(**fields: Any) -> ReceivingTicket:
    """Return an open ticket of Lena's, made at moment 0."""
    values: dict[str, Any] = {
        "id": 7, "profile_id": 1, "customer_name": "Lena", "customer_address": LENA,
        "status": Status.OPEN, "spam": False, "unread": False, "automatic": False,
        "snooze_keep": False, "snoozed_until": None, "closed_at": None, "created_at": 0,
        "last_message_at": 0, "waiting_since": None, "message_count": 1, "has_media": False,
        "preview": "", "flags": (), "subject": "Where is my parcel?",
    }  # fmt: skip
    return ReceivingTicket(**{**values, **fields})


class Memory:
    """A lookup over plain dictionaries: ticket 7 is Lena's, ticket 8 was merged into it."""

    def __init__(self, **references: Sequence[int]) -> None:
        self.known: dict[str, list[StoredMail]] = {
            "first@example.net": [StoredMail("hash", 1, 7)],
            "ours@shop.example": [StoredMail("hash", 2, 7, is_outbound=True, delivery="sent")],
            "shelved@example.net": [StoredMail("hash")],
        }
        self.references: dict[str, Sequence[int]] = dict(references)
        self.copied: dict[int, set[str]] = {}
        self.people = {7: {LENA}, 9: {STRANGER}}
        self.tickets = {7: make_ticket(), 9: make_ticket(id=9)}
        self.recents: list[Recent] = []
        self.blocked: set[str] = set()
        self.follows: dict[int, list[int]] = {}

    def mails(self, external_id: str) -> Sequence[StoredMail]:
        return self.known.get(external_id, ())

    def same_content(self, content_hash: str) -> Sequence[StoredMail]:
        return [m for found in self.known.values() for m in found if m.content_hash == content_hash]

    def referring(self, reference: str) -> Sequence[int]:
        return self.references.get(reference, ())

    def standing(self, ticket_id: int) -> int | None:
        return {7: 7, 8: 7, 9: 9}.get(ticket_id)

    def only_copied(self, ticket_id: int, address: str) -> bool:
        return address in self.copied.get(ticket_id, ())

    def takes_part(self, ticket_id: int, address: str) -> bool:
        return address in self.people.get(ticket_id, ())

    def ticket(self, ticket_id: int) -> ReceivingTicket | None:
        return self.tickets.get(ticket_id)

    def recent(self, address: str) -> Sequence[Recent]:
        return [each for each in self.recents if address in self.people.get(each.id, ())]

    def following(self, ticket_id: int) -> Sequence[int]:
        return self.follows.get(ticket_id, ())

    def is_blocked(self, address: str) -> bool:
        return address in self.blocked

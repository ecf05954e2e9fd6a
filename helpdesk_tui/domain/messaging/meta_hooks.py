"""What Meta tells by webhook, taken apart: whose it is, and what it means.

One body may hold many entries, each with many changes of many accounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from helpdesk_tui.domain.json_fields import id_at, objects_at
from helpdesk_tui.domain.messaging.meta_instagram import event_news, events_of
from helpdesk_tui.domain.messaging.meta_reading import Unreadable, raw_of, read_json
from helpdesk_tui.domain.messaging.meta_whatsapp import change_news
from helpdesk_tui.domain.messaging.received import Echo, News, Received


class Product(StrEnum):
    """Which of Meta's products a webhook is about."""

    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news of one account, with the JSON that it was made of."""

    product: Product
    account: str
    """WhatsApp: id of the phone number; Instagram: id of the account."""
    news: News
    said: Mapping[str, Any]

    @property
    def raw(self) -> tuple[str, bytes] | None:
        """The id of the message and its JSON, to be kept; None for what is no message."""
        if isinstance(self.news, (Received, Echo)):
            return self.news.external_id, raw_of(self.said)
        return None


def hook_news(body: str | bytes, arrived: datetime) -> list[Told]:
    """Return all that the body of a webhook says, the oldest first as far as it says when.

    Args:
        body: As it came; its signature has been looked at.
        arrived: When it came.

    Raises:
        Unreadable: ``meta.unreadable`` if it is no webhook of WhatsApp or Instagram.
    """
    said = read_json(body)
    if said.get("object") == "whatsapp_business_account":
        found = list(_whatsapp(said, arrived))
    elif said.get("object") in ("instagram", "page"):
        found = list(_instagram(said, arrived))
    else:
        raise Unreadable("meta.unreadable", what="object")
    return sorted(found, key=lambda told: told.news.at)


def _whatsapp(said: Mapping[str, Any], arrived: datetime) -> Iterator[Told]:
    for entry in objects_at(said, "entry"):
        for change in objects_at(entry, "changes"):
            account = id_at(change, "value", "metadata", "phone_number_id")
            for item, news in change_news(change, arrived):
                yield Told(Product.WHATSAPP, account, news, item)


def _instagram(said: Mapping[str, Any], arrived: datetime) -> Iterator[Told]:
    for entry in objects_at(said, "entry"):
        account = id_at(entry, "id")
        for event in events_of(entry):
            for news in event_news(event, account, arrived):
                yield Told(Product.INSTAGRAM, account, news, event)

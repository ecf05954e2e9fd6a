"""Reading events of Klaviyo: what a customer did, and which marketing messages reached them.

The properties of an event are whatever the shop's own systems have put there. Their names are
looked for, none is relied on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from helpdesk_tui.domain.commerce.facts import CustomerEvent
from helpdesk_tui.domain.commerce.reading import currency_of, moment_at
from helpdesk_tui.domain.json_fields import id_at, object_at, objects_at, url_at, word_at
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.domain.text import clean, shorten

_ARRIVED = {"received sms": "sms", "received whatsapp": "whatsapp", "received email": "email"}
"""Metrics of messages that have reached the customer: Klaviyo counts them from their side."""
_CHANNELS = (("email", "email"), ("sms", "sms"), ("whatsapp", "whatsapp"), ("push", "push"))
_TEXTS = ("sms", "whatsapp")
_OWN = "klaviyo"
_TITLES = ("Subject", "Message Body", "Body", "ProductName", "Product Name", "Title", "Name",
           "Campaign Name", "List")  # fmt: skip
_URLS = ("ProductURL", "Product URL", "URL", "url", "Page", "page")
_CURRENCIES = ("$currency_code", "$value_currency", "Currency", "currency")
_MOST_DETAILS = 20
_MOST_ITEMS = 5
_LONGEST_NAME = 60
_LONGEST_DETAIL = 200
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Metric:
    """One kind of event."""

    name: str
    is_own: bool
    """Klaviyo counts it itself; anybody with the shop's public key can send others."""


UNKNOWN = Metric("", is_own=False)


def read_metrics(found: Iterator[Mapping[str, Any]]) -> dict[str, Metric]:
    """Return kinds of event by their ids; other objects among them are passed over."""
    return {
        metric: Metric(word_at(each, "attributes", "name"), _is_own(each))
        for each in found
        if each.get("type") == "metric" and (metric := id_at(each, "id"))
    }


def nameless(said: Mapping[str, Any], known: Mapping[str, Metric]) -> bool:
    """Tell whether a page has events of a kind that nobody has named."""
    return any(
        metric and not known.get(metric, UNKNOWN).name
        for metric in map(_metric_of, objects_at(said, "data"))
    )


def campaignless(said: Mapping[str, Any], metrics: Mapping[str, Metric]) -> bool:
    """Tell whether a page has text messages that arrived and do not say what they were sent by."""
    return any(
        not word_at(told, "Campaign Name") and not id_at(told, "$flow") and id_at(told, "$message")
        for each in objects_at(said, "data")
        if _arrived_by(metrics.get(_metric_of(each), UNKNOWN)) in _TEXTS
        and (told := object_at(each, "attributes", "event_properties"))
    )


def read_campaigns(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of campaigns by the ids of their messages."""
    return {
        message: name
        for each in objects_at(said, "data")
        if (name := word_at(each, "attributes", "name"))
        for one in objects_at(each, "relationships", "campaign-messages", "data")
        if (message := id_at(one, "id"))
    }


def read_events(
    said: Mapping[str, Any],
    metrics: Mapping[str, Metric],
    campaigns: Mapping[str, str] = _NOTHING,
) -> tuple[CustomerEvent, ...]:
    """Return the events of a page in its order; what has no id or no moment is none.

    Args:
        said: The page.
        metrics: Kinds of event by id.
        campaigns: Names of campaigns by the ids of their messages.
    """
    found: dict[str, CustomerEvent] = {}
    for each in objects_at(said, "data"):
        event, at = id_at(each, "id"), _moment(object_at(each, "attributes"))
        if event and at is not None and event not in found:
            metric = _metric_of(each)
            known = metrics.get(metric, UNKNOWN)
            # one that was deleted over there keeps at least its id, so that it can be told apart
            named = known if known.name else replace(known, name=metric)
            found[event] = _event(event, at, each, named, campaigns)
    return tuple(found.values())


def _event(
    event: str,
    at: datetime,
    said: Mapping[str, Any],
    metric: Metric,
    campaigns: Mapping[str, str],
) -> CustomerEvent:
    told = object_at(said, "attributes", "event_properties")
    flow, message = id_at(told, "$flow"), id_at(told, "$message")
    campaign = word_at(told, "Campaign Name") or campaigns.get(message, "")
    # what agents or robots of the other side wrote by hand belongs to neither
    sent = "flow" if flow else "campaign" if campaign else ""
    return CustomerEvent(
        id=event,
        metric=metric.name,
        at=at,
        title=_title(told),
        value=decimal_of(told.get("$value")),
        currency=next(filter(None, (currency_of(told.get(name)) for name in _CURRENCIES)), ""),
        url=next(filter(None, (url_at(told, name) for name in _URLS)), ""),
        details=_details(told),
        campaign=campaign,
        campaign_id=(flow or message) if campaign or flow else "",
        channel=_channel(metric.name) if metric.is_own else "",
        sent=sent if _arrived_by(metric) else "",
    )


def _metric_of(said: Mapping[str, Any]) -> str:
    return id_at(object_at(said, "relationships", "metric", "data"), "id")


def _arrived_by(metric: Metric) -> str:
    """Return the channel of a message that has reached the customer; empty for all else."""
    return _ARRIVED.get(metric.name.casefold(), "") if metric.is_own else ""


def _is_own(said: Mapping[str, Any]) -> bool:
    name = word_at(said, "attributes", "integration", "name")
    return name.casefold().startswith(_OWN)


def _channel(metric: str) -> str:
    words = metric.casefold().split()
    return next((channel for word, channel in _CHANNELS if word in words), "")


def _moment(told: Mapping[str, Any]) -> datetime | None:
    at = moment_at(told.get("datetime"))
    if at is not None:
        return at
    seconds = told.get("timestamp")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _title(told: Mapping[str, Any]) -> str:
    title = next(filter(None, (word_at(told, name) for name in _TITLES)), "")
    return shorten(title or ", ".join(_items(told)), _LONGEST_DETAIL)


def _items(told: Mapping[str, Any]) -> list[str]:
    """Return what was ordered or looked at, by name."""
    listed = told.get("Items") or told.get("ItemNames") or told.get("items")
    if not isinstance(listed, list):
        return []
    names = [
        word_at({"name": one}, "name")
        if isinstance(one, str)
        else word_at(one, "ProductName") or word_at(one, "Name") or word_at(one, "title")
        for one in listed[:_MOST_ITEMS]
    ]
    return [name for name in names if name]


def _details(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what else is told, as far as it is a word or a number."""
    found: dict[str, str] = {}
    for name, value in told.items():
        if len(found) == _MOST_DETAILS:
            break
        label = shorten(clean(name), _LONGEST_NAME).strip()
        text = word_at({"value": value}, "value")
        if text and label and not name.startswith("$"):
            found[label] = shorten(text, _LONGEST_DETAIL)
    return found

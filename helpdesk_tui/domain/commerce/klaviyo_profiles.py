"""Reading profiles of Klaviyo: who somebody is, what they agreed to, what they are worth.

Nothing is believed to be there, or to be of the type that it should be: one odd field must not
cost the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    ProfileFacts,
    Segment,
    SourceConsent,
    Value,
)
from helpdesk_tui.domain.commerce.reading import day_of, moment_at, whole_of, zone_name
from helpdesk_tui.domain.json_fields import id_at, object_at, word_at
from helpdesk_tui.domain.money import decimal_of

_PAGE = "https://www.klaviyo.com/profile/"
_WORDS = {
    "SUBSCRIBED": ConsentWord.SUBSCRIBED,
    "UNSUBSCRIBED": ConsentWord.UNSUBSCRIBED,
    "NEVER_SUBSCRIBED": ConsentWord.NEVER,
}
_CONSENTS = (
    ("email", "marketing", "can_receive_email_marketing"),
    ("sms", "marketing", "can_receive_sms_marketing"),
    ("sms", "transactional", "can_receive_sms_transactional"),
    ("whatsapp", "marketing", "can_receive"),
    ("whatsapp", "transactional", "can_receive"),
    # whether a conversation is open just now is for who carries it to say
    ("whatsapp", "conversational", ""),
)
"""(channel, kind, what says whether anything may be sent at all)."""


def read_profile(said: Mapping[str, Any]) -> ProfileFacts:
    """Return who a profile is, with what they agreed to where the answer tells that."""
    told = object_at(said, "attributes")
    place = object_at(told, "location")
    name = " ".join(filter(None, (word_at(told, "first_name"), word_at(told, "last_name"))))
    town = word_at(place, "city") or word_at(place, "region")
    country = word_at(place, "country")
    return ProfileFacts(
        name=name or word_at(told, "organization"),
        email=word_at(told, "email").strip(),
        phone=word_at(told, "phone_number").strip(),
        location=", ".join(filter(None, (town, country))),
        timezone=zone_name(place.get("timezone")),
        language=word_at(told, "locale"),
        since=moment_at(told.get("created")),
        url=page_of(id_at(said, "id")),
        consents=tuple(_consents(object_at(told, "subscriptions"))),
    )


def page_of(profile: str) -> str:
    """Return where people see a profile in Klaviyo."""
    return _PAGE + quote(profile, safe="") if profile else ""


def read_value(said: Mapping[str, Any], currency: str) -> Value | None:
    """Return what a profile is worth; None where the account has no predictions.

    All of it may be unknown, as of somebody who never bought anything.
    """
    told = object_at(said, "attributes").get("predictive_analytics")
    if not isinstance(told, Mapping):
        return None
    return Value(
        currency=currency,
        spent=decimal_of(told.get("historic_clv")),
        predicted=decimal_of(told.get("predicted_clv")),
        total=decimal_of(told.get("total_clv")),
        orders=whole_of(told.get("historic_number_of_orders")),
        predicted_orders=decimal_of(told.get("predicted_number_of_orders")),
        average_order=decimal_of(told.get("average_order_value")),
        days_between_orders=decimal_of(told.get("average_days_between_orders")),
        churn=_share(told.get("churn_probability")),
        next_order=day_of(told.get("expected_date_of_next_order")),
    )


def is_empty(value: Value) -> bool:
    """Tell whether nothing at all is known of what somebody is worth."""
    return value == Value(currency=value.currency)


def has_predictions(found: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether anything is predicted of any of some profiles."""
    values = [read_value(each, "") for each in found]
    return any(value is not None and not is_empty(value) for value in values)


def read_groups(said: Iterable[Mapping[str, Any]], kind: str) -> tuple[Segment, ...]:
    """Return segments or lists, in the order of their names."""
    found = [
        Segment(group, word_at(each, "attributes", "name") or group, kind)
        for each in said
        if (group := id_at(each, "id"))
    ]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def _consents(told: Mapping[str, Any]) -> Iterator[SourceConsent]:
    for channel, kind, allowed in _CONSENTS:
        one = object_at(told, channel, kind)
        word = _WORDS.get(word_at(one, "consent").upper())
        if word is None:
            continue
        is_kept_from = word is ConsentWord.SUBSCRIBED and one.get(allowed) is False
        yield SourceConsent(
            channel,
            kind,
            word,
            moment_at(one.get("consent_timestamp")) or moment_at(one.get("last_updated")),
            is_suppressed=is_kept_from or _is_suppressed(one),
        )


def _is_suppressed(consent: Mapping[str, Any]) -> bool:
    """Tell whether nothing may be sent: one list that is left out says nothing of the others."""
    found = consent.get("suppression")
    return isinstance(found, list) and bool(found)


def _share(value: object) -> Decimal | None:
    found = decimal_of(value)
    return found if found is not None and 0 <= found <= 1 else None

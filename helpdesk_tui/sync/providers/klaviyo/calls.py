"""What Klaviyo is asked: which right each call needs and how often it may be made. One table.

The limits are of the whole account and of each call by itself (developers.klaviyo.com, rate
limits). Where its pages promise less than its contract, the lesser number stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk_tui.sync.pacing import PATIENCE, Limits

API = "https://a.klaviyo.com"
REVISION = "2026-07-15"
"""The dated revision that all of this is written for."""
PAGE = 100
"""Events of one page; what is shown at first fits into it several times."""


@dataclass(frozen=True, slots=True)
class Call:
    """One kind of request."""

    name: str
    scope: str
    """The right that the key must have, as Klaviyo calls it."""
    limits: Limits
    params: Mapping[str, str | int] = field(default_factory=dict)
    """What is always asked for: only the fields that are used."""
    pages: int = 1
    """How many pages are read at most."""
    patience: float = PATIENCE
    """Seconds that a thread waits for its turn."""


_SHORTLY = 1.0
"""Patience for calls that are few: whoever waited for them would keep others from being asked."""
_FEW = ((1, 1.0), (15, 60.0))
_SOME = ((10, 1.0), (150, 60.0))
_MANY = ((75, 1.0), (700, 60.0))
_GROUPS = ((3, 1.0), (60, 60.0))
_EVENTS = ((350, 1.0), (3_500, 60.0))
_WHO = "email,phone_number,first_name,last_name,organization,locale,created,location,subscriptions"

ACCOUNT = Call("account", "accounts:read", _FEW)
SEARCH = Call(
    "search",
    "profiles:read",
    _MANY,
    {"additional-fields[profile]": "subscriptions", "fields[profile]": _WHO, "page[size]": 20},
)
PROFILE = Call(
    "profile",
    "profiles:read",
    _MANY,
    {"additional-fields[profile]": "subscriptions", "fields[profile]": _WHO},
)
ANALYTICS = Call(
    "analytics",
    "profiles:read",
    _SOME,
    {
        "additional-fields[profile]": "predictive_analytics",
        "fields[profile]": "predictive_analytics",
    },
    patience=_SHORTLY,
)
SAMPLE = Call(
    "sample",
    "profiles:read",
    _SOME,
    {
        "additional-fields[profile]": "predictive_analytics",
        "fields[profile]": "predictive_analytics",
        "sort": "-updated",
        "page[size]": 100,
    },
)
"""Whether the account has predictions at all: those who were active last would have some."""
SEGMENTS = Call(
    "segments",
    "segments:read",
    _GROUPS,
    {"fields[segment]": "name"},
    pages=10,
    patience=_SHORTLY,
)
LISTS = Call("lists", "lists:read", _GROUPS, {"fields[list]": "name"}, pages=10, patience=_SHORTLY)
EVENTS = Call(
    "events",
    "events:read",
    _EVENTS,
    {
        "fields[event]": "datetime,timestamp,event_properties",
        "fields[metric]": "name,integration",
        "include": "metric",
        "sort": "-datetime",
        "page[size]": PAGE,
    },
    pages=5,
)
METRICS = Call("metrics", "metrics:read", _SOME, {"fields[metric]": "name,integration"}, pages=10)
CAMPAIGNS = Call(
    "campaigns",
    "campaigns:read",
    _SOME,
    {
        "filter": "equals(messages.channel,'sms')",
        "fields[campaign]": "name",
        "include": "campaign-messages",
        "fields[campaign-message]": "created_at",
        "sort": "-created_at",
    },
    pages=5,
)

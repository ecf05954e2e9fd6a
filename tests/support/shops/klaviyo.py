"""An account at Klaviyo: its profiles, what they did, and what its key may read."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.routing import Route

from tests.support.providers.front import Watch

KEY = "pk_in_tests_0123456789abcdef"
REVISION = "2026-07-15"
SCOPES = (
    "accounts:read",
    "profiles:read",
    "segments:read",
    "lists:read",
    "events:read",
    "metrics:read",
    "campaigns:read",
)
_ANALYTICS = (
    "historic_clv",
    "predicted_clv",
    "total_clv",
    "historic_number_of_orders",
    "predicted_number_of_orders",
    "average_days_between_orders",
    "average_order_value",
    "churn_probability",
    "expected_date_of_next_order",
)
OWN, ELSEWHERE = "Klaviyo", "API"
"""Who counts a metric: Klaviyo itself, or somebody who sends it."""


@dataclass(slots=True)
class SimProfile:
    """A customer as Klaviyo has them."""

    id: str
    email: str | None = None
    phone: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    subscriptions: dict[str, Any] = field(default_factory=dict)
    analytics: dict[str, Any] | None = None
    """None: the account has no predictions; else what is not in here is null."""
    segments: list[tuple[str, str]] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))

    def predicted(self) -> dict[str, Any] | None:
        """Return the predictions as they are told."""
        if self.analytics is None:
            return None
        return {name: self.analytics.get(name) for name in _ANALYTICS} | {
            "ranked_channel_affinity": []
        }


@dataclass(slots=True)
class SimMetric:
    """A kind of event."""

    id: str
    name: str
    by: str = OWN
    is_deleted: bool = False
    """Its events are still there, and nothing names them."""


@dataclass(slots=True)
class SimEvent:
    """Something that somebody did."""

    id: str
    profile: str
    metric: str
    at: datetime
    properties: dict[str, Any]


class Windows:
    """Counts the requests of each call in fixed windows, as the account does. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.limits: dict[str, tuple[tuple[int, float], ...]] = {
            "accounts": ((1, 1.0), (15, 60.0)),
            "profiles": ((75, 1.0), (700, 60.0)),
            "analytics": ((10, 1.0), (150, 60.0)),
            "groups": ((3, 1.0), (60, 60.0)),
            "events": ((350, 1.0), (3_500, 60.0)),
            "metrics": ((10, 1.0), (150, 60.0)),
            "campaigns": ((10, 1.0), (150, 60.0)),
        }
        self.refused = 0
        """How often somebody asked too fast."""
        self._counts: dict[tuple[str, float], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, kind: str, name: str) -> tuple[bool, dict[str, str]]:
        """Count a request; return whether it is let through, and what is told of the rest."""
        now = self._clock()
        with self._lock:
            left: list[tuple[int, int, float]] = []
            for limit, span in self.limits[kind]:
                began, count = self._counts.get((name, span), (now, 0))
                if now - began >= span:
                    began, count = now, 0
                self._counts[name, span] = (began, count + 1)
                left.append((limit - count - 1, limit, began + span - now))
            rest, limit, reset = min(left)
            is_free = rest >= 0
            self.refused += not is_free
        told = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, rest)),
            "RateLimit-Reset": str(max(1, round(reset))),
        }
        return is_free, told if is_free else {**told, "Retry-After": str(max(1, round(reset)))}


class KlaviyoShop:
    """The side that tests talk to; ``KlaviyoRoutes`` is the other."""

    name = "klaviyo"
    document = "klaviyo.json"

    def __init__(self) -> None:
        self.url = ""
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Be as new; what serves goes on."""
        self.key = KEY
        self.scopes = set(SCOPES)
        self.revisions = {REVISION}
        """Those that are not retired."""
        self.retired_status = 410
        self.busy = problem("throttled", "Request was throttled.", 429)
        self.windows = Windows()
        self.profiles: dict[str, SimProfile] = {}
        self.metrics: dict[str, SimMetric] = {}
        self.events: list[SimEvent] = []
        self.campaigns: dict[str, tuple[str, list[str]]] = {}
        """Names and messages of campaigns of text messages."""
        self.account: dict[str, Any] = {
            "organization": "Acme Tea",
            "currency": "EUR",
            "timezone": "Europe/Berlin",
        }
        self.foreign_links = ""
        """Where links to the next page lead instead; empty: to here."""
        self.links_asked: list[str] = []
        """Links that were handed out, as they stood there."""
        self._numbers = itertools.count(1)

    def routes(self, watch: Watch) -> list[Route]:
        """Return what it answers."""
        from tests.support.shops.klaviyo_routes import KlaviyoRoutes

        return KlaviyoRoutes(self).routes()

    def has(
        self,
        email: str | None = None,
        phone: str | None = None,
        *,
        analytics: Mapping[str, Any] | None = None,
        segments: Sequence[str] = (),
        lists: Sequence[str] = (),
        subscriptions: Mapping[str, Any] | None = None,
        id: str = "",
        **attributes: Any,
    ) -> SimProfile:
        """Let somebody be a customer."""
        with self.lock:
            profile = SimProfile(
                id or f"01KLAVIYO{next(self._numbers):06}",
                email,
                phone,
                attributes,
                dict(subscriptions or consents()),
                None if analytics is None else dict(analytics),
                [(f"Seg{each.encode().hex()[:8]}", each) for each in segments],
                [(f"Lis{each.encode().hex()[:8]}", each) for each in lists],
            )
            self.profiles[profile.id] = profile
            return profile

    def metric(self, name: str, by: str = OWN) -> SimMetric:
        """Return a kind of event, made if it is new."""
        with self.lock:
            for each in self.metrics.values():
                if (each.name, each.by) == (name, by):
                    return each
            made = SimMetric(f"Met{next(self._numbers):04}", name, by)
            self.metrics[made.id] = made
            return made

    def did(
        self,
        profile: SimProfile,
        metric: str,
        at: datetime | None = None,
        by: str = OWN,
        **properties: Any,
    ) -> SimEvent:
        """Let somebody have done something; properties with ``_`` for blanks and ``S_`` for $."""
        named = {
            (f"${name[2:]}" if name.startswith("S_") else name.replace("_", " ")): value
            for name, value in properties.items()
        }
        with self.lock:
            number = next(self._numbers)
            event = SimEvent(
                f"ev{number:08}", profile.id, self.metric(metric, by).id,
                at or datetime.now(UTC), named,
            )  # fmt: skip
            self.events.append(event)
            return event

    def did_much(self, profile: SimProfile, count: int) -> None:
        """Let somebody have done very much, an event each minute until now."""
        now = datetime.now(UTC)
        for number in range(count):
            at = now - timedelta(minutes=count - number)
            self.did(profile, "Viewed Product", at, ELSEWHERE, ProductName=f"Tea {number}")


def consents(
    *,
    email: str = "NEVER_SUBSCRIBED",
    sms: str = "NEVER_SUBSCRIBED",
    at: str = "2026-05-01T10:00:00+00:00",
    suppressed: str = "",
    is_allowed: bool = True,
) -> dict[str, Any]:
    """Return subscriptions as Klaviyo tells them.

    Args:
        email: Word on mail.
        sms: Word on text messages.
        at: When both were said.
        suppressed: Reason why no mail may go there; empty: none.
        is_allowed: Whether those who subscribed may be written to.
    """
    has_mail = email == "SUBSCRIBED" and is_allowed and not suppressed
    has_sms = sms == "SUBSCRIBED" and is_allowed
    said_email, said_sms = (None if word.startswith("NEVER") else at for word in (email, sms))
    mail = {
        "can_receive_email_marketing": has_mail,
        "consent": email,
        "consent_timestamp": said_email,
        "last_updated": said_email,
        "method": None,
        "method_detail": None,
        "custom_method_detail": None,
        "double_optin": None,
        "suppression": [{"reason": suppressed, "timestamp": at}] if suppressed else [],
        "list_suppressions": [],
    }
    text = {"consent": sms, "consent_timestamp": said_sms, "last_updated": said_sms}
    return {
        "email": {"marketing": mail},
        "sms": {
            "marketing": {**text, "can_receive_sms_marketing": has_sms},
            "transactional": {**text, "can_receive_sms_transactional": has_sms},
        },
    }


def problem(code: str, detail: str, status: int, parameter: str = "") -> dict[str, Any]:
    """Return a refusal as Klaviyo words it."""
    told: dict[str, Any] = {
        "id": "00000000-0000-4000-8000-000000000000",
        "status": status,
        "code": code,
        "title": detail,
        "detail": detail,
        "source": {"parameter": parameter} if parameter else {"pointer": "/data/"},
    }
    return {"errors": [told]}

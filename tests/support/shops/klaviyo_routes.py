"""What the simulated account at Klaviyo answers the program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.shops.klaviyo import KlaviyoShop, SimEvent, SimProfile, problem

_MEDIA = "application/vnd.api+json"
_FILTER = re.compile(r"(?P<how>equals|any)\((?P<name>[a-z_.]+),(?P<what>.+)\)")
_QUOTED = re.compile(r"[\"']([^\"']*)[\"']")
_FIELDS = {
    "profile": {"email", "phone_number", "external_id", "first_name", "last_name", "organization",
                "locale", "title", "image", "created", "updated", "last_event_date", "location",
                "properties", "subscriptions", "predictive_analytics"},
    "segment": {"name", "definition", "created", "updated", "is_active", "is_processing",
                "is_starred"},
    "list": {"name", "created", "updated", "opt_in_process"},
    "event": {"timestamp", "event_properties", "datetime", "uuid"},
    "metric": {"name", "created", "updated", "integration"},
    "campaign": {"name", "status", "archived", "audiences", "send_options", "tracking_options",
                 "send_strategy", "created_at", "scheduled_at", "updated_at", "send_time"},
    "campaign-message": {"definition", "send_times", "created_at", "updated_at"},
}  # fmt: skip
_STATE = {"is_active": True, "is_processing": False, "is_starred": False}
_Answered = Callable[[Request], Response]


class KlaviyoRoutes:
    """The program's side of a simulated account."""

    def __init__(self, sim: KlaviyoShop) -> None:
        self._sim = sim

    def routes(self) -> list[Route]:
        """Return what it answers."""
        listed = (
            ("accounts", "/api/accounts", self._account, "accounts", ("accounts:read",)),
            ("profiles", "/api/profiles", self._profiles, "profiles", ("profiles:read",)),
            ("profile", "/api/profiles/{id}", self._profile, "profiles", ("profiles:read",)),
            ("segments", "/api/profiles/{id}/segments", self._groups("segment"), "groups",
             ("segments:read", "profiles:read")),
            ("lists", "/api/profiles/{id}/lists", self._groups("list"), "groups",
             ("lists:read", "profiles:read")),
            ("events", "/api/events", self._events, "events", ("events:read",)),
            ("metrics", "/api/metrics", self._metrics, "metrics", ("metrics:read",)),
            ("campaigns", "/api/campaigns", self._campaigns, "campaigns", ("campaigns:read",)),
        )  # fmt: skip
        return [
            Route(path, self._guarded(name, kind, scopes, answer), name=f"klaviyo.{name}|{path}")
            for name, path, answer, kind, scopes in listed
        ]

    def _guarded(self, name: str, kind: str, scopes: Sequence[str], answer: _Answered) -> _Answered:
        def guarded(request: Request) -> Response:
            if refused := self._refused(request, scopes):
                return refused
            is_rare = "predictive_analytics" in request.query_params.get(
                "additional-fields[profile]", ""
            )
            counted = ("analytics", f"{name} analytics") if is_rare else (kind, name)
            is_free, told = self._sim.windows.take(*counted)
            with self._sim.lock:
                answered = answer(request) if is_free else said(self._sim.busy, 429)
            answered.headers.update(told)
            return answered

        return guarded

    def _refused(self, request: Request, scopes: Sequence[str]) -> Response | None:
        sim = self._sim
        if request.headers.get("authorization") != f"Klaviyo-API-Key {sim.key}":
            detail = "Incorrect authentication credentials."
            return said(problem("authentication_failed", detail, 401), 401)
        if request.headers.get("revision") not in sim.revisions:
            status = sim.retired_status
            detail = "The revision in the header is no longer supported."
            return said(problem("invalid", detail, status, "revision"), status)
        if not sim.scopes.issuperset(scopes):
            detail = "You do not have permission to perform this action."
            return said(problem("permission_denied", detail, 403), 403)
        for name, value in request.query_params.items():
            kind = re.fullmatch(r"fields\[([a-z-]+)\]", name)
            known = _FIELDS.get(kind[1]) if kind else None
            if known and not known.issuperset(value.split(",")):
                return said(problem("invalid", f"{value} is not a valid field", 400, name), 400)
        return None

    def _account(self, request: Request) -> Response:
        told = self._sim.account
        attributes = {
            "test_account": False,
            "contact_information": {
                "default_sender_name": "Acme",
                "default_sender_email": "shop@acme.example",
                "website_url": "acme.example",
                "organization_name": told["organization"],
                "street_address": {},
            },
            "industry": None,
            "timezone": told["timezone"],
            "preferred_currency": told["currency"],
            "public_api_key": "AbC123",
            "locale": "en-US",
        }
        return self._listed(request, [self._object("account", "AbC123", attributes)])

    def _profiles(self, request: Request) -> Response:
        found = list(self._sim.profiles.values())
        asked = request.query_params.get("filter")
        if asked:
            parsed = _parsed(asked)
            if parsed is None or parsed[0] not in ("id", "email", "phone_number", "external_id"):
                return _bad_filter(asked)
            name, wanted = parsed
            found = [one for one in found if _field(one, name) in wanted]
        if request.query_params.get("sort") == "-updated":
            found.sort(key=lambda one: one.updated, reverse=True)
        told = [self._told(one, request) for one in found]
        return self._paged(request, told, most=100, size=20)

    def _profile(self, request: Request) -> Response:
        found = self._sim.profiles.get(request.path_params["id"])
        if found is None:
            return _missing()
        return said({"data": self._told(found, request), "links": self._links(request)})

    def _told(self, profile: SimProfile, request: Request) -> dict[str, Any]:
        attributes: dict[str, Any] = {
            "email": profile.email,
            "phone_number": profile.phone,
            "created": "2024-03-01T09:00:00+00:00",
            "updated": profile.updated.isoformat(),
            "properties": {"Loyalty": "gold"},
            **profile.attributes,
        }
        wanted = request.query_params.get("fields[profile]")
        kept = {
            name: value
            for name, value in attributes.items()
            if wanted is None or name in wanted.split(",")
        }
        more = request.query_params.get("additional-fields[profile]", "")
        if "subscriptions" in more:
            kept["subscriptions"] = profile.subscriptions
        if "predictive_analytics" in more and (predicted := profile.predicted()) is not None:
            kept["predictive_analytics"] = predicted
        return self._object("profile", profile.id, kept)

    def _groups(self, kind: str) -> _Answered:
        def groups(request: Request) -> Response:
            profile = self._sim.profiles.get(request.path_params["id"])
            if profile is None:
                return _missing()
            found = profile.segments if kind == "segment" else profile.lists
            more = _STATE if kind == "segment" else {}
            told = [self._object(kind, one, {"name": name, **more}) for one, name in found]
            return self._listed(request, told)

        return groups

    def _events(self, request: Request) -> Response:
        found = self._sim.events
        asked = request.query_params.get("filter")
        if asked:
            parsed = _parsed(asked)
            if parsed is None or parsed[0] != "profile_id":
                return _bad_filter(asked)
            found = [one for one in found if one.profile in parsed[1]]
        is_newest_first = request.query_params.get("sort") != "datetime"
        found = sorted(found, key=lambda one: (one.at, one.id), reverse=is_newest_first)
        page = self._page_of(request, len(found), most=1_000, size=200)
        if page is None:
            return _bad_page()
        start, size = page
        shown = found[start : start + size]
        told: dict[str, Any] = {
            "data": [self._event(one) for one in shown],
            "links": self._links(request, start + size if len(found) > start + size else None),
        }
        if "metric" in request.query_params.get("include", ""):
            named = {one.metric for one in shown if not self._sim.metrics[one.metric].is_deleted}
            told["included"] = [self._metric(one) for one in sorted(named)]
        return said(told)

    def _event(self, event: SimEvent) -> dict[str, Any]:
        at = event.at.isoformat(timespec="seconds").replace("T", " ")
        attributes = {
            "timestamp": int(event.at.timestamp()),
            "datetime": at.replace(" ", "T"),
            "event_properties": event.properties,
            "uuid": event.id,
        }
        link = f"{self._sim.url}/api/events/{event.id}"
        links = {"self": link, "related": link}
        told = self._object("event", event.id, attributes)
        told["relationships"] = {
            "profile": {"data": {"type": "profile", "id": event.profile}, "links": links},
            "metric": {"data": {"type": "metric", "id": event.metric}, "links": links},
        }
        return told

    def _metrics(self, request: Request) -> Response:
        found = [self._metric(one.id) for one in self._sim.metrics.values() if not one.is_deleted]
        return self._paged(request, found, most=200, size=200)

    def _metric(self, metric: str) -> dict[str, Any]:
        one = self._sim.metrics[metric]
        integration = {"object": "integration", "id": "0eMvjm", "name": one.by, "category": "x"}
        return self._object("metric", metric, {"name": one.name, "integration": integration})

    def _campaigns(self, request: Request) -> Response:
        if _parsed(request.query_params.get("filter", "")) != ("messages.channel", ["sms"]):
            return _bad_filter("a channel filter is required")
        found = [self._campaign(*one) for one in self._sim.campaigns.items()]
        return self._paged(request, found, most=100, size=100)

    def _campaign(self, campaign: str, told: tuple[str, list[str]]) -> dict[str, Any]:
        name, messages = told
        link = f"{self._sim.url}/api/campaigns/{campaign}"
        made = self._object(
            "campaign",
            campaign,
            {
                "name": name,
                "status": "Sent",
                "archived": False,
                "audiences": {"included": [], "excluded": []},
                "send_options": {"use_smart_sending": True},
                "send_strategy": {"method": "immediate"},
                "created_at": "2026-06-01T08:00:00+00:00",
                "updated_at": "2026-06-01T08:00:00+00:00",
            },
        )
        of_messages = [{"type": "campaign-message", "id": one} for one in messages]
        made["relationships"] = {
            "campaign-messages": {"data": of_messages, "links": {"self": link, "related": link}}
        }
        return made

    def _object(self, kind: str, id: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
        link = f"{self._sim.url}/api/{kind}s/{quote(id)}"
        return {"type": kind, "id": id, "attributes": dict(attributes), "links": {"self": link}}

    def _listed(self, request: Request, found: list[dict[str, Any]]) -> Response:
        return said({"data": found, "links": self._links(request)})

    def _paged(
        self, request: Request, found: list[dict[str, Any]], *, most: int, size: int
    ) -> Response:
        page = self._page_of(request, len(found), most=most, size=size)
        if page is None:
            return _bad_page()
        start, size = page
        following = start + size if len(found) > start + size else None
        links = self._links(request, following)
        return said({"data": found[start : start + size], "links": links})

    def _page_of(
        self, request: Request, count: int, *, most: int, size: int
    ) -> tuple[int, int] | None:
        asked = request.query_params
        size = int(asked.get("page[size]", size))
        cursor = asked.get("page[cursor]")
        if cursor is None:
            return (0, size) if 1 <= size <= most else None
        with self._sim.lock:
            # a cursor is only taken inside the link that it was handed out in
            query = request.scope["query_string"].decode()
            if f"{request.url.path}?{query}" not in self._sim.links_asked:
                return None
        return int(cursor.rpartition(".")[2]), size

    def _links(self, request: Request, following: int | None = None) -> dict[str, Any]:
        here = f"{self._sim.url}{request.url.path}"
        told: dict[str, Any] = {"self": here, "next": None, "prev": None}
        if following is not None:
            kept = [
                (name, value)
                for name, value in request.query_params.multi_items()
                if name != "page[cursor]"
            ]
            kept.append(("page[cursor]", f"bmV4dDo6{len(kept)}.{following}"))
            query = "&".join([f"{quote(name)}={quote(value, safe='')}" for name, value in kept])
            self._sim.links_asked.append(f"{request.url.path}?{query}")
            host = self._sim.foreign_links or self._sim.url
            told["next"] = f"{host}{request.url.path}?{query}"
        return told


def said(told: Mapping[str, Any], status: int = 200) -> Response:
    """Return an answer in Klaviyo's media type."""
    return Response(json.dumps(told), status, media_type=_MEDIA)


def _parsed(text: str) -> tuple[str, list[str]] | None:
    found = _FILTER.fullmatch(text)
    return (found["name"], _QUOTED.findall(found["what"])) if found else None


def _field(profile: SimProfile, name: str) -> str | None:
    found = {"id": profile.id, "email": profile.email, "phone_number": profile.phone}
    return found.get(name) or profile.attributes.get(name)


def _missing() -> Response:
    return said(problem("not_found", "A profile with this id does not exist.", 404), 404)


def _bad_filter(text: str) -> Response:
    return said(problem("invalid", f"Invalid filter: {text}", 400, "filter"), 400)


def _bad_page() -> Response:
    return said(problem("invalid", "Invalid page", 400, "page"), 400)

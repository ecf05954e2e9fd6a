"""What the simulated Recharge answers the program."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.providers.front import Watch
from tests.support.shops.recharge import Recharge, Thing

_INTERVAL = ("order_interval_frequency", "charge_interval_frequency", "order_interval_unit")
_Do = Callable[[Thing, dict[str, Any]], Response]


class RechargeRoutes:
    """The program's side of a simulated shop."""

    def __init__(self, sim: Recharge, watch: Watch) -> None:
        self._sim = sim
        self._watch = watch

    def routes(self) -> list[Route]:
        """Return what it answers."""
        lists = [
            Route(f"/{name}", self._list(name, scope), name=f"recharge.{name}|/{name}")
            for name, scope in (
                ("customers", "read_customers"),
                ("addresses", "read_customers"),
                ("subscriptions", "read_subscriptions"),
                ("charges", "read_orders"),
            )
        ]
        return [
            *lists,
            Route("/store", self._store, name="recharge.store|/store"),
            Route("/token_information", self._token, name="recharge.token|/token_information"),
            self._one("subscriptions", "subscription", "read_subscriptions"),
            self._one("charges", "charge", "read_orders"),
            self._change("subscriptions", "", self._update, "PUT"),
            self._change("subscriptions", "set_next_charge_date", self._date),
            self._change("subscriptions", "change_address", self._move),
            self._change("subscriptions", "cancel", self._cancel),
            self._change("subscriptions", "activate", self._activate),
            self._change("charges", "skip", self._skip),
            self._change("charges", "unskip", self._unskip),
        ]

    def _refused(self, request: Request, scope: str) -> Response | None:
        sim = self._sim
        if request.headers.get("x-recharge-version") not in sim.versions:
            return JSONResponse({"error": "this version is not supported"}, 426)
        if request.headers.get("x-recharge-access-token") != sim.token:
            return JSONResponse({"errors": "bad authentication"}, 401)
        if not sim.has_room():
            return JSONResponse(sim.busy, 429, {"Retry-After": "2"})
        if scope and scope not in sim.scopes:
            return JSONResponse({"error": "not allowed"}, 403)
        return None

    def _list(self, name: str, scope: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            if refused := self._refused(request, scope):
                return refused
            query = dict(request.query_params)
            limit = min(int(query.pop("limit", "50")), self._sim.page_most)
            start = 0
            if cursor := query.pop("cursor", ""):
                if query:
                    self._watch.blame(f"a cursor goes alone, not with {sorted(query)}")
                    return _wrong(cursor="cannot be combined with other parameters")
                start, query = json.loads(base64.b64decode(cursor))
            with self._sim.lock:
                found = self._found(name, query)
            rest = found[start + limit :]
            after = base64.b64encode(json.dumps([start + limit, query]).encode()).decode()
            body = {name: found[start : start + limit], "next_cursor": after if rest else None}
            return JSONResponse(body)

        return answer

    def _found(self, name: str, query: dict[str, str]) -> list[Thing]:
        kept: dict[int, Thing] = getattr(self._sim, name)
        found = [self._shown(name, one) for one in kept.values()]
        if email := query.get("email"):
            found = [one for one in found if one["email"].lower() == email.lower()]
        if external := query.get("external_customer_id"):
            found = [one for one in found if one["external_customer_id"]["ecommerce"] == external]
        if customer := query.get("customer_id"):
            found = [one for one in found if _customer(one) == int(customer)]
        if status := query.get("status"):
            found = [one for one in found if one["status"] == status]
        if item := query.get("purchase_item_id"):
            found = [one for one in found if int(item) in _items(one)]
        if since := query.get("scheduled_at_min"):
            found = [one for one in found if one["scheduled_at"] >= since]
        if query.get("sort_by") == "scheduled_at-asc":
            found.sort(key=lambda one: one["scheduled_at"])
        return found

    def _shown(self, name: str, one: Thing) -> Thing:
        if name != "customers":
            return deepcopy(one)
        mine = [
            each for each in self._sim.subscriptions.values() if each["customer_id"] == one["id"]
        ]
        active = [each for each in mine if each["status"] == "active"]
        return {
            **one,
            "subscriptions_total_count": len(mine),
            "subscriptions_active_count": len(active),
        }

    def _store(self, request: Request) -> Response:
        if refused := self._refused(request, "store_info"):
            return refused
        zone = {"iana_name": "Europe/London", "name": "(GMT+00:00) London"}
        told = {"id": 1, "name": "Acme Tea", "currency": "GBP", "identifier": "acme.myshopify.com"}
        return JSONResponse({"store": {**told, "timezone": zone}})

    def _token(self, request: Request) -> Response:
        if refused := self._refused(request, ""):
            return refused
        told = {"name": "helpdesk", "scopes": sorted(self._sim.scopes)}
        return JSONResponse({"token_information": told})

    def _one(self, kind: str, name: str, scope: str) -> Route:
        def answer(request: Request) -> Response:
            if refused := self._refused(request, scope):
                return refused
            with self._sim.lock:
                one = getattr(self._sim, kind).get(int(request.path_params["id"]))
                return JSONResponse({name: one}) if one else _unknown()

        return Route(f"/{kind}/{{id:int}}", answer, name=f"recharge.{name}|/{kind}/{{id}}")

    def _change(self, kind: str, step: str, do: _Do, method: str = "POST") -> Route:
        tail = f"/{step}" if step else ""
        scope = "write_orders" if kind == "charges" else "write_subscriptions"

        def answer(request: Request) -> Response:
            if refused := self._refused(request, scope):
                return refused
            body = json.loads(request.scope["sim_body"] or b"{}")
            with self._sim.lock:
                one = getattr(self._sim, kind).get(int(request.path_params["id"]))
                if one is None:
                    return _unknown()
                touched = _items(one) if kind == "charges" else [one["id"]]
                for each in touched:
                    if self._sim.conflicts.get(each, 0):
                        self._sim.conflicts[each] -= 1
                        return JSONResponse({"error": "another operation is in progress"}, 409)
                return do(one, body)

        return Route(
            f"/{kind}/{{id:int}}{tail}",
            answer,
            methods=[method],
            name=f"recharge.{step or 'update'}|/{kind}/{{id}}{tail}",
        )

    def _update(self, one: Thing, body: dict[str, Any]) -> Response:
        given = [name for name in _INTERVAL if name in body]
        if given and len(given) < len(_INTERVAL):
            return _wrong(order_interval_unit="send all three interval fields")
        if one["status"] != "active":
            return _wrong(status="is not active")
        body.pop("use_external_variant_defaults", None)
        one.update(body)
        self._sim.move(one["id"], one["next_charge_scheduled_at"])
        return self._done("update", one)

    def _date(self, one: Thing, body: dict[str, Any]) -> Response:
        if body["date"] <= self._sim.today.isoformat():
            return _wrong(date="must be in the future")
        self._sim.move(one["id"], body["date"])
        return self._done("date", one)

    def _move(self, one: Thing, body: dict[str, Any]) -> Response:
        place = self._sim.addresses.get(body["address_id"])
        if place is None or place["customer_id"] != one["customer_id"]:
            return _wrong(address_id="is not one of this customer")
        self._sim.unqueue(one["id"])
        one["address_id"] = place["id"]
        self._sim.queue(one["id"])
        return self._done("address", one)

    def _cancel(self, one: Thing, body: dict[str, Any]) -> Response:
        if one["status"] != "active":
            return _wrong(status="is cancelled already")
        self._sim.move(one["id"], None)
        one["status"] = "cancelled"
        one["cancelled_at"] = "2026-06-01T08:00:00"
        one["cancellation_reason"] = body["cancellation_reason"]
        one["cancellation_reason_comments"] = body.get("cancellation_reason_comments")
        if body.get("send_email", True):
            self._sim.emails.append(("cancelled", one["id"]))
        return self._done("cancel", one)

    def _activate(self, one: Thing, body: dict[str, Any]) -> Response:
        if one["status"] == "active":
            return _wrong(status="is active already")
        one["status"], one["cancelled_at"] = "active", None
        one["cancellation_reason"] = None
        self._sim.move(one["id"], self._sim.in_days(30))
        return self._done("activate", one)

    def _skip(self, charge: Thing, body: dict[str, Any]) -> Response:
        items = body.get("purchase_item_ids") or _items(charge)
        if charge["status"] != "queued":
            return _wrong(status="only queued charges can be skipped")
        if not set(items) <= set(_items(charge)):
            return _wrong(purchase_item_ids="are not in this charge")
        return JSONResponse({"charge": self._sim.skip(charge, items)})

    def _unskip(self, charge: Thing, body: dict[str, Any]) -> Response:
        items = body.get("purchase_item_ids") or _items(charge)
        if charge["status"] != "skipped":
            return _wrong(status="only skipped charges can be unskipped")
        return JSONResponse({"charge": self._sim.unskip(charge, items)})

    def _done(self, what: str, one: Thing) -> Response:
        self._sim.touch(one["id"])
        self._sim.changed.append((what, one["id"]))
        return JSONResponse({"subscription": one})


def _customer(one: Thing) -> int:
    return int(one["customer"]["id"] if "customer" in one else one["customer_id"])


def _items(charge: Thing) -> list[int]:
    return [each["purchase_item_id"] for each in charge["line_items"]]


def _wrong(**fields: str) -> Response:
    return JSONResponse({"errors": {name: [said] for name, said in fields.items()}}, 422)


def _unknown() -> Response:
    return JSONResponse({"error": "Not Found"}, 404)

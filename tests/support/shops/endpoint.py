"""A shop's own endpoint, simulated: it tells of customers in the documented shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk_tui.domain.commerce.own_schema import customer_schema
from tests.support.providers.front import Watch

TOKEN = "endpoint-token"


class OwnEndpoint:
    """A small server of a shop."""

    name = "endpoint"
    document = ""

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.customers: list[dict[str, Any]] = []
        self.answers: list[Any] = []
        """Said instead, one after the other."""
        self.about: dict[str, Any] = {"name": "Tea shop", "currency": "EUR", "timezone": "UTC"}
        self.has_schema = True
        """Hold what it tells to the schema that is published."""

    @property
    def busy(self) -> Mapping[str, Any]:
        """Body of a planned 429."""
        return {"error": "busy"}

    def reset(self) -> None:
        """Be as new for the next test."""
        self.customers.clear()
        self.answers.clear()
        self.token, self.has_schema = TOKEN, True

    def has(self, external_id: str, *emails: str, **told: Any) -> dict[str, Any]:
        """Have a customer."""
        customer = {"id": external_id, "emails": list(emails), **told}
        self.customers.append(customer)
        return customer

    def routes(self, watch: Watch) -> list[Route]:
        """Return what it answers."""

        def ask(request: Request) -> Response:
            if request.headers.get("authorization", "") != f"Bearer {self.token}":
                return JSONResponse({"error": "wrong token"}, 401)
            said = json.loads(request.scope["sim_body"])
            if said["version"] != 1:
                watch.blame("another version was asked for")
            if self.answers:
                return JSONResponse(self.answers.pop(0))
            if said["ask"] == "about":
                return JSONResponse(self.about)
            found = next((one for one in self.customers if _is(one, said)), None)
            told = None if found is None else _cut(found, said["sections"])
            if told is not None and self.has_schema:
                for error in jsonschema.Draft202012Validator(customer_schema()).iter_errors(told):
                    watch.blame(f"the endpoint told against the schema: {error.message}")
            return JSONResponse({"customer": told})

        return [Route("/helpdesk", ask, methods=["POST"], name="endpoint.ask")]


def _is(customer: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    if "id" in said:
        return bool(customer["id"] == said["id"])
    theirs = {*customer["emails"], *customer.get("phones", ())}
    return bool(theirs & {*said["emails"], *said["phones"]})


def _cut(customer: Mapping[str, Any], sections: list[str]) -> dict[str, Any]:
    always = ("id", "emails", "phones", "has_more_orders", "has_more_events")
    return {name: one for name, one in customer.items() if name in (*always, *sections)}

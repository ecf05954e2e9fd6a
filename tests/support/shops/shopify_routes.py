"""The simulated shop over HTTP: the vendor's schema is executed, by cost and by rights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from helpdesk_tui.sync.providers.shopify.documents import DOCUMENTS
from tests.support.providers.contract import contracts
from tests.support.providers.front import Watch
from tests.support.shops.shopify import ShopifyShop
from tests.support.shops.shopify_cost import MOST, Cost, taken
from tests.support.shops.shopify_views import Views

_PATH = "/admin/api/{version}/graphql.json"


class Operation(Route):
    """The one address of the interface, told apart by the name of what is asked for."""

    def __init__(self, operation: str, endpoint: Any) -> None:
        super().__init__(_PATH, endpoint, methods=["POST"], name=operation or "Other")
        self._operation = operation

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request asks for this."""
        match, found = super().matches(scope)
        if match is not Match.FULL or not self._operation:
            return match, found
        asked = _said(scope["sim_body"]).get("operationName")
        return (match, found) if asked == self._operation else (Match.NONE, {})


def routes(shop: ShopifyShop, watch: Watch) -> list[Route]:
    """Return what a shop answers; operations are called as the documents are."""
    answers = Answers(shop, watch)
    named = [Operation(name, answers.asked) for name in DOCUMENTS]
    return [
        *named,
        Operation("", answers.asked),
        Route("/admin/oauth/access_scopes.json", answers.scopes, name="scopes"),
    ]


def needs_schema() -> None:
    """Skip a test where the vendor's schema is not there to be executed."""
    if contracts() is None:
        pytest.skip("HELPDESK_MATERIAL names no folder with contracts")


class Answers:
    """Answers the questions of one shop."""

    def __init__(self, shop: ShopifyShop, watch: Watch) -> None:
        folder = contracts()
        assert folder is not None, "HELPDESK_MATERIAL names no folder with contracts"
        self._path = folder / "shopify_admin.graphql"
        self._shop = shop
        self._watch = watch

    def scopes(self, request: Request) -> Response:
        """List the rights of the token."""
        refused = self._refused(request)
        if refused is not None:
            return refused
        found = [{"handle": each} for each in sorted(self._shop.scopes)]
        return JSONResponse({"access_scopes": found})

    def asked(self, request: Request) -> Response:
        """Answer one question."""
        refused = self._refused(request)
        if refused is not None:
            return refused
        said = _said(request.scope["sim_body"])
        with self._shop.lock:
            self._shop.tick()
            answer = self._answer(said)
        version = {"X-Shopify-API-Version": self._shop.version}
        return JSONResponse(answer, headers=version)

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("X-Shopify-Access-Token") != self._shop.key:
            told = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return JSONResponse({"errors": told}, 401)
        if self._shop.status != 200:
            return JSONResponse({"errors": "Unavailable Shop"}, self._shop.status)
        return None

    def _answer(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        operation = str(said.get("operationName"))
        planned = self._shop.planned.get(operation)
        if planned:
            return planned.pop(0)
        schema = _schema(self._path)
        variables = said.get("variables") or {}
        document, errors = _document(self._path, str(said.get("query")))
        if errors or document is None:
            self._watch.blame(f"{operation}: {errors}")
            return {"errors": [{"message": each} for each in errors]}
        cost = Cost(schema, document, variables).points()
        if cost > MOST:
            self._watch.blame(f"{operation} costs {cost}: Shopify answers none above {MOST}")
            told = f"Query cost is {cost}, which exceeds the single query max cost limit {MOST}."
            return {"errors": [_error(told, "MAX_COST_EXCEEDED")]}
        if not self._shop.spend(operation, cost):
            told_cost = self._cost(cost, None)
            return {"errors": [_error("Throttled", "THROTTLED")], "extensions": told_cost}
        return self._executed(operation, schema, document, variables, cost)

    def _executed(
        self,
        operation: str,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: dict[str, Any],
        cost: float,
    ) -> Mapping[str, Any]:
        result = execute_sync(
            schema,
            document,
            Views(self._shop).root(),
            variable_values=variables,
            operation_name=operation,
        )
        for error in result.errors or ():
            self._judge(operation, error)
        spent = min(cost, taken(result.data))
        self._shop.give_back(cost - spent)
        answer: dict[str, Any] = {"data": result.data, "extensions": self._cost(cost, spent)}
        if result.errors:
            answer["errors"] = [one.formatted for one in result.errors]
        return answer

    def _judge(self, operation: str, error: GraphQLError) -> None:
        """Blame whoever is at fault, unless Shopify would have said the same."""
        if (error.extensions or {}).get("code") != "ACCESS_DENIED":
            self._watch.blame(f"{operation} {error.path}: {error.message}")

    def _cost(self, cost: float, spent: float | None) -> Mapping[str, Any]:
        status = {
            "maximumAvailable": self._shop.maximum,
            "currentlyAvailable": int(self._shop.available),
            "restoreRate": self._shop.restore,
        }
        told = {
            "requestedQueryCost": cost,
            "actualQueryCost": spent,
            "throttleStatus": status,
        }
        return {"cost": told}


def _error(message: str, code: str) -> Mapping[str, Any]:
    return {"message": message, "extensions": {"code": code}}


def _said(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


@cache
def _schema(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text(encoding="utf-8"))


@cache
def _document(path: Path, text: str) -> tuple[DocumentNode | None, tuple[str, ...]]:
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error.message,)
    return document, tuple(each.message for each in validate(_schema(path), document))

"""What a vendor's contract says of one request and its answer."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

_LOCK = threading.Lock()
_OVERLAPPING = {"klaviyo.json": ("send_options",)}
"""Fields of vendors' documents whose alternatives say the same, so that nothing is just one."""


def contracts() -> Path | None:
    """Return the folder of the vendors' contracts, if the material is there."""
    root = os.environ.get("HELPDESK_MATERIAL", "")
    folder = Path(root) / "contracts"
    return folder if root and folder.is_dir() else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the line."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int
    answer_type: str
    answer: bytes


class _Request:
    def __init__(self, told: Exchange, host_url: str) -> None:
        self.body = told.body or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(told.query), header=Headers(told.headers), cookie={}, path={}
        )
        self.host_url = host_url
        self.path = told.path
        self.method = told.method.lower()
        self.content_type = Headers(told.headers).get("content-type", "")


class _Response:
    def __init__(self, told: Exchange) -> None:
        self.data = told.answer
        self.status_code = told.status
        self.content_type = told.answer_type.split(";")[0]
        self.headers = Headers([("content-type", told.answer_type)])


@cache
def _document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    for name in _OVERLAPPING.get(path.name, ()):
        _loosen(found, name)
    return found


def _loosen(node: object, name: str) -> None:
    """Let a field be what any of its alternatives says, where a document demands exactly one."""
    if isinstance(node, dict):
        field = node.get(name)
        if isinstance(field, dict) and "oneOf" in field:
            field["anyOf"] = field.pop("oneOf")
        for below in node.values():
            _loosen(below, name)
    elif isinstance(node, list):
        for below in node:
            _loosen(below, name)


@cache
def _operation(path: Path, template: str) -> OpenAPI:
    """Return a document with one path: those of vendors match several of theirs at once.

    Whether the document itself is well formed is not asked: it would take a second for each path,
    during the first request.
    """
    whole = _document(path)
    part = {**whole, "paths": {template: whole["paths"][template]}}
    return OpenAPI.from_dict(part, config=Config(spec_validator_cls=None))


def faults_of(document: str, template: str, told: Exchange) -> list[str]:
    """Return what an exchange has against a document: nothing where all is well.

    Args:
        document: Name of its file.
        template: Which of its paths this is.
        told: What went over the line; requests that the provider refuses are asked correctly
            all the same, or they are refused for what they say.
    """
    folder = contracts()
    if folder is None:
        return []
    with _LOCK:
        api = _operation(folder / document, template)
    host = _document(folder / document)["servers"][0]["url"]
    request = _Request(told, host)
    found = []
    try:
        api.validate_request(request)
    except OpenAPIError as error:
        sent = told.body[:600]
        found.append(f"request {told.method} {told.path}: {_reasons(error)}; it sent {sent!r}")
    if told.status < 400 and told.answer:
        try:
            api.validate_response(request, _Response(told))
        except OpenAPIError as error:
            found.append(f"our own answer to {told.method} {told.path}: {_reasons(error)}")
    return found


def _reasons(error: BaseException) -> str:
    below = [
        *(getattr(error, "schema_errors", None) or ()),
        *(getattr(error.__cause__, "schema_errors", None) or ()),
    ]
    told = [f"{'/'.join(map(str, one.path))}: {one.message}" for one in below]
    return "; ".join([f"{type(error).__name__}: {error}", *told])[:1500]


@cache
def _webhooks(path: Path) -> Draft202012Validator:
    return Draft202012Validator(_document(path))


def faults_of_webhook(body: Mapping[str, Any]) -> list[str]:
    """Return what a webhook of Meta that we simulate has against our reading of theirs."""
    folder = contracts()
    if folder is None:
        return []
    errors = _webhooks(folder / "meta_webhooks.own.json").iter_errors(body)
    return [f"the simulator's own webhook: {error.message}"[:1500] for error in errors]

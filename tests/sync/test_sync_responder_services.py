"""A language model that stalls, drips or talks nonsense, and the rules of the webhook."""

from __future__ import annotations

import gzip
import json
import time

import httpx
import pytest

from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.prompting import Turn
from helpdesk_tui.sync.responder.endpoint import Endpoint
from helpdesk_tui.sync.responder.hosts import HostError, resolve
from helpdesk_tui.sync.responder.webhook import TRIES, WebhookError, tell
from tests.support.responding import language_model
from tests.support.waiting import AT_ONCE, PATIENCE

_PASSAGE = Passage("faq:a", "Returns", "en", "How do I return it?", "Print the label.")
_GOOD = json.dumps({"answer": "Print the label.", "passages": ["p1"]})


@pytest.fixture
def model():
    with language_model() as model:
        yield model


def _word(model, **more):
    endpoint = Endpoint(model.url, "m", "key")
    return endpoint.word([_PASSAGE], [Turn(True, "how?")], "en", **more)


def _document(text, status=200, kind="application/json"):
    def answer(handler):
        data = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def test_a_stream_is_read_piece_by_piece(model):
    model.says(_GOOD)
    assert _word(model).answer == "Print the label."


def test_a_service_without_streams_is_understood_too(model):
    model.answer = _document(json.dumps({"choices": [{"message": {"content": _GOOD}}]}))
    assert _word(model).answer == "Print the label."


def test_one_that_stalls_is_left_in_time(model):
    def answer(handler):
        model.stream(handler, ": ping\n\n")
        model.leave.wait(PATIENCE)

    model.answer = answer
    began = time.monotonic()
    assert _word(model, limit=0.3) is None
    assert time.monotonic() - began < AT_ONCE


def test_one_that_drips_for_ever_is_left_in_time(model):
    def answer(handler):
        model.stream(handler)
        while not model.leave.wait(0.05):
            handler.wfile.write(b": drip\n\n")
            handler.wfile.flush()

    model.answer = answer
    began = time.monotonic()
    assert _word(model, limit=0.4) is None
    assert time.monotonic() - began < AT_ONCE


def _events(*values):
    return lambda model: (
        lambda handler: model.stream(handler, *(f"data: {value}\n\n" for value in values))
    )


@pytest.mark.parametrize(
    "said",
    [
        _events("not json"),
        _events("[" * 5000),
        _events('{"error": "x"}'),
        _events('{"choices": [5]}'),
        _events('{"choices": [{"delta": {"content": 5}}]}'),
        _events('{"choices": [{"delta": {"tool_calls": [{"id": "x"}]}}]}'),
        _events('{"choices": [{"delta": {"content": null}}]}'),
        _events(json.dumps({"choices": [{"delta": {"content": "x" * 30_000}}]}), "[DONE]"),
        _events("x" * 300_000),
        lambda model: _document("nope"),
        lambda model: _document("{}", status=500),
        lambda model: _document(_GOOD, status=302),
        lambda model: lambda handler: handler.wfile.write(b"\x00\xff garbage\r\n\r\n"),
    ],
)
def test_nonsense_is_no_answer(model, said):
    model.answer = said(model)
    assert _word(model) is None


def test_what_is_packed_is_not_unpacked(model):
    good = json.dumps({"choices": [{"message": {"content": _GOOD}}]})
    packed = gzip.compress(good.encode())

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(packed)))
        handler.end_headers()
        handler.wfile.write(packed)

    model.answer = answer
    assert _word(model) is None


def test_a_service_that_is_not_there_is_no_answer(model):
    assert Endpoint("http://127.0.0.1:9/v1", "m").word([_PASSAGE], [], "en") is None
    assert Endpoint("http://[broken/v1", "m").word([_PASSAGE], [], "en") is None


def test_the_key_is_never_shown():
    assert "s3cret" not in repr(Endpoint("https://x.example", "m", "s3cret"))


# webhook -------------------------------------------------------------------------------------


def _tell(answers, url="https://desk.example/hook?x=1", found=("93.184.216.34",)):
    asked, waited = [], []

    def wait(seconds):
        waited.append(seconds)
        return False

    def handle(request):
        asked.append(request)
        return httpx.Response(answers[min(len(asked), len(answers)) - 1])

    tell(
        url, "s3cret", {"a": "ż"}, key="c-1", wait=wait,
        resolve=lambda host, port: list(found), transport=httpx.MockTransport(handle),
    )  # fmt: skip
    return asked, waited


def test_it_is_told_once_at_the_address_that_was_looked_at():
    (request,), waited = _tell([204])
    assert (request.url.host, request.headers["host"]) == ("93.184.216.34", "desk.example")
    assert request.url.path == "/hook"
    assert request.extensions["sni_hostname"] == "desk.example"
    assert request.headers["authorization"] == "Bearer s3cret"
    assert request.headers["idempotency-key"] == "c-1"
    assert json.loads(request.content) == {"a": "ż"}
    assert waited == []


def test_a_busy_one_is_told_again_with_the_same_key():
    asked, waited = _tell([503, 429, 200])
    assert len(asked) == TRIES
    assert {request.headers["idempotency-key"] for request in asked} == {"c-1"}
    assert len(waited) == TRIES - 1


@pytest.mark.parametrize(
    ("answers", "url", "found", "code"),
    [
        ([503], "https://desk.example/", ("93.184.216.34",), "busy-503"),
        ([302], "https://desk.example/", ("93.184.216.34",), "refused-302"),
        ([401], "https://desk.example/", ("93.184.216.34",), "refused-401"),
        ([200], "http://desk.example/", ("93.184.216.34",), "refused-address"),
        ([200], "https://desk.example/", (), "refused-private-address"),
        ([200], "https://desk.example/", ("x",), "refused-private-address"),
        *(
            ([200], "https://desk.example/", ("93.184.216.34", bad), "refused-private-address")
            for bad in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0",
                        "::ffff:10.0.0.1", "100.64.0.1", "224.0.0.1", "0.0.0.0")
        ),
    ],
)  # fmt: skip
def test_what_must_not_be_told_is_not(answers, url, found, code):
    with pytest.raises(WebhookError) as caught:
        _tell(answers, url, found)
    assert caught.value.code == code


def test_stopping_ends_the_tries():
    tries = []

    def handle(request):
        tries.append(request)
        raise httpx.ConnectError("no")

    with pytest.raises(WebhookError):
        tell("https://desk.example/", "", {}, key="k", wait=lambda seconds: True,
             resolve=lambda host, port: ["93.184.216.34"],
             transport=httpx.MockTransport(handle))  # fmt: skip
    assert len(tries) == 1
    assert "authorization" not in tries[0].headers


def test_names_are_looked_up():
    assert "127.0.0.1" in resolve("127.0.0.1", 443)
    with pytest.raises(HostError):
        resolve("no-such-host.invalid", 443)

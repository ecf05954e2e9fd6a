"""Bodies of webhooks that nobody should send, and those that the vendors show."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.messaging.meta_codes import (
    Meaning,
    code_of,
    error_in,
    meaning_of,
    words_of,
)
from helpdesk_tui.domain.messaging.meta_hooks import hook_news
from helpdesk_tui.domain.messaging.meta_pages import changed_of, message_news, messages_of
from helpdesk_tui.domain.messaging.meta_reading import Unreadable
from helpdesk_tui.domain.messaging.received import Received, StatusNews
from tests.support.material import material

ARRIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)

_WORDS = [
    "object",
    "entry",
    "changes",
    "messaging",
    "value",
    "messages",
    "statuses",
    "contacts",
    "id",
    "from",
    "type",
    "text",
    "body",
    "timestamp",
    "image",
    "errors",
    "code",
    "message",
    "mid",
    "sender",
    "recipient",
    "attachments",
    "payload",
    "url",
    "reaction",
    "system",
    "wa_id",
    "metadata",
    "phone_number_id",
    "data",
    "reply_to",
    "story",
    "is_echo",
    "instagram",
    "whatsapp_business_account",
    "location",
    "interactive",
    "user_changed_number",
    "sticker",
    "unsupported",
    "1780000001",
    "https://x.example/",
    "edit",
    "referral",
]
_leaf = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(_WORDS),
)
_key = st.one_of(st.sampled_from(_WORDS), st.text(max_size=8))
_tree = st.recursive(
    _leaf,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_key, inner, max_size=6)),
    max_leaves=40,
)


def whatsapp_body(value: object) -> dict[str, Any]:
    changes = [{"field": "messages", "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def check(body: object) -> None:
    for each in hook_news(json.dumps(body), ARRIVED):
        assert each.news.at.tzinfo is not None
        if each.raw is not None:
            assert each.raw[0]
            assert json.loads(each.raw[1])
        if isinstance(each.news, Received):
            assert each.news.address
            assert each.news.text or each.news.media or each.news.notices
            f"{each.news}".encode()


@given(_tree)
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_or_refused(tree: object) -> None:
    with suppress(Unreadable):
        check(tree)


@given(st.lists(_tree, max_size=3), st.lists(_tree, max_size=2), st.dictionaries(_key, _tree))
@settings(max_examples=150, deadline=None)
def test_any_change_of_whatsapp_is_read(
    messages: list[object], statuses: list[object], more: dict[str, object]
) -> None:
    said = [each if isinstance(each, dict) else {"x": each} for each in messages]
    valid = [{**each, "from": "4915550001", "id": f"w{at}"} for at, each in enumerate(said)]
    check(whatsapp_body({**more, "messages": [*valid, *messages], "statuses": statuses}))


@given(st.lists(st.dictionaries(_key, _tree, max_size=5), max_size=3))
@settings(max_examples=100, deadline=None)
def test_any_event_of_instagram_is_read(events: list[dict[str, object]]) -> None:
    people = {"sender": {"id": "1"}, "recipient": {"id": "2"}}
    valid = [{**people, "message": {**each, "mid": "m"}} for each in events]
    check({"object": "instagram", "entry": [{"id": "2", "messaging": [*events, *valid]}]})


@given(st.dictionaries(_key, _tree))
@settings(max_examples=100, deadline=None)
def test_any_page_of_the_interface_is_read(page: dict[str, Any]) -> None:
    changed_of(page, ARRIVED)
    for each in messages_of({"messages": {"data": [page, {**page, "id": "m", "from": page}]}}):
        message_news(each, frozenset({"1"}), ARRIVED)


@pytest.mark.parametrize("name", ["whatsapp_own", "whatsapp_vendor", "instagram_own"])
def test_the_examples_of_the_vendors_are_understood(name: str) -> None:
    path = material("contracts") / "payloads" / f"{name}_examples.json"
    bodies = json.loads(path.read_text())
    assert len(bodies) > 10
    silent = set()
    for title, body in bodies.items():
        check(body)
        if not hook_news(json.dumps(body), ARRIVED):
            silent.add(title)
    # news of groups concern no message
    assert {each for each in silent if not each.startswith("Group")} == set()


def test_no_example_that_people_can_read_is_unsupported() -> None:
    path = material("contracts") / "payloads" / "whatsapp_own_examples.json"
    for body in json.loads(path.read_text()).values():
        for each in hook_news(json.dumps(body), ARRIVED):
            if isinstance(each.news, Received):
                assert "unsupported" not in {notice.kind.value for notice in each.news.notices}
            if isinstance(each.news, StatusNews):
                assert each.account == "900800700600"


@pytest.mark.parametrize(
    ("error", "code", "meaning"),
    [
        ({"code": 131047}, "meta.131047", Meaning.REFUSED),
        ({"code": 131056}, "meta.131056", Meaning.PERSON),
        ({"code": 130429}, "meta.130429", Meaning.BUSY),
        ({"code": 190}, "meta.190", Meaning.LOGIN),
        ({"code": 10}, "meta.10", Meaning.LOGIN),
        ({"code": 10, "error_subcode": 2534022}, "meta.outside-window", Meaning.REFUSED),
        ({"code": 551, "error_subcode": 2534014}, "meta.551", Meaning.REFUSED),
        ({"code": 100, "error_subcode": 2018001}, "meta.no-such-person", Meaning.REFUSED),
        ({"code": 100, "error_subcode": 33}, "meta.gone", Meaning.GONE),
        ({"code": 2}, "meta.2", Meaning.TROUBLE),
        ({"code": 5, "is_transient": True}, "meta.5", Meaning.BUSY),
        ({"code": 2534022}, "meta.2534022", Meaning.REFUSED),
        ({"code": "190"}, "meta.unknown", Meaning.REFUSED),
        ({"code": True}, "meta.unknown", Meaning.REFUSED),
        ({}, "meta.unknown", Meaning.REFUSED),
    ],
)
def test_errors_are_told_apart_by_number(
    error: dict[str, Any], code: str, meaning: Meaning
) -> None:
    assert (code_of(error), meaning_of(error)) == (code, meaning)


def test_words_of_an_error_are_cleaned() -> None:
    assert error_in({"error": {"code": 1}}) == {"code": 1}
    assert error_in([]) == {}
    assert words_of({"message": "a\x1b[31mb"}) == "a␛[31mb"
    assert words_of({"message": "m", "error_data": {"details": "d"}}) == "d"

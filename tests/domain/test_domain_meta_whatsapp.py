from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_tui.domain.mail import NoticeKind
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.meta_hooks import Product, Told, hook_news
from helpdesk_tui.domain.messaging.meta_reading import Unreadable
from helpdesk_tui.domain.messaging.received import (
    Echo,
    Medium,
    News,
    Reaction,
    Received,
    StatusNews,
    Unsent,
)

ARRIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = datetime.fromtimestamp(1780000001, UTC)
PERSON = {"profile": {"name": "Ada"}, "wa_id": "4915550001"}
BASE = {"from": "4915550001", "id": "wamid.A", "timestamp": "1780000001"}
DIGEST = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="


def body(value: dict[str, Any], *, number: str = "77", field: str = "messages") -> dict[str, Any]:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, **value}
    change = {"field": field, "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def told(said: object) -> list[Told]:
    return hook_news(json.dumps(said), ARRIVED)


def news_of(message: dict[str, Any]) -> News:
    found = told(body({"contacts": [PERSON], "messages": [{**BASE, **message}]}))
    assert [each.account for each in found] == ["77"]
    return found[0].news


def received(message: dict[str, Any]) -> Received:
    news = news_of(message)
    assert isinstance(news, Received)
    return news


def notices(news: Received) -> list[tuple[NoticeKind, dict[str, str]]]:
    return [(each.kind, dict(each.values)) for each in news.notices]


def test_a_text_is_of_a_number_with_a_plus_and_a_name() -> None:
    assert received({"type": "text", "text": {"body": "Hi\nthere"}}) == Received(
        "wamid.A", AT, "+4915550001", "Hi\nthere", name="Ada"
    )


def test_an_answer_names_the_message_that_it_quotes() -> None:
    said = {"type": "text", "text": {"body": "that one"}, "context": {"from": "1", "id": "wamid.Q"}}
    assert received(said).answers == "wamid.Q"


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document", "sticker"])
def test_a_file_keeps_where_it_is_and_what_it_is_said_to_be(kind: str) -> None:
    said = {"id": "m1", "mime_type": "audio/ogg; codecs=opus", "sha256": DIGEST, "caption": "look"}
    news = received({"type": kind, kind: {**said, "filename": "a/../b.ogg"}})
    assert news.text == "look"
    assert news.media == (
        Medium({"kind": "whatsapp", "id": "m1"}, "audio/ogg", "a/../b.ogg", sha256="ab" * 32),
    )


def test_a_digest_that_is_none_is_left_out() -> None:
    said = {"type": "image", "image": {"id": "m1", "mime_type": "image/png", "sha256": "n/a!"}}
    assert received(said).media[0].sha256 == ""


def test_a_place_and_cards_are_notices() -> None:
    place = {"latitude": 52.5, "longitude": 13, "name": "Depot", "url": "https://x.example"}
    assert notices(received({"type": "location", "location": place})) == [
        (NoticeKind.LOCATION, {"name": "Depot", "latitude": "52.5", "longitude": "13"})
    ]
    cards = [
        {
            "name": {"formatted_name": "Bo B"},
            "phones": [{"phone": "+1 2"}],
            "emails": [{"email": "b@x.example"}],
        },
        {"org": {"company": "Acme"}, "phones": [{"wa_id": "4915550002"}]},
    ]
    assert notices(received({"type": "contacts", "contacts": cards})) == [
        (NoticeKind.CONTACT, {"name": "Bo B", "phone": "+1 2", "email": "b@x.example"}),
        (NoticeKind.CONTACT, {"name": "Acme", "phone": "+4915550002"}),
    ]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "button", "button": {"payload": "P", "text": "Yes"}}, "Yes"),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "list_reply",
                    "list_reply": {"id": "1", "title": "Express", "description": "2 days"},
                },
            },
            "Express\n2 days",
        ),
        (
            {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": {"title": "Cancel"}},
            },
            "Cancel",
        ),
        (
            {
                "type": "order",
                "order": {
                    "text": "pls",
                    "product_items": [
                        {
                            "product_retailer_id": "tea",
                            "quantity": 2,
                            "item_price": 3.5,
                            "currency": "EUR",
                        }
                    ],
                },
            },
            "pls\n2 × tea, 3.5 EUR",
        ),
        (
            {
                "type": "edit",
                "edit": {
                    "original_message_id": "wamid.O",
                    "message": {"type": "text", "text": {"body": "meant this"}},
                },
            },
            "meant this",
        ),
    ],
)
def test_what_was_chosen_is_what_was_said(message: dict[str, Any], text: str) -> None:
    assert received(message).text == text


@pytest.mark.parametrize(
    "message",
    [
        {"type": "hologram", "hologram": {"x": 1}},
        {"type": "text", "text": {"body": ""}},
        {"type": "image", "image": {}},
        {"type": "interactive"},
        {},
        {"type": "edit", "edit": {"message": {"type": "edit"}}},
        {"type": "unsupported", "errors": [{"code": 131051, "title": "Unknown"}]},
    ],
)
def test_what_is_not_known_is_shown_as_such(message: dict[str, Any]) -> None:
    assert [kind for kind, _ in notices(received(message))] == [NoticeKind.UNSUPPORTED]


def test_an_advertisement_stands_beside_the_text() -> None:
    referral = {"source_url": "https://fb.me/x", "headline": "Summer"}
    news = received({"type": "text", "text": {"body": "hi"}, "referral": referral})
    assert notices(news) == [(NoticeKind.SHARED, {"link": "https://fb.me/x", "title": "Summer"})]


def test_a_product_that_is_asked_about_stands_beside_the_text() -> None:
    context = {"referred_product": {"catalog_id": "1", "product_retailer_id": "tea-1"}}
    news = received({"type": "text", "text": {"body": "still there?"}, "context": context})
    assert notices(news) == [(NoticeKind.SHARED, {"title": "tea-1"})]


def test_a_reaction_is_put_to_a_message_and_taken_away() -> None:
    put = {"type": "reaction", "reaction": {"message_id": "wamid.O", "emoji": "👍"}}
    gone = {"type": "reaction", "reaction": {"message_id": "wamid.O"}}
    assert news_of(put) == Reaction("wamid.O", AT, "+4915550001", "👍")
    assert news_of(gone) == Reaction("wamid.O", AT, "+4915550001", "")


def test_a_message_taken_back_is_unsent() -> None:
    said = {"type": "revoke", "revoke": {"original_message_id": "wamid.O"}}
    assert news_of(said) == Unsent("wamid.O", AT)


def test_a_changed_number_names_the_former_one() -> None:
    system = {"type": "user_changed_number", "wa_id": "4915559999", "body": "Ada changed"}
    news = received({"type": "system", "system": system})
    assert (news.address, news.former_address) == ("+4915559999", "+4915550001")
    assert news.text == "Ada changed"


def test_a_person_without_a_number_goes_by_their_id() -> None:
    person = {"user_id": "US.123", "profile": {"name": "Ada"}}
    message = {"id": "wamid.A", "timestamp": "1780000001", "type": "text", "text": {"body": "x"}}
    found = told(body({"contacts": [person], "messages": [message]}))[0].news
    assert isinstance(found, Received)
    assert (found.address, found.handle, found.name) == ("US.123", "", "Ada")


def test_an_id_beside_the_number_is_kept() -> None:
    person = {**PERSON, "user_id": "US.123"}
    message = {**BASE, "type": "text", "text": {"body": "x"}}
    found = told(body({"contacts": [person], "messages": [message]}))[0].news
    assert isinstance(found, Received)
    assert (found.address, found.handle) == ("+4915550001", "US.123")


@pytest.mark.parametrize(
    ("status", "state"),
    [("sent", Delivery.SENT), ("delivered", Delivery.DELIVERED), ("read", Delivery.READ)],
)
def test_a_status_is_news_of_a_message_of_ours(status: str, state: Delivery) -> None:
    said = {"id": "wamid.O", "status": status, "timestamp": "1780000001", "recipient_id": "49"}
    said["biz_opaque_callback_data"] = "41.2"
    found = told(body({"statuses": [said]}))
    assert [each.news for each in found] == [StatusNews("wamid.O", state, AT, reference="41.2")]
    assert found[0].raw is None


def test_a_failure_says_by_number_why() -> None:
    errors = [{"code": 131047, "title": "T", "error_data": {"details": "more than 24 hours"}}]
    said = {"id": "wamid.O", "status": "failed", "timestamp": 1780000001, "errors": errors}
    assert [each.news for each in told(body({"statuses": [said]}))] == [
        StatusNews("wamid.O", Delivery.FAILED, AT, "meta.131047", "more than 24 hours")
    ]


def test_what_the_phones_app_sent_is_an_echo() -> None:
    echo: dict[str, object] = {
        "from": "77",
        "to": "4915550001",
        "id": "wamid.E",
        "timestamp": "1780000001",
    }
    echo |= {"type": "text", "text": {"body": "from the shop's phone"}}
    said = body({"message_echoes": [echo]}, field="smb_message_echoes")
    assert [each.news for each in told(said)] == [
        Echo("wamid.E", AT, "+4915550001", "from the shop's phone")
    ]


def test_what_the_phones_app_took_back_is_unsent_and_an_echo_of_nothing_is_none() -> None:
    echo: dict[str, object] = {"to": "4915550001", "id": "wamid.E", "timestamp": "1780000001"}
    gone = {**echo, "type": "revoke", "revoke": {"original_message_id": "wamid.O"}}
    said = body({"message_echoes": [gone, {**echo, "id": ""}, {**echo, "to": ""}]})
    assert [each.news for each in told(said)] == [Unsent("wamid.O", AT)]


def test_one_body_holds_entries_changes_and_messages_of_many_numbers() -> None:
    first, second = (
        body({"messages": [{**BASE, "type": "text", "text": {"body": "b"}}]}),
        body(
            {
                "messages": [
                    {
                        **BASE,
                        "id": "wamid.0",
                        "timestamp": "1770000000",
                        "type": "text",
                        "text": {"body": "a"},
                    },
                    {
                        **BASE,
                        "id": "wamid.Z",
                        "timestamp": "1790000000",
                        "type": "text",
                        "text": {"body": "c"},
                    },
                ]
            },
            number="88",
        ),
    )
    first["entry"][0]["changes"].append({"field": "account_update", "value": {"event": "X"}})
    first["entry"].append(second["entry"][0])
    found = told(first)
    assert [(each.product, each.account) for each in found] == [
        (Product.WHATSAPP, "88"),
        (Product.WHATSAPP, "77"),
        (Product.WHATSAPP, "88"),
    ]
    texts = [each.news.text for each in found if isinstance(each.news, Received)]
    assert texts == ["a", "b", "c"]


def test_the_json_of_a_message_is_kept_by_its_id() -> None:
    message = {**BASE, "type": "text", "text": {"body": "\ud83d"}}
    found = told(body({"messages": [message]}))[0]
    assert found.raw is not None
    assert found.raw[0] == "wamid.A"
    assert json.loads(found.raw[1]) == message
    assert isinstance(found.news, Received)
    found.news.text.encode()


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", 0, -5, True, [], 1e400, "9" * 400, "2026-05-28", 10**17, "²"],
)
def test_a_time_that_is_none_is_when_it_came(value: object) -> None:
    assert news_of({"timestamp": value, "type": "text", "text": {"body": "x"}}).at == ARRIVED


@pytest.mark.parametrize(
    "value",
    [
        1780000001,
        "1780000001",
        1780000001000,
        "1780000001000",
        1780000001.7,
        1780000001000000,
        "2026-05-28T20:26:41+0000",
        "2026-05-28T22:26:41+02:00",
    ],
)
def test_times_are_read_however_they_are_written(value: object) -> None:
    assert news_of({"timestamp": value, "type": "text", "text": {"body": "x"}}).at == AT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nope",
        '"x"',
        "{}",
        '{"object":"user"}',
        "[" * 100_000,
        '{"a":' * 50_000,
        "1" * 9000,
    ],
)
def test_what_is_no_webhook_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="unreadable"):
        hook_news(text, ARRIVED)

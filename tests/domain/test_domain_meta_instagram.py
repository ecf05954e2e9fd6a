from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messaging.meta_hooks import Told, hook_news
from helpdesk_tui.domain.messaging.meta_pages import (
    after_of,
    changed_of,
    customer_of,
    has_content,
    message_news,
    messages_of,
)
from helpdesk_tui.domain.messaging.received import (
    Echo,
    Medium,
    News,
    Reaction,
    ReadUpTo,
    Received,
    Unsent,
)

ARRIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = datetime.fromtimestamp(1780000001, UTC)
OURS, ADA = "1784", "9900"
PICTURE = "https://cdn.example/1.jpg"


def event(*, sender: str = ADA, **said: Any) -> dict[str, Any]:
    recipient = OURS if sender == ADA else ADA
    people = {"sender": {"id": sender}, "recipient": {"id": recipient}}
    return {**people, "timestamp": 1780000001000, **said}


def entry(*events: dict[str, Any], place: str = "messaging") -> dict[str, Any]:
    return {"object": "instagram", "entry": [{"id": OURS, "time": 1, place: list(events)}]}


def told(said: object) -> list[Told]:
    return hook_news(json.dumps(said), ARRIVED)


def news_of(*, sender: str = ADA, **said: Any) -> News:
    found = told(entry(event(sender=sender, **said)))
    assert [each.account for each in found] == [OURS]
    return found[0].news


def message(**said: Any) -> Received:
    news = news_of(message={"mid": "m.1", **said})
    assert isinstance(news, Received)
    return news


def test_a_text_is_of_the_person_and_the_account() -> None:
    assert message(text="to Norway?") == Received("m.1", AT, ADA, "to Norway?")


@pytest.mark.parametrize("stamp", [1780000001, "1780000001000", "1780000001"])
def test_times_are_read_however_they_are_written(stamp: object) -> None:
    assert news_of(message={"mid": "m.1", "text": "x"}, timestamp=stamp).at == AT


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
def test_files_are_fetched_from_their_address(kind: str) -> None:
    attachments = [{"type": kind, "payload": {"url": PICTURE}}] * 2
    source = {"kind": f"instagram-{kind}", "url": PICTURE}
    assert message(attachments=attachments).media == (Medium(source), Medium(source))


def test_a_story_reply_shows_the_story() -> None:
    news = message(text="love it", reply_to={"story": {"id": "s1", "url": PICTURE}})
    assert news.text == "love it"
    values = (("what", "reply"), ("link", PICTURE), ("id", "s1"))
    assert news.notices == (Notice(NoticeKind.STORY, values),)
    assert news.media == (Medium({"kind": "instagram-story", "url": PICTURE}),)


def test_a_story_mention_shows_the_story_and_is_no_reply() -> None:
    news = message(attachments=[{"type": "story_mention", "payload": {"url": PICTURE}}])
    assert news.notices == (Notice(NoticeKind.STORY, (("what", "mention"), ("link", PICTURE))),)
    assert len(news.media) == 1


@pytest.mark.parametrize("kind", ["share", "ig_reel", "reel", "ig_post", "fallback"])
def test_a_shared_post_is_a_card(kind: str) -> None:
    news = message(attachments=[{"type": kind, "payload": {"url": PICTURE, "title": "Tea"}}])
    assert news.notices == (Notice(NoticeKind.SHARED, (("link", PICTURE), ("title", "Tea"))),)
    assert news.media == ()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"is_unsupported": True},
        {"attachments": [{"type": "hologram", "payload": {"url": PICTURE}}]},
        {"attachments": [{"type": "image", "payload": {"url": "javascript:x"}}]},
        {"attachments": [{}]},
    ],
)
def test_what_cannot_be_shown_says_so(said: dict[str, Any]) -> None:
    assert [each.kind for each in message(**said).notices] == [NoticeKind.UNSUPPORTED]


def test_an_advertisement_stands_beside_the_text() -> None:
    referral = {"source_url": PICTURE, "ads_context_data": {"ad_title": "Summer"}}
    news = message(text="how much?", referral={**referral, "product": {"id": "tea-1"}})
    assert news.notices == (
        Notice(NoticeKind.SHARED, (("link", PICTURE), ("title", "Summer"))),
        Notice(NoticeKind.SHARED, (("title", "tea-1"),)),
    )


def test_a_heart_is_a_text() -> None:
    assert message(attachments=[{"type": "like_heart"}]).text == "❤"


def test_an_answer_names_what_it_answers() -> None:
    assert message(text="this", reply_to={"mid": "m.0"}).answers == "m.0"


@pytest.mark.parametrize("is_said", [True, False])
def test_what_our_side_wrote_is_an_echo_to_the_customer(is_said: bool) -> None:
    said: dict[str, Any] = {"mid": "m.1", "text": "on it"}
    if is_said:
        said["is_echo"] = True
    assert news_of(sender=OURS, message=said) == Echo("m.1", AT, ADA, "on it")


def test_a_message_taken_back_is_unsent() -> None:
    assert news_of(message={"mid": "m.1", "is_deleted": True}) == Unsent("m.1", AT)


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ({"action": "react", "emoji": "🔥"}, "🔥"),
        ({"action": "react", "reaction": "wow"}, "😮"),
        ({"action": "react", "reaction": "other"}, "❤"),
        ({"action": "unreact", "emoji": "🔥"}, ""),
    ],
)
def test_a_reaction_is_put_and_taken_away(said: dict[str, Any], sign: str) -> None:
    assert news_of(reaction={"mid": "m.0", **said}) == Reaction("m.0", AT, ADA, sign)
    ours = news_of(sender=OURS, reaction={"mid": "m.0", **said})
    assert ours == Reaction("m.0", AT, ADA, sign, is_ours=True)


def test_seen_is_read_up_to_there() -> None:
    assert news_of(read={"mid": "m.0"}) == ReadUpTo(ADA, AT, "m.0")
    assert told(entry(event(sender=OURS, read={"mid": "m.0"}))) == []


def test_a_button_is_what_it_says() -> None:
    assert news_of(postback={"mid": "m.2", "title": "Track"}) == Received("m.2", AT, ADA, "Track")


def test_an_edited_message_is_one_of_its_own() -> None:
    said = {"mid": "m.1", "text": "meant this", "num_edit": 2}
    assert news_of(message_edit=said) == Received("m.1#2", AT, ADA, "meant this", answers="m.1")
    assert news_of(sender=OURS, message_edit=said) == Echo("m.1#2", AT, ADA, "meant this")


def test_events_of_another_apps_turn_and_of_changes_count_too() -> None:
    said = event(message={"mid": "m.1", "text": "x"})
    assert told(entry(said, place="standby")) == told(entry(said))
    change = {"field": "messages", "value": said}
    other = {"field": "comments", "value": {"text": "nice"}}
    assert told(entry(other, change, place="changes")) == told(entry(said))


@pytest.mark.parametrize("said", [{}, {"optin": {}}, {"message": {"text": "no id"}}, {"read": 1}])
def test_what_concerns_no_message_is_passed_over(said: dict[str, Any]) -> None:
    assert told(entry(event(**said))) == []


PAGE: dict[str, Any] = {
    "id": "c1",
    "participants": {"data": [{"id": OURS, "username": "shop"}, {"id": ADA, "username": "ada"}]},
    "messages": {
        "data": [
            {
                "id": "m.2",
                "created_time": "2026-05-28T20:26:41+0000",
                "from": {"id": OURS, "username": "shop"},
                "to": {"data": [{"id": ADA, "username": "ada"}]},
                "message": "on it",
            },
            {
                "id": "m.1",
                "created_time": "2026-05-28T20:26:41+0000",
                "from": {"id": ADA, "username": "ada"},
                "to": {"data": [{"id": OURS}]},
                "message": "",
                "story": {"mention": {"id": "s", "link": PICTURE}},
                "shares": {"data": [{"link": "https://insta.example/p"}]},
                "attachments": {
                    "data": [
                        {"image_data": {"url": PICTURE}},
                        {"file_url": PICTURE, "name": "a.pdf", "mime_type": "application/PDF"},
                        {},
                    ]
                },
                "reactions": {
                    "data": [
                        {"reaction": "🔥", "users": [{"id": ADA}]},
                        {"reaction": "love", "users": [{"username": "shop"}]},
                    ]
                },
            },
        ]
    },
}


def test_a_page_of_the_interface_says_the_same_as_webhooks() -> None:
    ours = frozenset({OURS, "shop"})
    newest, oldest = messages_of(PAGE)
    assert customer_of(PAGE, OURS) == ADA
    assert message_news(newest, ours, ARRIVED) == [Echo("m.2", AT, ADA, "on it", handle="ada")]
    found, sign, ours_sign = message_news(oldest, ours, ARRIVED)
    assert isinstance(found, Received)
    assert (found.address, found.handle, found.at) == (ADA, "ada", AT)
    assert [each.kind for each in found.notices] == [NoticeKind.STORY, NoticeKind.SHARED]
    assert [(each.source["kind"], each.name, each.content_type) for each in found.media] == [
        ("instagram-story", "", ""),
        ("instagram-image", "", ""),
        ("instagram-file", "a.pdf", "application/pdf"),
    ]
    assert sign == Reaction("m.1", AT, ADA, "🔥")
    assert ours_sign == Reaction("m.1", AT, ADA, "❤", is_ours=True)


def test_a_message_without_words_is_known_as_such() -> None:
    assert not has_content({"id": "m.1", "created_time": "2026-05-28T20:26:41+0000"})
    assert has_content(messages_of(PAGE)[0])
    assert message_news({"id": "m.1"}, frozenset(), ARRIVED) == []
    assert message_news({"id": "m.1", "from": {"id": OURS}}, frozenset({OURS}), ARRIVED) == []


def test_an_empty_message_of_the_interface_cannot_be_shown() -> None:
    (news,) = message_news({"id": "m", "from": {"id": ADA}}, frozenset(), ARRIVED)
    assert isinstance(news, Received)
    assert [each.kind for each in news.notices] == [NoticeKind.UNSUPPORTED]
    assert news.at == ARRIVED


def test_the_list_of_conversations_is_walked_by_cursor() -> None:
    page: dict[str, Any] = {
        "data": [{"id": "c1", "updated_time": "2026-05-28T20:26:41+0000"}, {"updated_time": 1}],
        "paging": {"cursors": {"after": "QV"}, "next": "https://x.example/?access_token=t"},
    }
    assert [(each.id, each.updated_at) for each in changed_of(page, ARRIVED)] == [("c1", AT)]
    assert after_of(page) == "QV"
    del page["paging"]["next"]
    assert after_of(page) == ""

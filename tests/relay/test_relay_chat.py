from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from helpdesk_tui.domain.webchat.wire import EventKind, WireFile
from tests.support.relay import Running, running_relay
from tests.support.relay_talk import Box, Listener, listening, say

PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.fixture
def visitor(relay: Running, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    with relay.visitor(sub=request.node.name, name="Zofia") as client:
        yield client


@pytest.fixture
def box(relay: Running) -> Iterator[Box]:
    with relay.box() as client:
        found = Box(client)
        found.catch_up()
        found.events.clear()
        yield found


@pytest.fixture
def chat(visitor: httpx.Client, box: Box) -> str:
    """A running conversation of one message that the box knows."""
    found = str(say(visitor, "first", "is it waterproof?")["conversation"])
    box.catch_up()
    return found


def test_a_whole_conversation_reaches_both_ends_in_order(visitor: httpx.Client, box: Box) -> None:
    with listening(visitor) as browser:
        accepted = say(
            visitor, "c1", "is it waterproof? ☂", language="pl", timezone="Europe/Warsaw",
            page="https://shop.example/jacket", faq="returns",
        )  # fmt: skip
        chat = accepted["conversation"]
        started, message = box.catch_up()
        assert (started.kind, started.conversation) == (EventKind.STARTED, chat)
        assert started.visitor is not None
        assert started.visitor.email == "zofia@customer.example"
        assert (started.language, started.timezone) == ("pl", "Europe/Warsaw")
        assert started.page == "https://shop.example/jacket"
        assert (message.text, message.client_id) == ("is it waterproof? ☂", "c1")
        assert (message.seq, message.faq) == (accepted["seq"], "returns")

        box.tell("typing", {"conversation": chat, "name": "Ana", "typing": True})
        assert browser.wait_for("typing") == {"name": "Ana", "typing": True}
        box.tell("seen", {"conversation": chat, "client_id": "c1"})
        assert browser.wait_for("seen")["client_id"] == "c1"
        answer = box.reply(chat, "<1@box>", "it is")
        assert browser.wait_for("message", 2)["text"] == "it is"
        seq = answer.json()["seq"]
        for what in ("received", "seen"):
            assert visitor.post(f"/v1/chat/{what}", json={"seq": seq}).status_code == 204
        assert [(each.kind, each.message) for each in box.catch_up()] == [
            (EventKind.SEEN, "<1@box>")
        ]
        assert box.end(chat).status_code == 204
        assert browser.wait_for("ended")["by"] == "agent"
        assert [each for each in browser.names() if each != "typing"] == [
            "started", "message", "seen", "message", "ended",
        ]  # fmt: skip
    numbers = [seq for seq, _, _ in browser.kept]
    assert numbers == sorted(set(numbers))
    read = visitor.get("/v1/chat").json()
    assert [each["text"] for each in read["messages"]] == ["is it waterproof? ☂", "it is"]
    assert read["messages"][0]["state"] == "seen"
    assert (read["conversation"]["ended"], read["closed"]["by"]) == (True, "agent")


def test_the_same_message_twice_is_one_message(visitor: httpx.Client, box: Box, chat: str) -> None:
    assert say(visitor, "again", "one") == say(visitor, "again", "other")
    assert [each.text for each in box.catch_up()] == ["one"]
    first, second = (box.reply(chat, "<same@box>").json() for _ in range(2))
    assert (first["repeated"], second) == (False, {**first, "repeated": True})
    box.end(chat)
    # repeated after the end: the answer is the same, and no new conversation begins
    assert say(visitor, "again")["conversation"] == chat
    assert box.reply(chat, "<same@box>").json()["repeated"] is True


def test_other_tabs_see_the_start_and_the_visitors_own_messages(
    relay: Running, visitor: httpx.Client, box: Box
) -> None:
    with relay.visitor(sub="two-tabs") as phone, relay.visitor(sub="two-tabs") as laptop:
        with listening(phone) as one, listening(laptop) as other:
            chat = say(phone, "p1", "from the phone")["conversation"]
            assert other.wait_for("started") == {"conversation": chat}
            other.wait_for("message")
            assert say(laptop, "l1", "from the laptop")["conversation"] == chat
            one.wait_for("message", 2)
            other.wait_for("message", 2)
        assert one.texts == other.texts == ["from the phone", "from the laptop"]
    box.catch_up()
    assert len(box.of(EventKind.STARTED)) == 1


def test_a_message_after_the_end_begins_a_new_conversation(
    visitor: httpx.Client, box: Box, chat: str
) -> None:
    assert visitor.post("/v1/chat/end").status_code == 204
    assert [each.kind for each in box.catch_up()] == [EventKind.ENDED]
    assert box.reply(chat, "<late@box>").json() == {"error": "conversation.ended"}
    later = say(visitor, "second")["conversation"]
    assert later != chat
    assert [each.kind for each in box.catch_up()] == [EventKind.STARTED, EventKind.MESSAGE]
    with listening(visitor) as fresh:
        fresh.wait_for("message")
    assert [data["conversation"] for _, _, data in fresh.kept] == [later, later]


def test_the_box_ends_nothing_that_it_has_not_read(
    visitor: httpx.Client, box: Box, chat: str
) -> None:
    say(visitor, "crossed", "wait!")
    refused = box.end(chat)
    assert (refused.status_code, refused.json()) == (409, {"error": "conversation.pending"})
    box.catch_up()
    visitor.post("/v1/chat/person")
    assert box.end(chat, by="responder").status_code == 409
    assert [each.kind for each in box.catch_up()] == [EventKind.PERSON]
    assert box.end(chat, by="responder").status_code == 204
    assert box.end(chat).status_code == 204
    assert visitor.get("/v1/chat").json()["closed"]["by"] == "responder"


def test_receipts_come_once_and_only_forward(visitor: httpx.Client, box: Box, chat: str) -> None:
    numbers = [box.reply(chat, f"<r{each}@box>").json()["seq"] for each in range(4)]
    for seq in (numbers[0], numbers[2], numbers[1], numbers[2]):
        visitor.post("/v1/chat/received", json={"seq": seq})
    # what the box has not fetched yet is said once, as it is now
    assert [(each.kind, each.message) for each in box.catch_up()] == [
        (EventKind.DELIVERED, "<r2@box>")
    ]
    visitor.post("/v1/chat/seen", json={"seq": numbers[3] + 1_000})
    visitor.post("/v1/chat/received", json={"seq": numbers[3]})
    visitor.post("/v1/chat/seen", json={"seq": numbers[0]})
    assert [(each.kind, each.message) for each in box.catch_up()] == [(EventKind.SEEN, "<r3@box>")]


def test_an_anonymous_visitor_reads_and_votes_but_does_not_write(relay: Running, box: Box) -> None:
    with relay.browser() as nobody:
        opened = nobody.post("/v1/sites/shop/session", json={}).json()
        assert opened["visitor"] is opened["conversation"] is None
        nobody.headers["Authorization"] = f"Bearer {opened['session']}"
        for path, body in (
            ("messages", {"client_id": "x", "text": "hi"}), ("typing", {"typing": True}),
            ("person", {}), ("end", {}), ("seen", {"seq": 1}),
        ):  # fmt: skip
            refused = nobody.post(f"/v1/chat/{path}", json=body)
            assert (refused.status_code, refused.json()["error"]) == (401, "login.needed")
        assert nobody.post("/v1/chat/files", content=PNG).status_code == 401
        assert nobody.get("/v1/chat").json()["conversation"] is None
        vote = {"helpful": True, "language": "en"}
        assert nobody.post("/v1/sites/shop/faq/returns/vote", json=vote).status_code == 204
        assert nobody.post("/v1/sites/shop/faq/nothing/vote", json=vote).status_code == 404
    (event,) = box.catch_up()
    assert (event.kind, event.faq, event.helpful) == (EventKind.VOTE, "returns", True)


@pytest.mark.parametrize("shown", ["", "Bearer", f"Bearer {'x' * 43}", "Bearer ę", "Basic eDp4"])
def test_without_a_session_nothing_is_said(relay: Running, shown: str) -> None:
    with relay.browser() as browser:
        headers = {b"Authorization": shown.encode()}
        for path in ("/v1/chat", "/v1/stream", "/v1/poll", "/v1/chat/files/abc"):
            answer = browser.get(path, headers=headers)
            assert (answer.status_code, answer.json()) == (401, {"error": "session.unknown"})


def test_a_foreign_session_sees_nothing_of_a_conversation(
    relay: Running, visitor: httpx.Client, box: Box, chat: str
) -> None:
    mine = visitor.post("/v1/chat/files", content=PNG, headers={"X-File-Name": "a.png"}).json()
    ours = _put(box, b"our answer")
    box.reply(chat, "<file@box>", files=[ours])
    with relay.visitor(sub="somebody-else") as other, listening(other) as listener:
        for asked in (mine["id"], ours.sha256, chat):
            assert other.get(f"/v1/chat/files/{asked}").status_code == 404
        stolen = {"client_id": "s", "text": "", "files": [mine["id"]]}
        assert other.post("/v1/chat/messages", json=stolen).status_code == 400
        assert other.get("/v1/chat").json()["conversation"] is None
        other.post("/v1/chat/end")
        say(visitor, "private", "only mine")
        assert other.get("/v1/poll?after=0&wait=0").json() == {"events": []}
    assert listener.told == []
    assert visitor.get("/v1/chat").json()["conversation"]["ended"] is False


def test_files_go_both_ways_and_only_as_downloads(
    visitor: httpx.Client, box: Box, chat: str
) -> None:
    up = visitor.post(
        "/v1/chat/files", content=PNG, headers={"X-File-Name": "..%2Fzdj%C4%99cie%0A.png"}
    )
    assert up.status_code == 201
    file = up.json()
    assert (file["content_type"], file["size"]) == ("image/png", len(PNG))
    assert "/" not in file["name"]
    assert file["name"].startswith("zdjęcie")
    say(visitor, "with-file", "", files=[file["id"]])
    (event,) = box.catch_up()
    assert event.files[0].sha256 == hashlib.sha256(PNG).hexdigest()
    fetched = box.client.get(f"/box/v1/files/{event.files[0].id}?site=shop")
    assert fetched.content == PNG
    assert box.client.get(f"/box/v1/files/{event.files[0].id}?site=other").status_code == 404

    ours = WireFile("", "manual.pdf", "application/pdf", 5, hashlib.sha256(b"%PDF-").hexdigest())
    refused = box.reply(chat, "<f@box>", files=[ours])
    assert refused.json() == {"error": "file.missing", "files": [ours.sha256]}
    wrong = box.client.put(f"/box/v1/files/{ours.sha256}?site=shop", content=b"other")
    assert wrong.status_code == 400
    _put(box, b"%PDF-")
    _put(box, b"%PDF-")
    assert box.reply(chat, "<f@box>", files=[ours]).status_code == 200
    shown = visitor.get("/v1/chat").json()["messages"][-1]["files"][0]
    download = visitor.get(f"/v1/chat/files/{shown['id']}")
    assert download.content == b"%PDF-"
    assert download.headers["content-disposition"].startswith("attachment")
    assert download.headers["x-content-type-options"] == "nosniff"


def test_nobody_fills_the_disk_with_files_of_no_message(relay: Running) -> None:
    with relay.visitor(sub="many-files") as visitor:
        answers = [visitor.post("/v1/chat/files", content=b"x") for _ in range(21)]
        assert [each.status_code for each in answers] == [201] * 20 + [429]
        assert answers[-1].headers["retry-after"] == "600"
        say(visitor, "f", files=[each.json()["id"] for each in answers[:5]])
        assert visitor.post("/v1/chat/files", content=b"x").status_code == 201


def test_an_upload_is_in_one_message_only(visitor: httpx.Client, chat: str) -> None:
    used = [visitor.post("/v1/chat/files", content=b"text").json()["id"]]
    say(visitor, "u1", files=used)
    again = visitor.post("/v1/chat/messages", json={"client_id": "u2", "text": "x", "files": used})
    assert again.status_code == 400
    assert len(visitor.get("/v1/chat").json()["messages"]) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"client_id": "a", "text": "x" * 4_001}, 413, "too.large"),
        ({"client_id": "a", "text": "x", "files": ["f"] * 6}, 413, "too.large"),
        ({"client_id": "a", "text": "  \n"}, 400, "request.unreadable"),
        ({"client_id": "a b", "text": "x"}, 400, "request.unreadable"),
        ({"client_id": "a", "text": 7}, 400, "request.unreadable"),
        ({"text": "x"}, 400, "request.unreadable"),
        ({"client_id": "a", "text": "x", "files": "f"}, 400, "request.unreadable"),
        ({"client_id": "a", "text": "x", "files": [1]}, 400, "request.unreadable"),
    ],
)
def test_what_is_no_message_is_refused_by_a_code(
    visitor: httpx.Client, body: dict[str, object], status: int, code: str
) -> None:
    answer = visitor.post("/v1/chat/messages", json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_what_the_box_may_not_do_is_refused_by_a_code(relay: Running, box: Box, chat: str) -> None:
    assert box.reply("nothing", "<x@box>").json() == {"error": "conversation.unknown"}
    assert Box(box.client, "other").reply(chat, "<x@box>").status_code == 404
    assert box.end(chat, by="visitor").status_code == 400
    assert box.end("nothing").status_code == 404
    with relay.box() as stranger:
        stranger.headers["Authorization"] = "Bearer wrong"
        refused = stranger.get("/box/v1/events?site=shop")
        assert (refused.status_code, refused.json()) == (401, {"error": "token.wrong"})
        assert refused.headers["X-Relay-Version"] == "1"
        assert stranger.get("/box/v1/nothing").json() == {"error": "not.found"}


def _put(box: Box, data: bytes) -> WireFile:
    sha256 = hashlib.sha256(data).hexdigest()
    answer = box.client.put(f"/box/v1/files/{sha256}?site=shop", content=data)
    assert answer.status_code == 204, answer.text
    return WireFile(sha256, "ours.bin", "application/octet-stream", len(data), sha256)


def test_a_poll_tells_the_same_as_a_stream(visitor: httpx.Client, box: Box, chat: str) -> None:
    box.reply(chat, "<p1@box>", "one")
    box.reply(chat, "<p2@box>", "two")
    with listening(visitor) as stream:
        stream.wait_for("message", 3)
    polled = visitor.get("/v1/poll?after=0&wait=0").json()["events"]
    assert [(each["id"], each["event"], each["data"]) for each in polled] == stream.kept
    assert visitor.get(f"/v1/poll?after={polled[-1]['id']}&wait=0").json() == {"events": []}
    resumed = Listener(visitor, polled[-2]["id"], last_id=True)
    resumed.wait_for("message")
    resumed.cut()
    assert resumed.texts == ["two"]

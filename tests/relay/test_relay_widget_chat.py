"""Chatting in the widget: both ways, with pictures, over several tabs and a broken line."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from helpdesk_tui.domain.webchat.wire import Author, EventKind, Visitor
from helpdesk_tui.relay.identity import signed_text
from tests.support.relay import IDENTITY_KEY
from tests.support.widget import Desk, given, until

_LINES = "helpdesk-chat .log .row .bubble"


def _picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (320, 200), (40, 120, 90)).save(kept, "PNG")
    return kept.getvalue()


def _lines(page: Page) -> list[str]:
    return page.locator(_LINES).all_inner_texts()[1:]


def test_messages_go_both_ways_in_order(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "one", "two", "three")
    chat = box.conversation()
    heard = box.wait_for(EventKind.MESSAGE, 3)
    assert [each.text for each in heard] == ["one", "two", "three"]
    started = box.wait_for(EventKind.STARTED)[0]
    assert (started.language, started.timezone) == ("en", "Europe/Warsaw")
    assert started.page.startswith(desk.pages.origin)
    for number in range(4):
        box.say(chat, f"answer {number}")
    expect(page.get_by_text("answer 3")).to_be_visible()
    assert _lines(page) == ["one", "two", "three", *(f"answer {each}" for each in range(4))]
    expect(page.locator(".who bdi").last).to_have_text("Maja")


def test_automatic_and_ai_messages_are_marked(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    chat = box.conversation()
    box.say(chat, "we are away", author=Author.AUTO, name="")
    expect(page.locator(".row", has_text="we are away").locator(".mark")).to_have_text("automatic")
    box.say(chat, "try the FAQ", author=Author.AI, name="Ada")
    expect(page.locator(".row", has_text="try the FAQ").locator(".mark")).to_have_text(
        "AI assistant"
    )


def test_person_can_be_asked_for_while_a_responder_answers(desk: Desk) -> None:
    site = desk.publish(has_responder=True)
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    chat = box.conversation()
    ask = page.get_by_role("button", name="Talk to a person")
    expect(ask).to_be_hidden()
    box.say(chat, "try the FAQ", author=Author.AI, name="Ada")
    ask.click()
    assert box.wait_for(EventKind.PERSON)[0].conversation == box.conversation()
    expect(page.get_by_text("We have asked a colleague")).to_be_visible()
    expect(page.get_by_role("button", name="Talk to a person")).to_be_hidden()


def test_badge_and_teaser_tell_of_messages_until_they_are_seen(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    chat = box.conversation()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    box.say(chat, "first")
    box.say(chat, "second")
    expect(page.locator(".badge")).to_have_text("2")
    expect(page.locator(".launcher")).to_have_attribute(
        "aria-label", "Open chat – 2 unread messages"
    )
    expect(page.locator(".teaser-text")).to_have_text("second")
    box.wait_for(EventKind.DELIVERED)
    assert not [each for each in box.events() if each.kind is EventKind.SEEN]
    page.locator(".launcher").click()
    until(
        lambda: [each.message for each in box.events() if each.kind is EventKind.SEEN],
        lambda seen: seen[-1:] == ["message-2"],
    )
    page.keyboard.press("Escape")
    expect(page.locator(".badge")).to_be_hidden()


def test_nothing_is_seen_on_a_tab_that_nobody_looks_at(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    chat = box.conversation()
    page.evaluate(_TURN, "hidden")
    box.say(chat, "are you there?")
    box.wait_for(EventKind.DELIVERED)
    page.wait_for_timeout(100)
    assert not [each for each in box.events() if each.kind is EventKind.SEEN]
    page.evaluate(_TURN, "visible")
    assert box.wait_for(EventKind.SEEN)[0].message == "message-1"


_TURN = """(state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_own_messages_show_sent_and_seen(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    expect(page.locator(".us .state")).to_have_text("Sent")
    heard = box.wait_for(EventKind.MESSAGE)[0]
    box.post("seen", {"conversation": heard.conversation, "client_id": heard.client_id})
    expect(page.locator(".us .state")).to_have_text("Seen")


def test_typing_is_shown_at_both_ends(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    chat = box.conversation()
    page.locator("textarea").press_sequentially("and another thing")
    until(box.live, lambda live: live.get(chat, {}).get("typing") is True)
    page.locator("textarea").fill("")
    until(box.live, lambda live: live.get(chat, {}).get("typing") is False)
    box.post("typing", {"conversation": chat, "name": "Maja", "typing": True})
    expect(page.locator(".typing-text")).to_have_text("Maja is typing…")
    box.say(chat, "done")
    expect(page.locator(".typing")).to_be_hidden()


def test_pictures_go_both_ways_and_open_larger(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    picture = _picture()
    desk.write(page)
    page.locator("input[type=file]").set_input_files(given("zip.png", "image/png", picture))
    expect(page.locator(".piece-name")).to_have_text("zip.png")
    expect(page.locator(".piece progress")).to_be_hidden()
    desk.write(page, "see here")
    heard = box.wait_for(EventKind.MESSAGE)[0]
    assert (heard.text, heard.files[0].name) == ("see here", "zip.png")
    assert box.fetch(heard.files[0].id) == picture
    box.say(heard.conversation, "", files=[("label.png", "image/png", picture)])
    shown = page.locator(".them .picture img")
    expect(shown).to_have_js_property("naturalWidth", 320)
    assert (shown.get_attribute("src") or "").startswith("blob:")
    page.locator(".them .picture").click()
    expect(page.get_by_role("dialog", name="label.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="label.png")).to_be_hidden()
    expect(page.locator(".them .picture")).to_be_focused()


def test_other_files_are_downloads_under_their_names(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    box.say(box.conversation(), "", files=[("label.pdf", "application/pdf", b"%PDF-1.4 label")])
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download label.pdf").click()
    assert coming.value.suggested_filename == "label.pdf"
    assert Path(coming.value.path()).read_bytes() == b"%PDF-1.4 label"


def test_files_are_pasted_and_dropped(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page)
    page.evaluate(
        """() => {
            const root = document.querySelector("helpdesk-chat").shadowRoot;
            const given = (name) => {
                const data = new DataTransfer();
                data.items.add(new File([name], name, { type: "text/plain" }));
                return data;
            };
            const options = { bubbles: true, cancelable: true };
            root.querySelector("textarea").dispatchEvent(
                new ClipboardEvent("paste", { ...options, clipboardData: given("pasted.txt") }));
            const panel = root.querySelector(".panel");
            const dropped = { ...options, dataTransfer: given("dropped.txt") };
            panel.dispatchEvent(new DragEvent("dragover", dropped));
            panel.dispatchEvent(new DragEvent("drop", dropped));
        }"""
    )
    expect(page.locator(".piece progress:visible")).to_have_count(0)
    expect(page.locator(".piece-name")).to_have_text(["pasted.txt", "dropped.txt"])
    page.get_by_role("button", name="Remove pasted.txt").click()
    page.locator("textarea").press("Enter")
    assert [each.name for each in box.wait_for(EventKind.MESSAGE)[0].files] == ["dropped.txt"]


def test_limits_of_files_are_said_before_anything_is_sent(desk: Desk, tmp_path: Path) -> None:
    site = desk.publish()
    page = desk.visit(site)
    desk.write(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    large = tmp_path / "film.mp4"
    with large.open("wb") as film:
        film.truncate(10_000_001)
    page.locator("input[type=file]").set_input_files(large)
    expect(page.locator(".composer-note")).to_have_text("“film.mp4” is too big: at most 10 MB.")
    assert not [each for each in sent if each.endswith("/files")]
    many = [given(f"{each}.txt", "text/plain", b"x") for each in range(6)]
    page.locator("input[type=file]").set_input_files(many)
    expect(page.locator(".composer-note")).to_have_text("At most 5 files per message.")
    expect(page.locator(".piece")).to_have_count(5)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (413, "“a.txt” is too big: at most 10 MB."),
        (429, "Too many files at once. Try again in 7 seconds."),
        (415, "This file cannot be sent."),
        (503, "Interrupted"),
    ],
)
def test_refused_upload_is_said_at_the_file_and_holds_nothing_up(
    desk: Desk, status: int, said: str
) -> None:
    site = desk.publish()
    page = desk.visit(site)
    headers = {"Access-Control-Allow-Origin": desk.pages.origin}
    answer = {"error": "refused", "retry_after": 7}
    page.route(
        "**/v1/chat/files",
        lambda route: route.fulfill(status=status, headers=headers, json=answer),
    )
    desk.write(page)
    page.locator("input[type=file]").set_input_files(given("a.txt", "text/plain", b"x"))
    expect(page.locator(".piece-state")).to_have_text(said)
    expect(page.get_by_role("button", name="Try again")).to_be_visible(visible=status != 413)
    page.unroute("**/v1/chat/files")
    if status != 413:
        page.get_by_role("button", name="Try again").click()
    # the file may still be on its way: it is waited for
    desk.write(page, "see here")
    heard = desk.box(site).wait_for(EventKind.MESSAGE)[0]
    assert len(heard.files) == (status != 413)


def test_upload_is_cancelled_on_its_way(desk: Desk) -> None:
    page = desk.visit(desk.publish())
    page.route("**/v1/chat/files", lambda route: None)
    desk.write(page)
    page.locator("input[type=file]").set_input_files(given("a.txt", "text/plain", b"x"))
    expect(page.get_by_role("progressbar", name="Uploading a.txt")).to_be_visible()
    desk.write(page, "too early")
    expect(page.locator(".composer-note")).to_have_text(
        "One moment, your files are still on their way."
    )
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Remove a.txt").click()
    expect(page.locator(".piece")).to_have_count(0)
    page.locator("textarea").press("Enter")
    assert _lines(page) == ["too early"]


def test_text_that_is_too_long_is_not_sent(desk: Desk) -> None:
    page = desk.visit(desk.publish())
    desk.write(page, "a" * 4001)
    expect(page.locator(".composer-note")).to_have_text("1 character too many")
    expect(page.locator("textarea")).to_have_value("a" * 4001)
    assert _lines(page) == []


def test_visitor_ends_the_chat_and_begins_another(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    first = box.conversation()
    page.get_by_role("button", name="Options").click()
    page.get_by_role("menuitem", name="End chat").click()
    asked = page.get_by_role("alertdialog")
    expect(asked.get_by_role("button", name="Keep chatting")).to_be_focused()
    asked.get_by_role("button", name="End chat").click()
    assert box.wait_for(EventKind.ENDED)[0].conversation == first
    expect(page.get_by_text("You ended this chat.")).to_be_visible()
    expect(page.locator("textarea")).to_have_count(0)
    page.get_by_role("button", name="Start a new chat").click()
    desk.write(page, "something else")
    until(lambda: box.wait_for(EventKind.STARTED), lambda found: len(found) == 2)
    assert box.conversation() != first
    assert _lines(page) == ["something else"]


def test_conversation_is_downloaded_as_text(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    box.say(box.conversation(), "good day", files=[("a.txt", "text/plain", b"text")])
    expect(page.get_by_text("good day")).to_be_visible()
    page.get_by_role("button", name="Options").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="Download conversation").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert coming.value.suggested_filename.endswith(".txt")
    assert all(each in text for each in ("You:", "hello", "Maja:", "good day", "[a.txt]"))


def test_customer_signed_without_a_jwt_is_known(desk: Desk) -> None:
    site = desk.publish()
    expires = int(datetime.now(UTC).timestamp()) + 300
    who = Visitor("77", "ewa@customer.example", "Ewa Kos")
    text = signed_text(site.id, expires, who)
    signature = hmac.new(IDENTITY_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    page = desk.visit(
        site,
        token=None,
        attributes=f'data-user-id="77" data-user-email="{who.email}" data-user-name="{who.name}"'
        f' data-expires="{expires}" data-signature="{signature}"',
    )
    desk.write(page, "hello")
    assert desk.box(site).wait_for(EventKind.STARTED)[0].visitor == who


@pytest.mark.parametrize("login", ["all", "logged-in"])
def test_strangers_read_but_do_not_write(desk: Desk, login: str) -> None:
    site = desk.publish(login=login)
    if login == "logged-in":
        page = desk.context().new_page()
        with page.expect_response(lambda answer: f"/v1/sites/{site.id}" in answer.url):
            page.goto(desk.address(site, token=None))
        page.wait_for_timeout(200)
        assert page.locator("helpdesk-chat").count() == 0
        expect(desk.visit(site).locator(".launcher")).to_be_visible()
        return
    page = desk.visit(site, token=None)
    page.locator(".launcher").click()
    page.get_by_role("button", name="Where is my parcel?").click()
    expect(page.get_by_text("The link is in our mail.")).to_be_visible()
    page.get_by_role("button", name="I still need help").click()
    expect(page.get_by_role("link", name="Log in to write")).to_have_attribute(
        "href", "https://shop.example/login"
    )
    expect(page.locator("textarea")).to_have_count(0)

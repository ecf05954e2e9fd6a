"""What the widget shows before anybody writes: answers, languages, hours, and how to reach them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from helpdesk_tui.domain.webchat.wire import EventKind, FaqEntry
from tests.support.widget import Desk, until

_FAQ = (
    FaqEntry("returns", "pl", "Jak zwrócić zamówienie?", "Masz na to 30 dni.", "Zwroty"),
    FaqEntry("label", "pl", "Gdzie jest etykieta?", "W wiadomości.", "Zwroty", "naklejka"),
    FaqEntry("parcel", "pl", "Gdzie jest moja paczka?", "Link jest w wiadomości.", "Dostawa"),
    FaqEntry("returns", "en", "How do I return a jacket?", "Within 30 days.", "Returns"),
    FaqEntry("parcel", "en", "Where is my parcel?", "See https://shop.example/track.", "Delivery"),
)


def _open(page: Page) -> Locator:
    page.locator(".launcher").click()
    return page.locator(".answers li:visible")


_SEARCHES = {
    "zwrocic": ["Jak zwrócić zamówienie?"],
    "ZAMOW": ["Jak zwrócić zamówienie?"],
    "pazcka": ["Gdzie jest moja paczka?"],
    "naklejki": ["Gdzie jest etykieta?"],
    "gdzie jest paczka": ["Gdzie jest moja paczka?", "Gdzie jest etykieta?"],
    "hipopotam": [],
}


def test_search_forgives_accents_endings_and_slips(desk: Desk) -> None:
    page = desk.visit(desk.publish(languages=("pl", "en"), faq=_FAQ), language="pl", token=None)
    answers = _open(page)
    expect(answers).to_have_count(3)
    for typed, found in _SEARCHES.items():
        page.get_by_role("searchbox", name="Szukaj odpowiedzi").fill(typed)
        expect(answers).to_have_count(len(found))
        assert answers.all_inner_texts() == found, typed
        expect(page.locator(".nothing")).to_be_visible(visible=not found)


def test_answer_leads_to_a_vote_and_to_a_person(desk: Desk) -> None:
    site = desk.publish(faq=_FAQ, languages=("en", "pl"))
    page, box = desk.visit(site), desk.box(site)
    _open(page)
    page.get_by_role("button", name="Delivery").click()
    expect(page.locator(".answers li")).to_have_count(1)
    page.get_by_role("button", name="Where is my parcel?").click()
    link = page.get_by_role("link", name="https://shop.example/track")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator(".vote-said")).to_contain_text("Thank you for telling us.")
    vote = box.wait_for(EventKind.VOTE)[0]
    assert (vote.faq, vote.helpful) == ("parcel", False)
    assert [each.kind for each in box.events()] == [EventKind.VOTE], "reading starts no chat"
    page.get_by_role("button", name="I still need help").click()
    expect(page.locator(".about")).to_contain_text("Where is my parcel?")
    desk.write(page, "it is lost")
    assert box.wait_for(EventKind.MESSAGE)[0].faq == "parcel"


def test_shop_without_answers_begins_with_the_welcome(desk: Desk) -> None:
    page = desk.visit(desk.publish(faq=(), texts={"en": {"welcome": "Ask us anything"}}))
    page.locator(".launcher").click()
    expect(page.locator(".log .bubble")).to_have_text("Ask us anything")
    expect(page.locator("textarea")).to_be_focused()
    for name, href in (("Privacy policy", "privacy"), ("Terms of use", "terms")):
        expect(page.get_by_role("link", name=name)).to_have_attribute(
            "href", f"https://shop.example/{href}"
        )
    desk.write(page, "hello")
    expect(page.get_by_role("link", name="Privacy policy")).to_have_count(0)


@pytest.mark.parametrize(
    ("page_language", "attributes", "expected"),
    [
        ("pl", "", "Napisz do nas"),
        ("sv-SE", "", "Skriv till oss"),
        ("pt", "", "Escreva para nós"),
        ("en", 'data-language="pl"', "Napisz do nas"),
        ("ja", "", "Write to us"),
    ],
)
def test_language_is_the_wish_of_the_page_then_its_own(
    desk: Desk, page_language: str, attributes: str, expected: str
) -> None:
    site = desk.publish(languages=("en", "pl", "sv", "pt-BR"))
    page = desk.visit(site, language=page_language, attributes=attributes)
    page.locator(".launcher").click()
    expect(page.get_by_role("button", name=expected)).to_be_visible()


def test_right_to_left_turns_the_whole_widget(desk: Desk) -> None:
    faq = (FaqEntry("a", "ar", "أين طردي؟", "الرابط في رسالتنا.", ""),)
    site = desk.publish(languages=("ar",), faq=faq, texts={"ar": {"write": "اكتب رسالة"}})
    page = desk.visit(site, language="ar")
    _open(page)
    expect(page.locator(".frame")).to_have_attribute("dir", "rtl")
    desk.write(page, "latin text")
    sent = page.locator(".us .bubble")
    assert sent.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
    middle = page.locator(".log").evaluate("(n) => n.getBoundingClientRect().x + n.clientWidth / 2")
    assert sent.evaluate("(node) => node.getBoundingClientRect().right") < middle


@pytest.mark.parametrize(
    ("language", "hours", "said"),
    [
        ("en", {}, "We are here for you"),
        ("en", {"days": 3}, "We are back on"),
        ("pl", {"days": 3}, "Wracamy:"),
        ("en", {"days": -1}, "We are away at the moment"),
    ],
)
def test_head_says_when_the_team_is_back(
    desk: Desk, language: str, hours: dict[str, int], said: str
) -> None:
    start = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    span = start + timedelta(**hours)
    spans = ((span, span + timedelta(hours=8)),) if hours else ()
    page = desk.visit(desk.publish(languages=("en", "pl"), hours=spans), language=language)
    page.locator(".launcher").click()
    expect(page.locator(".status")).to_contain_text(said)
    if "days" in hours and hours["days"] > 0:
        day = page.evaluate(
            "([at, language]) => new Intl.DateTimeFormat(language, {weekday: 'long', "
            "timeZone: 'Europe/Warsaw'}).format(new Date(at))",
            [span.isoformat(), language],
        )
        expect(page.locator(".status")).to_contain_text(day)
    if hours:
        desk.write(page)
        expect(page.locator(".note.away")).to_contain_text("support@shop.example")


def test_phone_gets_the_whole_screen(desk: Desk) -> None:
    context = desk.context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = desk.visit(desk.publish(), context)
    page.locator(".launcher").tap()
    panel = page.locator(".panel").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(page.locator(".launcher")).to_be_hidden()
    page.get_by_role("button", name="Write to us").tap()
    sizes = page.locator(".panel button:visible, .panel textarea").evaluate_all(
        "(all) => all.map((each) => Math.min(each.offsetWidth, each.offsetHeight))"
    )
    assert min(sizes) >= 40, "a finger hits everything"
    small = page.locator("textarea").evaluate(
        "(node) => parseFloat(getComputedStyle(node).fontSize)"
    )
    assert small >= 16, "or a phone zooms into the page"


def test_widget_is_reached_and_left_by_keyboard_alone(desk: Desk) -> None:
    page = desk.visit(desk.publish())
    page.locator("#mine").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".launcher")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How do I send something back?")).to_be_focused()
    page.get_by_role("button", name="I still need help").press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(_FOCUSED))
    assert "mine" in seen, "no keyboard trap"
    assert seen.index("Emoji") < seen.index("Send") < seen.index("Close chat")
    page.locator("textarea").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".launcher")).to_be_focused()
    expect(page.locator(".panel")).to_be_hidden()


_FOCUSED = """() => {
    const outer = document.activeElement;
    const inner = outer.shadowRoot ? outer.shadowRoot.activeElement : outer;
    return inner.getAttribute("aria-label") || inner.id || inner.textContent;
}"""


def test_menu_and_emoji_are_used_by_arrow_keys(desk: Desk) -> None:
    page = desk.visit(desk.publish())
    desk.write(page, "hello")
    expect(page.locator(".us .state")).to_have_text("Sent")
    page.get_by_role("button", name="Options").press("Enter")
    sound = page.get_by_role("menuitemcheckbox", name="Sound for new messages")
    expect(sound).to_be_focused()
    expect(sound).to_have_attribute("aria-checked", "false")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="End chat")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Options")).to_be_focused()
    page.get_by_role("button", name="Emoji").press("Enter")
    expect(page.get_by_role("dialog", name="Emoji")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    assert page.locator("textarea").input_value()
    expect(page.get_by_role("dialog", name="Emoji")).to_be_hidden()


def test_sound_is_off_until_chosen_and_the_choice_is_kept(desk: Desk) -> None:
    page = desk.visit(desk.publish())
    page.locator(".launcher").click()
    page.get_by_role("button", name="Options").click()
    page.get_by_role("menuitemcheckbox").click()
    page.reload()
    page.get_by_role("button", name="Options").click()
    expect(page.get_by_role("menuitemcheckbox")).to_have_attribute("aria-checked", "true")


def test_enter_sends_and_shift_enter_breaks_the_line(desk: Desk) -> None:
    site = desk.publish()
    page = desk.visit(site)
    desk.write(page)
    text = page.locator("textarea")
    before = text.evaluate("(node) => node.offsetHeight")
    text.press_sequentially("one")
    text.press("Shift+Enter")
    text.press_sequentially("two")
    assert text.evaluate("(node) => node.offsetHeight") > before, "the field grows"
    text.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(text).to_have_value("one\ntwo")
    text.press("Enter")
    assert desk.box(site).wait_for(EventKind.MESSAGE)[0].text == "one\ntwo"
    expect(text).to_have_value("")


def test_page_opens_closes_and_listens_by_its_own_calls(desk: Desk) -> None:
    site = desk.publish()
    page = desk.visit(site)
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["open", "close", "message", "unread", "ended"])
                helpdeskChat.on(name, (said) => heard.push(name));
            helpdeskChat.open();
        }"""
    )
    expect(page.locator(".panel")).to_be_visible()
    desk.write(page, "hello")
    page.evaluate("() => helpdeskChat.close()")
    expect(page.locator(".panel")).to_be_hidden()
    box = desk.box(site)
    box.say(box.conversation(), "hi")
    until(lambda: page.evaluate("() => heard"), lambda heard: "unread" in heard)
    assert page.evaluate("() => heard") == ["open", "close", "message", "unread"]


def _published(site: Any) -> dict[str, Any]:
    return {name: getattr(site, name) for name in ("id", "origins")}


def test_open_pages_take_over_what_is_published_anew(desk: Desk) -> None:
    site = desk.publish()
    page = desk.visit(site)
    page.locator(".launcher").click()
    expect(page.get_by_role("button", name="Write to us")).to_be_visible()
    page.wait_for_timeout(100)
    desk.publish(**_published(site), texts={"en": {"ask_person": "Talk to the crew"}})
    page.locator("#mine").focus()
    expect(page.get_by_role("button", name="Talk to the crew")).to_be_visible()
    expect(page.locator("#mine")).to_be_focused()
    desk.publish(**_published(site), enabled=False)
    expect(page.locator(".launcher")).to_have_count(0)


def test_who_reads_an_answer_stays_with_it_while_the_shop_publishes_anew(desk: Desk) -> None:
    site = desk.publish(faq=_FAQ, languages=("en", "pl"))
    page = desk.visit(site)
    _open(page)
    page.get_by_role("button", name="Write to us").click()
    page.get_by_role("textbox", name="Write a message").fill("Hello")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Back to answers").click()
    page.get_by_role("button", name="Where is my parcel?").click()
    faq = (FaqEntry("parcel", "en", "Where is my parcel?", "With the courier.", "Delivery"),)
    desk.publish(**_published(site), faq=faq)
    expect(page.locator(".answer-text")).to_have_text("With the courier.")
    other = FaqEntry("label", "en", "Which label?", "The blue one.")
    desk.publish(**_published(site), faq=(other,))
    expect(page.get_by_role("button", name="Which label?")).to_be_visible()

"""The widget on bad pages and with bad texts: everything stays text, and everybody can read it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helpdesk_tui.domain.webchat.wire import EventKind, FaqEntry
from tests.support.widget import Desk, given

HOSTILE = (
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    "</textarea></style></script><svg onload=window.hit=1>",
    '"><iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
    "<a href=javascript:window.hit=1>click</a>",
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "<math><mi xlink:href='javascript:window.hit=1'>x</mi></math>",
    "{{constructor.constructor('window.hit=1')()}}",
    "${window.hit=1}",
    "&lt;img src=x onerror=window.hit=1&gt;",
    "<details open ontoggle=window.hit=1>",
    "<style>*{display:none}</style>",
    "__proto__",
)
_FOREIGN = "script, iframe, object, embed, style, link, math, details, form, base, meta, template"
_STRICT = (
    "default-src 'none'; script-src {relay}; connect-src {relay}; img-src blob:;"
    " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_RUDE = """
* { display: none !important; color: red !important; font: 30px serif !important; margin: 9px;
  all: revert; visibility: hidden !important; opacity: .1 !important; transform: rotate(9deg) }
html { font-size: 31px; display: block !important; visibility: visible !important;
  transform: none !important; opacity: 1 !important; direction: rtl; letter-spacing: 9px;
  text-transform: uppercase; line-height: 4; cursor: wait }
helpdesk-chat, helpdesk-chat * { position: static !important; width: 9px !important;
  filter: blur(9px) !important; pointer-events: none !important }
button, input, textarea, h1, h2, p, ul, li { border: 9px solid red !important; padding: 40px }
"""


def _is_harmless(page: Page) -> None:
    assert page.evaluate("() => window.hit") is None
    assert page.locator(f"helpdesk-chat :is({_FOREIGN})").count() == 0
    strange = page.locator("helpdesk-chat *").evaluate_all(
        "(all) => all.flatMap((each) => [...each.attributes]).map((each) => each.name)"
        ".filter((name) => name.startsWith('on') || name === 'srcdoc')"
    )
    assert strange == []
    links = page.locator("helpdesk-chat a").evaluate_all("(all) => all.map((a) => a.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:", "tel:"}


def test_texts_of_agents_and_visitors_stay_text(desk: Desk) -> None:
    site = desk.publish(faq=())
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, *HOSTILE)
    heard = box.wait_for(EventKind.MESSAGE, len(HOSTILE))
    assert [each.text for each in heard] == list(HOSTILE)
    for text in HOSTILE:
        box.say(box.conversation(), text, name=text, files=[(text, "text/plain", b"x")])
    rows = page.locator(".them .bubble")
    expect(rows).to_have_count(len(HOSTILE) + 1)
    assert [each.inner_text() for each in rows.all()[1:]] == list(HOSTILE)
    assert page.locator(".us .bubble").all_inner_texts() == list(HOSTILE)
    assert page.locator(".doc-name").all_inner_texts() == list(HOSTILE)
    _is_harmless(page)


def test_texts_of_the_site_and_its_answers_stay_text(desk: Desk) -> None:
    bad = " ".join(HOSTILE)
    faq = tuple(
        FaqEntry(f"k{number}", "en", text, text, text) for number, text in enumerate(HOSTILE)
    )
    texts = dict.fromkeys(("title", "welcome", "greeting", "search", "ask_person", "write"), bad)
    site = desk.publish(
        name=bad, faq=faq, texts={"en": texts}, support_address=bad,
        login_url="javascript:window.hit=1", privacy_url="javascript:window.hit=1",
        terms_url="data:text/html,x", accent="red;}*{display:none}", side="<b>",
    )  # fmt: skip
    page = desk.visit(site, token=None)
    page.locator(".launcher").click()
    expect(page.locator(".answers li")).to_have_count(len(HOSTILE))
    assert page.locator(".answers li").all_inner_texts() == list(HOSTILE)
    expect(page.locator("h1")).to_have_text(bad)
    page.locator(".answers button").first.click()
    expect(page.locator(".answer-text")).to_have_text(HOSTILE[0])
    _is_harmless(page)
    page.locator(".answer .person-button").click()
    expect(page.locator(".wall")).to_be_visible()
    assert page.locator(".wall a").count() == 0
    _is_harmless(page)


def test_name_of_a_file_does_not_turn_around(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    box.say(box.conversation(), "", files=[("bill\u202efdp.exe", "text/plain", b"x")])
    expect(page.locator(".doc-name")).to_have_text("billfdp.exe")


_ADDRESSES = {
    "see https://a.example/x?y=1.": ["https://a.example/x?y=1"],
    "(http://a.example/b)": ["http://a.example/b"],
    "write to me@a.example, please": ["mailto:me@a.example"],
    "tel:+48123456789": ["tel:+48123456789"],
    "javascript:alert(1) ftp://a.example file:///etc": [],
    "http://": [],
}


def test_only_addresses_a_browser_may_follow_are_links(desk: Desk) -> None:
    text = "\n".join(_ADDRESSES)
    page = desk.visit(desk.publish(faq=(), texts={"en": {"welcome": text}}))
    page.locator(".launcher").click()
    bubble = page.locator(".log .bubble")
    expect(bubble).to_be_visible()
    assert bubble.inner_text() == text
    found = bubble.locator("a").evaluate_all("(all) => all.map((a) => [a.href, a.rel, a.target])")
    wanted = [each for links in _ADDRESSES.values() for each in links]
    assert found == [[each, "noopener noreferrer", "_blank"] for each in wanted]


_SLOW = " ".join(("a" * 20_000, "x@" + "a-" * 9_999, "http://" + "." * 19_900 + "a"))
_OPENING = """() => {
    const began = performance.now();
    document.querySelector("helpdesk-chat").shadowRoot.querySelector(".launcher").click();
    return performance.now() - began;
}"""


def test_texts_that_were_made_to_be_slow_are_shown_at_once(desk: Desk) -> None:
    """Milliseconds; without an end to each part of an address it took seconds."""
    page = desk.visit(desk.publish(faq=(), texts={"en": {"welcome": _SLOW}}))
    expect(page.locator(".launcher")).to_be_visible()
    assert page.evaluate(_OPENING) < 600
    expect(page.locator(".log .bubble")).to_have_text(_SLOW)


def test_a_place_in_a_text_stands_for_nothing_but_its_value(desk: Desk) -> None:
    text = "{constructor} {toString} {__proto__} {name}"
    page = desk.visit(desk.publish(faq=(), texts={"en": {"welcome": text}}))
    page.locator(".launcher").click()
    expect(page.locator(".log .bubble")).to_have_text(text)


def test_strict_policy_of_a_page_is_not_violated_once(desk: Desk) -> None:
    site = desk.publish()
    context = desk.context()
    context.add_init_script(
        "window.violations = []; document.addEventListener('securitypolicyviolation',"
        " (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI))"
    )
    page = desk.visit(site, context, policy=_STRICT.format(relay=desk.relay.url), style="")
    box = desk.box(site)
    desk.write(page, "hello")
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    box.say(box.conversation(), "a picture", files=[("a.png", "image/png", picture)])
    expect(page.get_by_text("a picture")).to_be_visible()
    page.locator("input[type=file]").set_input_files(given("b.png", "image/png", _PIXEL))
    expect(page.locator(".piece progress")).to_be_hidden()
    page.locator("textarea").press("Enter")
    expect(page.locator(".us .picture img")).to_have_js_property("naturalWidth", 1)
    page.get_by_role("button", name="Options").click()
    with page.expect_download():
        page.get_by_role("menuitem", name="Download conversation").click()
    assert page.locator(".launcher").bounding_box() == {
        "x": 1200,
        "y": 720,
        "width": 60,
        "height": 60,
    }
    assert page.evaluate("() => violations") == []


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8ff1f00030401fe3f5e2f4d0000000049454e44ae426082"
)


def test_rude_page_changes_nothing_of_the_widget(desk: Desk) -> None:
    site = desk.publish()
    looks = []
    for style in ("", _RUDE):
        page = desk.visit(site, style=style, body="")
        page.locator(".launcher").click()
        expect(page.get_by_role("searchbox")).to_be_visible()
        looks.append(page.locator("helpdesk-chat .frame *").evaluate_all(_LOOK))
    assert looks[0] == looks[1]


_LOOK = """(all) => all.map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    return [each.className.baseVal ?? each.className, x, y, width, height, style.color,
        style.fontSize, style.fontFamily, style.opacity, style.textTransform, style.cursor];
})"""


def test_session_is_in_no_cookie_and_in_no_address(desk: Desk) -> None:
    site = desk.publish()
    context = desk.context()
    asked: list[Any] = []
    context.on("request", lambda request: asked.append(request))
    page, box = desk.visit(site, context), desk.box(site)
    desk.write(page, "hello")
    box.say(box.conversation(), "hi")
    expect(page.get_by_text("hi", exact=True)).to_be_visible()
    kept = page.evaluate("() => Object.entries(localStorage)")
    token = next(json.loads(value)["token"] for key, value in kept if key.endswith(" session"))
    assert len(token) > 20
    assert context.cookies() == []
    assert not [each.url for each in asked if token in each.url]
    written = [each for each in asked if each.method == "POST" and "/v1/chat/" in each.url]
    assert written
    assert {each.headers.get("authorization") for each in written} == {f"Bearer {token}"}


def test_shortcuts_of_the_page_do_not_fire_while_somebody_writes(desk: Desk) -> None:
    page = desk.visit(desk.publish())
    page.evaluate("() => document.addEventListener('keydown', () => { window.hit = 1 })")
    desk.write(page)
    page.locator("textarea").press_sequentially("s/")
    expect(page.locator("textarea")).to_have_value("s/")
    assert page.evaluate("() => window.hit") is None


def test_widget_works_where_nothing_may_be_kept(desk: Desk) -> None:
    site = desk.publish()
    context = desk.context()
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,"
        " { get() { throw new DOMException('no', 'SecurityError') } });"
        "delete window.BroadcastChannel;"
        "Object.defineProperty(navigator, 'locks', { value: undefined })"
    )
    page, box = desk.visit(site, context), desk.box(site)
    desk.write(page, "hello", "again")
    assert [each.text for each in box.wait_for(EventKind.MESSAGE, 2)] == ["hello", "again"]
    box.say(box.conversation(), "good day")
    expect(page.get_by_text("good day")).to_be_visible()


@pytest.mark.parametrize("accent", ["#ffd84d", "#2f5d50", "#8a8a8a"])
def test_everything_is_named_and_can_be_read(desk: Desk, accent: str) -> None:
    site = desk.publish(accent=accent, has_responder=True)
    page, box = desk.visit(site), desk.box(site)
    page.locator(".launcher").click()
    expect(page.get_by_role("dialog", name="Acme Outdoor")).to_be_visible()
    faults = _faults(page)
    page.get_by_role("button", name="How do I send something back?").click()
    faults += _faults(page)
    page.get_by_role("button", name="I still need help").click()
    desk.write(page, "see https://a.example")
    box.say(box.conversation(), "or https://b.example", files=[("a.pdf", "text/plain", b"x")])
    expect(page.get_by_text("or https://b.example")).to_be_visible()
    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")
    faults += _faults(page)
    assert faults == []


def _faults(page: Page) -> list[str]:
    found: list[str] = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator(".frame")).to_have_attribute("data-scheme", scheme)
        found += [f"{scheme}: {each}" for each in page.evaluate(_FAULTS)]
    return found


# What every reader of a screen needs: names, no id twice, and letters that stand out.
_FAULTS = """() => {
    const root = document.querySelector("helpdesk-chat").shadowRoot;
    const faults = [];
    const seen = (node) => node.checkVisibility() && !node.closest(".sr");
    const all = [...root.querySelectorAll("*")].filter(seen);
    const ids = all.map((each) => each.id).filter(Boolean);
    if (new Set(ids).size !== ids.length) faults.push("an id twice");
    for (const node of all.filter((each) => each.matches("button, a, input, textarea"))) {
        const labelled = node.getAttribute("aria-label") || node.textContent.trim();
        if (!labelled) faults.push("no name: " + node.className);
    }
    for (const node of all.filter((each) => each.matches("img"))) {
        if (node.getAttribute("alt") === null) faults.push("no alt");
    }
    const parts = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = ([red, green, blue]) => {
        const [r, g, b] = [red, green, blue].map((each) => {
            const part = each / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    // Both ends of a gradient count.
    const grounds = (node) => {
        for (let each = node; each; each = each.parentElement) {
            const style = getComputedStyle(each);
            if (style.backgroundImage.includes("gradient")) {
                return style.backgroundImage.match(/rgb\\([^)]*\\)/g).map(parts);
            }
            const colour = parts(style.backgroundColor);
            if (colour.length < 4 || colour[3] > 0) return [colour];
        }
        return [[255, 255, 255]];
    };
    for (const node of all) {
        const own = [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
        const isIcon = node.matches("svg") && node.closest("button");
        if (!own && !isIcon) continue;
        const text = light(parts(getComputedStyle(node).color));
        for (const ground of grounds(node)) {
            const [high, low] = [text, light(ground)].sort((a, b) => b - a);
            const contrast = (high + 0.05) / (low + 0.05);
            if (contrast < (isIcon ? 3 : 4.5)) {
                const name = node.className.baseVal || node.className;
                faults.push(`${name} ${node.textContent}: ${contrast.toFixed(2)}`);
            }
        }
    }
    return faults;
}"""

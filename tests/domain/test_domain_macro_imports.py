"""Macros of other helpdesks: their variables, their exports, and what is lost on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.file import parse_macro, read_macro
from helpdesk_tui.domain.macros.foreign import rewrite
from helpdesk_tui.domain.macros.html import html_text, is_html
from helpdesk_tui.domain.macros.imports import read_export, read_foreign_rows
from helpdesk_tui.domain.macros.macro import Actions, BodyKind, Macro, Then
from helpdesk_tui.domain.macros.text import read
from helpdesk_tui.domain.tickets import Priority


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Hi {{ticket.customer.firstname}},", "Hi {{ customer.first_name }},"),
        ("{{ticket.requester.first_name}}", "{{ customer.first_name }}"),
        ("{{ ticket.requester.email }}", "{{ customer.email }}"),
        ("{{{ticket.id}}}", "{{ ticket.id }}"),
        ("{{ticket.title}} {{ticket.account}}", "{{ ticket.subject }} {{ store.name }}"),
        ("{{current_user.name}}", "{{ agent.name }}"),
        ("{{ticket.assignee.first_name}}", "{{ ticket.assignee.first_name }}"),
        ("{{ticket.organization.name}}", "{{ organization.name }}"),
        ("{%customer.firstName%}", "{{ customer.first_name }}"),
        ("{%customer.firstName,fallback=there%}", '{{ customer.first_name | default: "there" }}'),
        ("{% user.firstName %} {%mailbox.name%}", "{{ agent.first_name }} {{ support.name }}"),
        ("{%conversation.number%}", "{{ ticket.id }}"),
        ("{{contact.name || 'x'}}", '{{ customer.name | default: "x" }}'),
        ("{{ contact.phone_number }}", "{{ customer.phone }}"),
        ('{{contact.name | default: "x"}}', '{{ customer.name | default: "x" }}'),
        ("#{ticket.customer.firstname}", "{{ customer.first_name }}"),
        ("#{user.lastname} #{ticket.number}", "{{ agent.last_name }} {{ ticket.id }}"),
        ("#{ticket.state.name} #{article.body}", "{{ ticket.status }} {{ message.text }}"),
        ('{first_name | fallback: "z"}', '{{ customer.first_name | default: "z" }}'),
        ("{first_name} {not_ours} {}", "{{ customer.first_name }} {not_ours} {}"),
        ('{{ticket.customer.firstname|fallback("there")}}',
         '{{ customer.first_name | default: "there" }}'),
        ("{{ticket.customer.integrations.shopify.orders[0].fulfillments[0].tracking_urls[0]}}",
         "{{ order.last.tracking_url }}"),
        ("{{ticket.customer.integrations.shopify.orders[1].total_price}}", "{{ order[1].total }}"),
        ("{{ticket.customer.integrations.shopify.orders[-1].name}}", "{{ order.first.name }}"),
        ("{{ticket.customer.integrations.recharge.subscriptions[0].next_charge_scheduled_at"
         "|datetime_format('D MMMM')}}", '{{ subscription.last.next_date | date: "D MMMM" }}'),
        ('{{ticket.created_at | date: "%b %-d, %Y"}}',
         '{{ ticket.created_at | date: "MMM D, YYYY" }}'),
        ("{{ticket.created_datetime | date}}", "{{ ticket.created_at | date }}"),
        ('{{ticket.created_at | date: "%Q"}}', "{{ ticket.created_at | date }}"),
        ('{{ticket.tags | join: " - "}}', '{{ ticket.tags | join: " - " }}'),
        ("{{customer.name | upcase | strip}}", "{{ customer.name | upper | trim }}"),
        ("{{ order.last.name }}", "{{ order.last.name }}"),
        ('{{ contact.name || "{{evil}}" }}', None),
    ],
)  # fmt: skip
def test_variables_of_other_helpdesks_become_ours(theirs: str, ours: str | None) -> None:
    found = rewrite(theirs)
    if ours is not None:
        assert (found.text, found.lost) == (ours, ())
    assert not read(found.text).problems


@pytest.mark.parametrize(
    ("theirs", "ours", "lost"),
    [
        ("{{dc.welcome}}", "⟦dc.welcome⟧", ("{{dc.welcome}}",)),
        ("{% if a %}b{% endif %}", "⟦if a⟧b⟦endif⟧", ("{% if a %}", "{% endif %}")),
        ("{%customer.firstName,other=x%}", "⟦customer.firstName,other=x⟧", 1),
        ("{{customer.name | reverse}}", "⟦customer.name | reverse⟧", 1),
        ("{{customer.name || }}", "⟦customer.name ||⟧", 1),
        ("{{customer.name + 1}}", "⟦customer.name + 1⟧", 1),
        ("{{customer.name | date}}", "⟦customer.name | date⟧", 1),
        ("{{}}", "⟦?⟧", 1),
        ("{{ticket.messages[-1].body_html}}", "⟦ticket.messages[-1].body_html⟧", 1),
        ("{{x.shopify.orders[-2].name}}", "⟦x.shopify.orders[-2].name⟧", 1),
        ("{{x.shopify.orders[0].colour}}", "⟦x.shopify.orders[0].colour⟧", 1),
        ("{nothing | fallback: 'x'}", "⟦nothing | fallback: 'x'⟧", 1),
        ("{{ open {{customer.name}}", "⟦?⟧ open {{ customer.name }}", 1),
        ("a {% b {{", "a ⟦?⟧ b ⟦?⟧", 2),
    ],
)
def test_what_has_no_counterpart_is_left_open_and_named(
    theirs: str, ours: str, lost: tuple[str, ...] | int
) -> None:
    found = rewrite(theirs)
    assert found.text == ours
    assert (len(found.lost) if isinstance(lost, int) else found.lost) == lost
    assert not read(found.text).problems


@given(st.text(alphabet=st.one_of(st.sampled_from("{}%#|'\".,=[] namecustor"), st.characters())))
def test_any_text_can_be_saved_once_it_is_rewritten(text: str) -> None:
    assert not read(rewrite(text).text).problems


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>Hi,</div><br><div>Your <b>order</b>&nbsp;is &lt;here&gt;.</div>",
         "Hi,\n\nYour order\xa0is <here>."),
        ("<p>one</p>\n<p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('<a href="https://a.example">here</a> <a href="https://b.example">https://b.example</a>',
         "here (https://a.example) https://b.example"),
        ('<a href="javascript:x">x</a> <a>y</a></a>', "x y"),
        ("<style>p{}</style></script><p>a</p><script>b", "a"),
        ("<![x<p>a</p>", "a"),
        ("<p></p><br><p>a</p>", "a"),
    ],
)  # fmt: skip
def test_html_becomes_its_text(html: str, text: str) -> None:
    assert is_html(html)
    assert html_text(html) == text


@given(st.text(alphabet="<>/!-[]pdivbraahref=\"' \n&;"))
def test_no_html_breaks_the_reader(text: str) -> None:
    html_text(text)


def imported(raw: Any) -> tuple[str, list[Macro], list[list[tuple[str, str]]]]:
    """Return origin, macros and losses of an export."""
    origin, found = read_export(json.dumps(raw))
    losses = [[(lost.code, lost.what) for lost in each.lost] for each in found]
    return origin, [parse_macro(each.source) for each in found], losses


def test_gorgias() -> None:
    actions = [
        {"name": "addTags", "type": "user", "arguments": {"tags": "question, order-status"}},
        {"name": "removeTags", "arguments": {"tags": "new"}},
        {"name": "setResponseText", "arguments": {
            "body_html": "<div>Hi {{ticket.customer.firstname}},</div>",
            "body_text": "Hi {{ticket.customer.firstname}},\r\n\r\nit is {{x.y}}."}},
        {"name": "addInternalNote", "arguments": {"body_html": "<b>look</b><br>here"}},
        {"name": "setStatus", "arguments": {"status": "closed"}},
        {"name": "setPriority", "arguments": {"priority": "critical"}},
        {"name": "setSubject", "arguments": {"subject": "x"}},
        {"name": "addAttachments", "arguments": {"attachments": [{"name": "a.pdf"}, 5]}},
        {"name": "setResponseText", "arguments": {"body_text": "Bye"}},
        {"name": "setResponseText", "arguments": {"body_text": 5}},
    ]  # fmt: skip
    origin, macros, lost = imported({"data": [
        {"id": 1, "name": "Order  status", "language": "pl", "usage": 5, "actions": actions},
        {"name": "B", "language": None, "actions": actions[:1]},
    ]})  # fmt: skip
    assert origin == "gorgias"
    macro = macros[0]
    assert macro.name == "Order status"
    assert macro.bodies[0].language == "pl"
    assert macro.bodies[0].texts == {
        BodyKind.EMAIL: "Hi {{ customer.first_name }},\n\nit is ⟦x.y⟧.\n\nBye"
    }
    assert macro.actions == Actions(
        note="look\nhere", add_tags=("order-status", "question"), remove_tags=("new",),
        status="close", priority=Priority.URGENT,
    )  # fmt: skip
    assert lost[0] == [
        ("variable", "{{x.y}}"), ("action", 'setSubject {"subject": "x"}'), ("file", "a.pdf"),
    ]  # fmt: skip


def test_zendesk() -> None:
    def macro(title: str, *actions: tuple[str, Any], **more: Any) -> dict[str, Any]:
        fields = [{"field": field, "value": value} for field, value in actions]
        return {"title": title, "actions": fields, **more}

    origin, macros, lost = imported({"macros": [
        macro("Solved", ("status", "solved"), ("priority", "high"), ("current_tags", "a b"),
              ("remove_tags", "c"), ("assignee_id", "current_user"),
              ("comment_value", "Hi"), ("comment_value_html", "<p>Hi {{ticket.id}}</p>")),
        macro("Note", ("comment_value", ["channel:all", "seen"]), ("set_tags", "x"),
              ("comment_mode_is_public", "false"), ("status", "pending"), ("assignee_id", ""),
              active=False),
        macro("Group", ("group_id", "5"), ("status", "open"), ("comment_value", []),
              ("priority", "none"), ("current_tags", "bad,tag ok")),
    ]})  # fmt: skip
    assert origin == "zendesk"
    assert [each.actions for each in macros] == [
        Actions(add_tags=("a", "b"), remove_tags=("c",), assign="me", priority=Priority.HIGH,
                status="close"),
        Actions(note="seen", add_tags=("x",), assign="none"),
        Actions(status="open", add_tags=("bad", "ok", "tag")),
    ]  # fmt: skip
    assert macros[0].bodies[0].texts == {BodyKind.EMAIL: "Hi {{ ticket.id }}"}
    assert macros[1].bodies == ()
    assert lost == [
        [],
        [("inactive", "Note"), ("action", "set_tags: the tags that were there stay"),
         ("action", "status pending")],
        [("action", "group_id 5"), ("action", "priority none")],
    ]  # fmt: skip
    one = imported({"macro": macro("One", ("comment_value", "x"))})
    assert [each.name for each in one[1]] == ["One"]


def test_help_scout() -> None:
    origin, macros, lost = imported({"_embedded": {"replies": [
        {"id": 1, "name": "A", "text": "Hi {%customer.firstName,fallback=there%}<br>x",
         "chatText": "Hi"},
        {"id": 2, "name": "B", "preview": "Hi there"},
    ]}})  # fmt: skip
    assert origin == "helpscout"
    assert macros[0].bodies[0].texts == {
        BodyKind.EMAIL: 'Hi {{ customer.first_name | default: "there" }}\nx',
        BodyKind.CHAT: "Hi",
    }
    assert [len(each) for each in lost] == [0, 1]


def test_chatwoot() -> None:
    canned = imported([{"id": 1, "short_code": "hi", "content": "Hi {{contact.first_name}}"}])
    assert canned[0] == "chatwoot"
    assert canned[1][0].bodies[0].texts == {BodyKind.CHAT: "Hi {{ customer.first_name }}"}
    names: list[tuple[str, Any]] = [
        ("send_message", ["Bye"]), ("add_label", ["a", "b c"]), ("remove_label", ["d"]),
        ("add_private_note", ["seen"]), ("resolve_conversation", None), ("assign_agent", ["self"]),
        ("change_priority", ["low"]), ("assign_team", [3]), ("send_attachment", [7]),
        ("mute_conversation", "x"), ("add_label", [","]),
    ]  # fmt: skip
    origin, macros, lost = imported({"payload": [
        {"name": "M", "actions": [{"action_name": a, "action_params": b} for a, b in names]},
        {"name": "N", "actions": [{"action_name": "open_conversation"}]},
        {"name": "O", "actions": [{"action_name": "change_status", "action_params": ["open"]}]},
    ]})  # fmt: skip
    assert origin == "chatwoot"
    assert macros[0].actions == Actions(
        note="seen", add_tags=("a", "b-c"), remove_tags=("d",), assign="me",
        priority=Priority.LOW, status="close",
    )  # fmt: skip
    assert [each.actions.status for each in macros[1:]] == ["open", "open"]
    assert lost[0] == [
        ("action", "assign_team 3"), ("file", "send_attachment 7"),
        ("action", "mute_conversation x"), ("action", "tag ,"),
    ]  # fmt: skip


def test_zammad() -> None:
    modules = imported([
        {"name": "Hello", "keywords": "hi", "content": "<div>Hi #{ticket.customer.firstname}</div>",
         "active": True},
        {"name": "Old", "content": "x", "active": False},
    ])  # fmt: skip
    assert modules[0] == "zammad"
    assert modules[1][0].bodies[0].texts == {BodyKind.EMAIL: "Hi {{ customer.first_name }}"}
    assert modules[2] == [[], [("inactive", "Old")]]
    origin, macros, lost = imported([
        {"name": "Spam", "ux_flow_next_up": "next_task", "active": False, "perform": {
            "ticket.state_id": {"value": 4}, "ticket.tags": {"operator": "add", "value": "spam, x"},
            "ticket.owner_id": {"pre_condition": "current_user.id", "value": ""},
            "article.note": {"body": "<p>seen</p>", "internal": "true"}}},
        {"name": "Answer", "ux_flow_next_up": "none", "perform": {
            "ticket.tags": {"operator": "remove", "value": "y"},
            "ticket.state": {"value": "closed"}, "ticket.priority": {"value": "3 high"},
            "article.note": {"body": "Hi", "internal": "false"}, "ticket.group_id": 5}},
    ])  # fmt: skip
    assert origin == "zammad"
    assert [(each.actions, each.then) for each in macros] == [
        (Actions(note="seen", add_tags=("spam", "x"), assign="me"), Then.NEXT),
        (Actions(remove_tags=("y",), status="close", priority=Priority.HIGH), Then.USUAL),
    ]
    assert lost == [
        [("action", "ticket.state_id 4"), ("inactive", "Spam")],
        [("action", "ticket.group_id")],
    ]


def test_tables_of_others() -> None:
    rows = [
        {"macro_name": "A", "body_text": "Hi {{ticket.customer.firstname}}", "tags": "a, b",
         "language": "pt-br", "status": "closed", "priority": "High", "folder": "x", "id": "1"},
        {"macro_name": "B", "body_text": "x", "tags": " ", "language": "english"},
    ]  # fmt: skip
    found = read_foreign_rows(rows)
    first = parse_macro(found[0].source)
    assert first.bodies[0].language == "pt_BR"
    assert first.actions == Actions(add_tags=("a", "b"), status="close", priority=Priority.HIGH)
    assert [(each.code, each.what) for each in found[0].lost] == [("action", "folder x")]
    assert parse_macro(found[1].source).bodies[0].language == "en"
    for bad in ([], [{"name": "a"}], [{"text": "a"}]):
        with pytest.raises(UsageError, match=r"macro\.table-columns"):
            read_foreign_rows(bad)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "macro.export-json"),
        ("[" * 100_000, "macro.export-json"),
        ("[]", "macro.export-unknown"),
        ("5", "macro.export-unknown"),
        ("[5]", "macro.export-unknown"),
        ('[{"a": 1}]', "macro.export-unknown"),
        ('[{"name": "a", "actions": 5}, {"short_code": "x", "content": ""}]',
         "macro.export-unknown"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_export(text)
    assert caught.value.code == code


def test_hostile_names_and_texts_of_an_export_do_no_harm() -> None:
    content = "a\x00\x1b[31m\u202eb\tc\r\nd {{ agent.email"
    raw = [{"short_code": "x\x1b\n" + "y" * 200, "content": content}]
    macro = imported(raw)[1][0]
    assert len(macro.name) == 100
    assert "\x1b" not in macro.name
    assert macro.bodies[0].texts[BodyKind.CHAT] == "a␀␛[31mb\tc\nd ⟦?⟧ agent.email"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["name", "title", "actions", "field", "value", "action_name",
                             "action_params", "arguments", "perform", "content", "text",
                             "short_code", "ticket.tags", "article.note", "body", "macros"]),
            inner, max_size=5,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_no_export_breaks_the_reader(raw: Any) -> None:
    try:
        _, found = read_export(json.dumps(raw))
    except UsageError:
        return
    for each in found:
        read_macro(each.source)

"""The settings of the desk from the command line, and that ingest follows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.setting.table import SETTINGS
from helpdesk_tui.services.desk import open_desk
from tests.support.shell import Shell


def found(desk: Shell, *arguments: str) -> Any:
    return desk.json(*arguments)


def test_every_setting_is_listed_with_default_and_meaning(desk: Shell) -> None:
    listed = {each["name"]: each for each in found(desk, "setting", "list")["settings"]}
    assert set(listed) == set(SETTINGS)
    assert listed["desk.name"]["value"] == "Acme"
    assert listed["own-domains"]["value"] == listed["own-domains"]["default"] == []
    assert listed["auto-reply.subject"]["value"] == "We have received your message"
    assert all(each["meaning"] for each in listed.values())
    assert "own-domains" in desk("setting", "list")


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("desk.name", ["Acme", "Help"], "Acme Help"),
        ("own-addresses", ["Old@Shop.example,a@b.example", "a@b.example"],
         ["old@shop.example", "a@b.example"]),
        ("own-domains", ["@Shop.example shop.de"], ["shop.example", "shop.de"]),
        ("trusted-authserv-ids", ["MX.Shop.example"], ["mx.shop.example"]),
        ("reply-plus-address", ["ON"], "on"),
        ("thanks-keep-closed", ["yes"], "on"),
        ("auto-reply.text", ["Thank you.\\nWe", "got it."], "Thank you.\nWe got it."),
        ("auto-reply.subject", ["We", "have", "it"], "We have it"),
        ("auto-reply.per-hour", ["007"], "7"),
        ("auto-reply.proven-only", ["true"], "on"),
    ],
)  # fmt: skip
def test_a_setting_is_kept_and_goes_back_to_its_default(
    desk: Shell, name: str, written: list[str], value: object
) -> None:
    assert found(desk, "setting", "set", name, *written)["value"] == value
    assert found(desk, "setting", "get", name)["value"] == value
    lines = value.splitlines() if isinstance(value, str) else value
    assert desk("setting", "get", name).splitlines() == lines
    desk("setting", "set", name)
    default = SETTINGS[name].default
    assert found(desk, "setting", "get", name)["value"] == default
    assert desk("setting", "get", name) == (f"{default}\n" if default else "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["set", "own-domain", "x.example"], 4, "own-domains"),
        (["get", "nonsense"], 4, "nonsense"),
        (["set", "own-domains", "gmail.com"], 2, "own-addresses"),
        (["set", "own-domains", "shop"], 2, "shop.example"),
        (["set", "own-domains", "a@b.example"], 2, "no domain"),
        (["set", "own-addresses", "nobody"], 2, "no mail address"),
        (["set", "trusted-authserv-ids", "mx\x1b.example"], 2, "no name of a server"),
        (["set", "reply-plus-address", "maybe"], 2, "neither on nor off"),
        (["set", "auto-reply.per-hour", "many"], 2, "no number"),
        (["set", "auto-reply.per-hour", "10001"], 2, "10000"),
        (["set", "auto-reply.text", "x" * 10_001], 2, "too long"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(
    desk: Shell, arguments: list[str], code: int, said: str
) -> None:
    (line,) = desk.fails("setting", *arguments, code=code).splitlines()
    assert said in line
    assert "\x1b" not in line


def test_only_administrators_change_the_desk(desk: Shell) -> None:
    desk("agent", "add", "bo")
    desk.fails("--agent", "bo", "setting", "set", "desk.name", "Bo's", code=3)
    assert desk("--agent", "bo", "setting", "get", "desk.name") == "Acme\n"


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("notify", ["BELL+osc9"], "bell+osc9"),
        ("notify-rules", ["all,Mine", "none"], ["mine", "all"]),
        ("quiet-hours", ["22", "-", "7"], "22:00-07:00"),
        ("quiet-hours", ["off"], ""),
        ("title-badge", ["no"], "off"),
        ("language", ["PT_br"], "pt_BR"),
        ("after-action", ["stay"], "stay"),
        ("keymap-preset", ["gmail"], "gmail"),
    ],
)
def test_a_personal_setting_is_the_agents_own(
    desk: Shell, name: str, written: list[str], value: object
) -> None:
    desk("agent", "add", "bo")
    default = SETTINGS[name].default
    assert desk.json("--agent", "bo", "setting", "set", name, *written)["value"] == value
    assert desk.json("--agent", "bo", "setting", "get", name)["own"] is True
    assert desk.json("--agent", "anna", "setting", "get", name)["value"] == default
    desk("--agent", "anna", "setting", "set", name, *written, "--desk")
    assert desk.json("--agent", "anna", "setting", "get", name)["value"] == value
    desk("--agent", "bo", "setting", "set", name)
    assert desk.json("--agent", "bo", "setting", "get", name)["own"] is False
    desk.fails("--agent", "bo", "setting", "set", name, *written, "--desk", code=3)
    desk("--agent", "anna", "setting", "set", name, "--desk")
    assert desk.json("--agent", "bo", "setting", "get", name)["value"] == default


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("notify", "shout", "bell+osc9"),
        ("notify-rules", "mine,yours", "unassigned"),
        ("quiet-hours", "night", "22:00-07:00"),
        ("undo-send-sms", "121", "0 to 120"),
        ("language", "de", "pt_BR"),
    ],
)
def test_a_value_that_is_none_of_those_there_are_is_refused(
    desk: Shell, name: str, written: str, said: str
) -> None:
    assert said in desk.fails("setting", "set", name, written, code=2)


def test_what_is_stored_and_means_nothing_any_more_is_as_if_unset(desk: Shell) -> None:
    opened = open_desk(desk.store, SYSTEM)
    opened.settings.set("after-action", "dance", desk=True)
    opened.settings.set("undo-send-email", 30, desk=True)
    opened.settings.set("notify", {"not": "text"}, desk=True)
    opened.close()
    assert desk.json("setting", "get", "after-action")["value"] == "next"
    assert desk.json("setting", "get", "undo-send-email")["value"] == "30"
    assert desk.json("setting", "get", "notify")["value"] == "bell"


def mail(sender: str, results: str) -> bytes:
    lines = [f"Authentication-Results: {results}", f"From: {sender}", "To: help@shop.example",
             f"Subject: {sender}", "", "hello", ""]  # fmt: skip
    return "\r\n".join(lines).encode()


def test_mail_is_judged_by_the_settings(desk: Shell, tmp_path: Path) -> None:
    desk("setting", "set", "trusted-authserv-ids", "mx.shop.example")
    desk("setting", "set", "own-domains", "shop.example")
    folder = tmp_path / "mails"
    folder.mkdir()
    written = {
        "trusted": mail("a@x.example", "mx.shop.example; spf=pass; dmarc=fail header.from=x"),
        "stranger": mail("b@x.example", "mx.evil.example; dmarc=fail"),
        "passed": mail("c@x.example", "mx.shop.example; dmarc=pass (dmarc=fail)"),
        "own": mail("boss@shop.example", "mx.shop.example; dmarc=pass"),
    }
    for name, raw in written.items():
        (folder / f"{name}.eml").write_bytes(raw)
    desk("import", str(folder), "--mailbox", "help@shop.example")
    rows = found(desk, "ticket", "list", "--limit", "9")["tickets"]
    opened = open_desk(tmp_path / "store", SYSTEM)
    threads = {row["subject"]: opened.threads.load(int(row["id"])) for row in rows}
    opened.close()
    assert {name: thread.messages[0].flags for name, thread in threads.items()} == {
        "a@x.example": ("auth-failed",),
        "b@x.example": (),
        "c@x.example": (),
        "boss@shop.example": ("from-own-address",),
    }

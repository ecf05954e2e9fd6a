"""Secrets of other services: kept by a command, shown by none."""

from __future__ import annotations

import io
import sys

import pytest


def test_a_secret_is_kept_found_and_never_shown(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret-key\nmore\n"))
    kept = desk.json("secret", "set", "ai", "--stdin")
    assert kept == {"name": "ai", "place": "file"}
    found = {each["name"]: each for each in desk.json("secret", "list")["secrets"]}
    assert (found["ai"]["place"], found["ai-webhook"]["place"]) == ("file", "")
    assert found["ai"]["variable"] == "HELPDESK_SECRET_AI"
    listed = desk("secret", "list")
    assert "ai-webhook" in listed
    assert "s3cret" not in listed


def test_a_secret_that_comes_from_elsewhere_is_changed_there(desk, monkeypatch):
    monkeypatch.setenv("HELPDESK_SECRET_AI", "x")
    assert "environment" in desk.fails("secret", "set", "ai", "--stdin", code=2)
    found = {each["name"]: each["place"] for each in desk.json("secret", "list")["secrets"]}
    assert found["ai"] == "environment"


@pytest.mark.parametrize(
    ("arguments", "said", "code", "expected"),
    [
        (("a1",), "x", 4, "ai-webhook"),
        (("ai",), "\n", 2, "nothing was saved"),
        (("shop",), "x", 2, "helpdesk channel password shop"),
        (("shop-identity",), "x", 2, "identity-key"),
    ],
)
def test_what_cannot_be_kept_is_said(desk, monkeypatch, arguments, said, code, expected):
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.admin import Admin

    store = Store(desk.store)
    Admin(store, SYSTEM).add_channel("shop", "webchat", "shop", settings={}, sender_name="")
    store.close()
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    assert expected in desk.fails("secret", "set", *arguments, "--stdin", code=code)


def test_without_a_terminal_it_is_not_asked_for(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x"))
    assert "--stdin" in desk.fails("secret", "set", "ai", code=2)


def test_only_administrators_see_and_keep_them(desk):
    desk("agent", "add", "bob")
    for arguments in (("list",), ("set", "ai", "--stdin")):
        assert "role admin" in desk.fails("--agent", "bob", "secret", *arguments, code=3)

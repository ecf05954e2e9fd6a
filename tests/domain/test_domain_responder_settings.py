"""The settings of the assistant: which addresses it may ask and tell."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.table import setting


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ai-webhook-url", ""),
        ("ai-webhook-url", "https://desk.example/hook?a=b"),
        ("ai-endpoint-url", ""),
        ("ai-endpoint-url", "https://llm.shop.example:8443/v1"),
        ("ai-endpoint-url", "http://127.0.0.1:11434/v1"),
        ("ai-endpoint-url", "http://localhost:11434/v1"),
        ("ai-endpoint-url", "http://[::1]:11434/v1"),
        ("ai-agent", "built-in"),
        ("ai-handover", "webhook"),
        ("ai-solved-after", "20m"),
    ],
)
def test_what_holds_is_kept_as_it_is_written(name, value):
    assert setting(name).read([value]) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ai-webhook-url", "http://127.0.0.1/"),
        ("ai-webhook-url", "ftp://desk.example"),
        ("ai-webhook-url", "https://user:pass@desk.example/"),
        ("ai-webhook-url", "https://desk.example/#x"),
        ("ai-webhook-url", "https://desk.example:0/"),
        ("ai-webhook-url", "https://desk.example:x/"),
        ("ai-webhook-url", "https://[broken/"),
        ("ai-webhook-url", "https:///x"),
        ("ai-webhook-url", "https://desk.exämple/"),
        ("ai-webhook-url", "https://desk.example/\x1b"),
        ("ai-webhook-url", "https://desk.example/" + "x" * 500),
        ("ai-endpoint-url", "http://llm.shop.example/v1"),
        ("ai-endpoint-url", "http://10.0.0.1/v1"),
        ("ai-endpoint-url", "http://127.0.0.1.nip.io/v1"),
        ("ai-agent", "skynet"),
        ("ai-handover", "nobody"),
        ("ai-solved-after", "soon"),
    ],
)
def test_other_addresses_and_words_are_refused(name, value):
    with pytest.raises(UsageError):
        setting(name).read([value])

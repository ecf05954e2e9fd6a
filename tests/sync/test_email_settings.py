"""What the settings of an e-mail account may say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.email.settings import (
    Security,
    read_settings,
    uses_token,
)

ADDRESS = "support@shop.example"


def read(**values: Any) -> Any:
    return read_settings(json.dumps({"imap_host": "mail.shop.example", **values}), ADDRESS)


def test_a_host_is_enough_and_everything_is_encrypted():
    settings = read()
    assert (settings.imap.port, settings.imap.security) == (993, Security.TLS)
    assert (settings.smtp.host, settings.smtp.port) == ("mail.shop.example", 465)
    assert (settings.user, settings.smtp_user, settings.folder) == (ADDRESS, ADDRESS, "INBOX")


def test_ports_follow_the_security():
    settings = read(imap_security="starttls", smtp_security="starttls")
    assert (settings.imap.port, settings.smtp.port) == (143, 587)


def test_an_empty_smtp_user_means_no_login():
    assert read(smtp_user="").smtp_user == ""


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"imap_host": ""}, "channel.host-missing"),
        ({"imap_host": "mail\r\nevil"}, "channel.host-missing"),
        ({"imap_security": "maybe"}, "channel.security-unknown"),
        ({"imap_security": "none"}, "channel.plain-refused"),
        ({"smtp_security": "none"}, "channel.plain-refused"),
        ({"imap_port": 70000}, "channel.port-wrong"),
        ({"smtp_port": "abc"}, "channel.number-wrong"),
    ],
)
def test_what_cannot_work_or_is_not_safe_is_refused(values: dict[str, Any], code: str):
    with pytest.raises(UsageError) as caught:
        read(**values)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_broken_json_is_refused(text: str):
    with pytest.raises(UsageError) as caught:
        read_settings(text, ADDRESS)
    assert caught.value.code == "channel.settings-broken"


def test_a_missing_ca_file_is_named():
    with pytest.raises(UsageError) as caught:
        read(ca_file="/nowhere/ca.pem").imap.context()
    assert caught.value.values["path"] == "/nowhere/ca.pem"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"oauth": "google"}', True),
        ('{"oauth": ""}', False),
        ('{"oauth": null}', False),
        ('{"note": "no \\"oauth\\" here", "user": "oauth"}', False),
        ('["oauth"]', False),
        ("{", False),
        ("", False),
    ],
)
def test_only_a_named_provider_means_signing_in(text: str, expected: bool):
    assert uses_token(text) is expected

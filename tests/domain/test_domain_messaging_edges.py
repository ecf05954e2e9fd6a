"""Small questions about providers, numbers, links and files that have one right answer each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.media.limits import limits_of
from helpdesk_tui.domain.media.metadata import orientation_of
from helpdesk_tui.domain.media.personal_data import DataKind, PersonalData
from helpdesk_tui.domain.messaging.auto_reply import Facts, command_text, unsubscribed_text
from helpdesk_tui.domain.messaging.keywords import Command
from helpdesk_tui.domain.messaging.providers import Company, company_of, is_sandbox
from helpdesk_tui.domain.messaging.state import ConsentInfo, ConsentState, MessagingInfo
from helpdesk_tui.domain.messaging.twilio import is_number, is_short_code
from helpdesk_tui.domain.messaging.twilio_codes import known_numbers
from helpdesk_tui.domain.messaging.windows import window_end
from helpdesk_tui.domain.setting.media import largest_file


def account(settings: str) -> Account:
    return Account(1, "texts", "sms", "+15550001111", True, settings, AccountState.OK, "")


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [('{"provider": "sandbox"}', True), ('{"provider": "twilio"}', False), ("{broken", False)],
)
def test_a_sandbox_is_named_as_one(settings: str, wanted: bool) -> None:
    assert is_sandbox(account(settings)) is wanted


def test_behind_every_carrier_stands_a_company() -> None:
    assert company_of("twilio") is Company.TWILIO
    assert {company_of(each) for each in ("meta", "instagram-login", "facebook-login")} == {
        Company.META
    }


def test_a_sandbox_takes_files_without_a_relay() -> None:
    assert limits_of("sms", "twilio").needs_address
    assert not limits_of("sms", "sandbox").needs_address
    assert limits_of("sms", "sandbox").total == limits_of("sms", "twilio").total


@pytest.mark.parametrize(
    ("text", "number", "short"),
    [("+4790000001", True, False), ("12345", False, True), ("Acme", False, False)],
)
def test_numbers_are_told_from_names(text: str, number: bool, short: bool) -> None:
    assert (is_number(text), is_short_code(text)) == (number, short)


def test_numbers_of_errors_are_known() -> None:
    assert 21610 in known_numbers()


def test_a_channel_without_a_window_has_no_end_of_it() -> None:
    heard = datetime(2026, 11, 22, tzinfo=UTC)
    unknown = ConsentInfo(ConsentState.UNKNOWN)
    info = MessagingInfo(1, "texts", True, "twilio", "+1555", "+1556", heard, unknown)
    assert window_end(info, SMS) is None


def test_an_address_is_shown_as_it_is() -> None:
    found = PersonalData(DataKind.EMAIL, "ola@x.example", 0, 13)
    assert found.masked == "ola@x.example"


def test_how_much_is_fetched_is_a_setting_in_megabytes() -> None:
    assert largest_file({"largest-file": "7"}) == 7_000_000


def test_a_list_of_tags_that_is_cut_says_nothing() -> None:
    assert orientation_of(b"Exif\0\0II*\0\x08\0\0\0\x05\0") == 1
    assert orientation_of(b"Exif\0\0II*\0\xff\0\0\0\x05\0") == 1


def test_an_answer_is_silent_where_that_is_wished_and_has_no_holes() -> None:
    facts = Facts("+4790000001", name="Shop")
    assert unsubscribed_text("off", facts) == ""
    own = "{{ organization.prefix }}: hello {{ customer.first_name }} from {{ store.name }}"
    assert unsubscribed_text(own, facts) == "hello from Shop"
    assert "{{" not in command_text(Command.HELP, "", facts)

"""The settings of office hours and what follows them: read, normalised, refused, warned of."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.setting.hours import HOURS_SETTINGS
from helpdesk_tui.domain.setting.table import SETTINGS, Value


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("office-hours", "Mon-Fri 9-17", "mon-fri 9:00-17:00"),
        ("office-hours", "off", ""),
        ("office-zone", "Europe/Warsaw", "Europe/Warsaw"),
        ("office-zone", "", ""),
        ("office-holidays", "pl, se us-ca PL", ["PL", "SE", "US-CA"]),
        ("office-holidays", "none", []),
        ("office-exceptions", "2026-12-31 closed", "2026-12-31 closed"),
        ("office-exceptions", "none", ""),
        ("away-message", "", ""),
        ("away-message", "OFF", "off"),
        ("away-message", "Back {{ hours.next }}", "Back {{ hours.next }}"),
        ("open-message", "Hello", "Hello"),
        ("follow-up", "no", "off"),
        ("follow-up-address", "Support@Shop.Example", "support@shop.example"),
        ("follow-up-address", "", ""),
        ("team-mail-webchat", "a@b.example, c@d.example", ["a@b.example", "c@d.example"]),
        ("team-mail-every", "2m", "2m"),
    ],
)
def test_what_is_written_is_read(name: str, written: str, value: Value) -> None:
    assert SETTINGS[name].read([written]) == value


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("office-hours", "someday 9-17", "hours.unknown-day"),
        ("office-zone", "Nowhere/Land", "zone.unknown"),
        ("office-holidays", "Poland", "setting.not-a-country"),
        ("office-exceptions", "soon", "hours.bad-date"),
        ("away-message", "{{ nothing }}", "away.template"),
        ("follow-up-address", "a@b\r\nBcc: x", "address.invalid"),
        ("team-mail-email", "nobody", "address.invalid"),
        ("team-mail-every", "soon", "setting.not-a-time"),
    ],
)
def test_what_means_nothing_is_refused(name: str, written: str, code: str) -> None:
    with pytest.raises(HelpdeskError) as caught:
        SETTINGS[name].read([written])
    assert caught.value.code == code


def test_every_default_reads_as_itself() -> None:
    for each in HOURS_SETTINGS:
        given = each.default if isinstance(each.default, list) else [each.default]
        assert each.read(given) == each.default


@pytest.mark.parametrize(
    ("value", "domain"),
    [("shop@gmail.com", "gmail.com"), ("a@shop.example", ""), ("", ""), ([], "")],
)
def test_an_address_anybody_could_have_is_warned_of(value: Value, domain: str) -> None:
    warn = SETTINGS["follow-up-address"].warn
    assert warn is not None
    assert warn(value) == (("warning.free-mail", {"domain": domain}) if domain else None)

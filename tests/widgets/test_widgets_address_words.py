"""The words of a support address and its test: each thing is said once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.accounts import AddressState, AddressTest, AddressTestStage, SupportAddress
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.signs import UNICODE
from helpdesk_tui.widgets.words.addresses import address_page, trial_lines

AT = datetime(2026, 11, 22, tzinfo=UTC)
KEYS = {"open": "enter", "test": "t", "toggle": "o", "copy": "y", "rename": "n"}


def failing(code: str) -> SupportAddress:
    return SupportAddress(1, "help@shop.example", "", "shop", "box@shop.example",
                          AddressState.FAILING, "", AT, None, code, None, "")  # fmt: skip


def said(lines: PageLines) -> str:
    return " ".join("".join(span[0] for span in line) for line in lines)


@pytest.mark.parametrize(
    ("stage", "code", "once", "never"),
    [
        (
            AddressTestStage.TIMED_OUT,
            "address.test-timed-out",
            "did not arrive",
            "could not be sent",
        ),
        (AddressTestStage.FAILED, "address.test-bounced", "came back", "could not be sent"),
        (AddressTestStage.FAILED, "smtp.unreachable", "could not be sent", "came back"),
    ],
)
def test_how_a_test_went_wrong_is_said_once(
    stage: AddressTestStage, code: str, once: str, never: str
) -> None:
    test = AddressTest(stage, AT, 700.0, code, values={"host": "mx", "reason": "down"})
    text = said(trial_lines(failing(code), test, 400))
    assert text.count(once) == 1
    assert never not in text


def test_the_page_of_a_failing_address_says_why_once() -> None:
    text = said(address_page(failing("address.test-timed-out"), 400, UTC, UNICODE, KEYS))
    assert text.count("did not arrive") == 1
    assert "enter says what to check" in text

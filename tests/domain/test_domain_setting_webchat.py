"""What is written into the settings of the chat tab is read, or refused with words."""

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.table import SETTINGS
from helpdesk_tui.domain.setting.webchat import (
    DEFAULT_ACCENT,
    WEBCHAT_SETTINGS,
    colour,
    languages,
    origins,
    web_address,
)


def test_every_setting_of_the_chat_stands_on_its_tab() -> None:
    assert {each.name for each in WEBCHAT_SETTINGS} <= set(SETTINGS)
    assert {each.group for each in WEBCHAT_SETTINGS} == {"Webchat"}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["https://Shop.example/cart?x=1"], ["https://shop.example"]),
        (["https://a.example,", "https://b.example:8443 https://a.example"],
         ["https://a.example", "https://b.example:8443"]),
        (["http://localhost:8000"], ["http://localhost:8000"]),
        ([], []),
    ],
)  # fmt: skip
def test_origins_are_scheme_and_host(written: list[str], found: list[str]) -> None:
    assert origins(written) == found


@pytest.mark.parametrize(
    "written",
    ["shop.example", "http://shop.example", "javascript:alert(1)", "https://", "https://a@b.example",
     "https://x:99999", "https://żółw.example", "*"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        origins([written])
    assert caught.value.code == "setting.not-an-origin"


def test_pages_need_a_safe_scheme() -> None:
    assert web_address(["https://shop.example/privacy"]) == "https://shop.example/privacy"
    assert web_address([""]) == ""
    with pytest.raises(UsageError, match=r"setting\.not-a-page"):
        web_address(["javascript:alert(1)"])


def test_languages_keep_their_order() -> None:
    assert languages(["pl, en", "pt-BR", "pl"]) == ["pl", "en", "pt-BR"]
    with pytest.raises(UsageError, match=r"setting\.not-a-language"):
        languages(["p"])


def test_colours_are_written_in_full() -> None:
    assert colour(["#A0B1c2"]) == "#a0b1c2"
    assert colour([]) == DEFAULT_ACCENT
    with pytest.raises(UsageError, match=r"setting\.not-a-colour"):
        colour(["red"])

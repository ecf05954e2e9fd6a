from __future__ import annotations

from typing import Any

import pytest

from helpdesk_tui.domain.messaging.meta_templates import OTHER, template_of
from helpdesk_tui.domain.messaging.templates import TemplateFound

BODY = {"type": "BODY", "text": "Hello {{1}}, order {{ 2 }}."}
SAID = {
    "id": "7",
    "name": "order",
    "language": "en_US",
    "status": "APPROVED",
    "category": "UTILITY",
}


def status(*parts: dict[str, Any]) -> str:
    found = template_of({**SAID, "components": [*parts]})
    assert found is not None
    return found.status


def test_a_template_is_kept_as_it_is_listed() -> None:
    found = template_of({**SAID, "components": [BODY]})
    assert found == TemplateFound(
        "order", "en_US", "approved", "Hello {{1}}, order {{ 2 }}.", "utility", "7"
    )


@pytest.mark.parametrize("word", ["REJECTED", "PAUSED", "PENDING"])
def test_what_is_not_approved_says_so(word: str) -> None:
    found = template_of({**SAID, "status": word, "components": [BODY]})
    assert found is not None
    assert found.status == word.lower()


@pytest.mark.parametrize(
    "parts",
    [
        [BODY],
        [BODY, {"type": "FOOTER", "text": "Acme"}],
        [BODY, {"type": "HEADER", "format": "TEXT", "text": "News"}],
        [BODY, {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.example/"}]}],
        [{"type": "body", "text": "Thanks."}],
    ],
)
def test_numbered_values_of_the_text_are_what_we_can_fill_in(parts: list[dict[str, Any]]) -> None:
    assert status(*parts) == "approved"


@pytest.mark.parametrize(
    "parts",
    [
        [{"type": "BODY", "text": "Hello {{first_name}}"}],
        [BODY, {"type": "HEADER", "format": "IMAGE"}],
        [BODY, {"type": "HEADER", "format": "TEXT", "text": "For {{1}}"}],
        [BODY, {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.example/{{1}}"}]}],
    ],
)
def test_what_needs_more_than_that_is_not_offered(parts: list[dict[str, Any]]) -> None:
    assert status(*parts) == OTHER


@pytest.mark.parametrize(
    "said", [{}, {**SAID}, {**SAID, "name": "", "components": [BODY]}, {**SAID, "components": 5}]
)
def test_what_has_no_name_or_text_is_none(said: dict[str, Any]) -> None:
    assert template_of(said) is None

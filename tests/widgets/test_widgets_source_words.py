"""What people read when a source is tried out."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.widgets.words.checks import SOURCE_LABELS, check_label, check_words
from helpdesk_tui.widgets.words.errors import SENTENCES, sentence
from helpdesk_tui.widgets.words.source_checks import RIGHTS


def test_every_right_of_klaviyo_is_explained() -> None:
    assert {one.name for one in SOURCES["klaviyo"].scopes} <= set(RIGHTS)


@pytest.mark.parametrize("scope", sorted(RIGHTS))
def test_missing_right_says_which_how_to_mend_it_and_what_it_costs(scope: str) -> None:
    words = check_words(Check(scope, False, "source.scope", {"scope": scope}))
    assert scope in words
    assert "helpdesk source secret" in words
    assert RIGHTS[scope] in words


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check("login", True), ""),
        (Check("events:read", True), "what customers did, and which messages reached them"),
        (Check("predictions", True, values={"known": True}), "there are some"),
        (
            Check("predictions", True, values={"known": False}),
            "none: they come once enough customers have ordered enough",
        ),
        (
            Check("lists:read", True, values={"unseen": True}),
            "which lists customers are in; nobody is there yet to try it with",
        ),
    ],
)
def test_right_that_is_there_says_what_it_is_good_for(check: Check, words: str) -> None:
    assert check_words(check) == words


@pytest.mark.parametrize("code", ["source.credentials", "source.scope", "source.suspended"])
def test_what_is_to_be_mended_at_a_source_names_it(code: str) -> None:
    said = sentence(HelpdeskError(code, scope="x:read", status=402, text="no"), source="crm")
    assert "crm" in said
    assert "?" not in said


def test_steps_of_every_kind_of_source_have_names() -> None:
    assert check_label(Check("file", True)) in SOURCE_LABELS.values()
    assert check_label(Check("login", True)) == "key"
    assert check_label(Check("profiles:read", True)) == "profiles:read"


@pytest.mark.parametrize(
    "code", ["source.credentials", "source.version", "source.refused", "provider.paced"]
)
def test_trouble_of_a_source_has_a_sentence(code: str) -> None:
    assert code in SENTENCES
    assert "{" not in sentence(HelpdeskError(code, version="2026-07-15", text="no", scope="x:read"))

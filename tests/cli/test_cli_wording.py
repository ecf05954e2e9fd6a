"""Every error code that the program can raise has its sentence, in the one table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import helpdesk_tui
from helpdesk_tui.domain import errors, inbound
from helpdesk_tui.domain.messages import FileState
from helpdesk_tui.widgets.words.errors import SENTENCES, sentence
from helpdesk_tui.widgets.words.intake import REASONS

_ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}
_ERRORS |= {"AuthFailed", "Retry", "Rejected", "Uncertain"}


def raised_codes() -> Iterator[tuple[str, str]]:
    """Yield (code, place) of every error made with a literal code."""
    root = Path(helpdesk_tui.__file__).parent
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            first = node.args[0]
            if name in _ERRORS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, f"{file.relative_to(root)}:{node.lineno}"


def test_every_code_has_a_sentence() -> None:
    missing = {code: place for code, place in raised_codes() if code not in SENTENCES}
    assert missing == {}


def intake_reasons() -> Iterator[str]:
    """Yield every reason for which a mail makes no ticket."""
    for file in sorted(Path(inbound.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id in _ERRORS:
                # the reason of an error is none of a mail
                continue
            given = [word.value for word in node.keywords if word.arg == "reason"]
            if isinstance(node.func, ast.Name) and node.func.id == "rejected":
                given.append(node.args[1])
            for value in given:
                if isinstance(value, ast.Constant):
                    yield str(value.value)
                elif isinstance(value, ast.Name) and value.id.isupper():
                    yield str(getattr(inbound, value.id))


def test_every_reason_of_the_intake_list_has_a_sentence() -> None:
    reasons = set(intake_reasons())
    assert {"bounce", "empty", "out-of-office", "forwarded-by-hand"} <= reasons
    assert reasons <= REASONS.keys()


def test_sentences_are_one_line_that_no_value_can_break() -> None:
    hostile = "a\nb\x1b[31m\u202ec{x}"
    for code, template in SENTENCES.items():
        names = [part.split("}")[0] for part in template.split("{")[1:]]
        said = sentence(errors.HelpdeskError(code, **dict.fromkeys(names, hostile)))
        assert len(said.splitlines()) == 1, code
        assert "\x1b" not in said
        assert "\u202e" not in said


def test_an_unknown_code_still_says_something() -> None:
    assert "new.code" in sentence(errors.HelpdeskError("new.code", value=1))
    assert sentence(errors.HelpdeskError("id.bad")) == "? is no id: ids are whole numbers"


def test_no_sentence_is_there_for_nothing() -> None:
    root = Path(helpdesk_tui.__file__).parent
    tables = root / "widgets" / "words"
    assert (tables / "errors.py").exists()
    files = [file for file in root.rglob("*.py") if file.parent != tables]
    said = "\n".join(file.read_text("utf-8") for file in files)
    # these are put together where they are raised: the last word is a provider's, or a state
    made = ("query.unknown-", "twilio.", "meta.")
    states = {f"attachment.{state}" for state in FileState}
    codes = [code for code in SENTENCES if not code.startswith(made) and code not in states]
    assert [code for code in codes if code not in said] == []

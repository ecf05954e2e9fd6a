"""The sentences about keymaps that cannot be used, each with the way to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.keymap import Problem
from helpdesk_tui.widgets.words.language import N_, _

KEYMAP_SENTENCES: dict[str, str] = {
    "keymap.bad-preset": N_("there is no keymap preset {action}; there are {other}"),
    "keymap.duplicate": N_(
        "{key} is given to both {action} and {other}: give one of them another key"
    ),
    "keymap.impossible": N_(
        "{key} for {action} never arrives: terminals send it as {other}; choose another key"
    ),
    "keymap.letter-typed": N_(
        "{key} for {action} is wanted for writing: choose one with ctrl, or a function key"
    ),
    "keymap.no-such-key": N_(
        "{key} for {action} is no key: write x, X, ctrl+x, f5, space, or a sequence such as g x"
    ),
    "keymap.not-keys": N_("{action} needs a key or a list of keys, in quotes"),
    "keymap.refused": N_("the keys in {path} cannot be used; to mend ({count}):"),
    "keymap.shadow": N_(
        "{key} for {action} begins {other}, which could not be typed alone: give one of them"
        " another key"
    ),
    "keymap.unknown-action": N_("there is no action {action}; helpdesk keys names them all"),
    "keymap.unsafe": N_("{key} for {action} may not arrive: it is taken by {other}"),
}


def problem_sentence(problem: Problem, lines: Mapping[str, int] | None = None) -> str:
    """Return what is wrong and how to mend it, with the line of the file where that is known."""
    text = _(KEYMAP_SENTENCES[problem.code]).format(
        action=clean(problem.action), key=clean(problem.key), other=clean(_(problem.other))
    )
    line = (lines or {}).get(problem.action) or (lines or {}).get(problem.other.partition(" ")[0])
    return _("line {line}: {text}").format(line=line, text=text) if line else text


def refusal(
    problems: Sequence[Problem], file: str, lines: Mapping[str, int] | None = None
) -> UsageError:
    """Return the error that keeps the program from starting, naming all problems at once."""
    said = tuple(dict.fromkeys(problem_sentence(problem, lines) for problem in problems))
    return UsageError("keymap.refused", count=len(said), path=file, details=said)

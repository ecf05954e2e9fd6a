"""``faq ask``: what the assistant would answer to a question, how sure it is, and why."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.domain.faq import language_tag
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.domain.answering.conduct import Step
    from helpdesk_tui.domain.answering.index import Fit
    from helpdesk_tui.domain.answering.responder import Verdict

_DOES = N_(
    {
        "answer": "answers with {source}",
        "rephrase": "has no answer and asks for other words",
        "greeting": "greets back",
        "thanks": "says that it was a pleasure",
        "solved": "ends the chat as solved",
        "asked": "hands over: the visitor asks for a person",
        "unsure": "hands over: not sure enough of {source}",
        "not-helped": "hands over: the answer did not help",
        "misses": "hands over: no answer twice in a row",
    }
)


def run(args: argparse.Namespace) -> int:
    """Print what the built-in responder makes of a question."""
    from helpdesk_tui.domain.answering.conduct import Asked, decide
    from helpdesk_tui.services.chat.knowledge import Knowledge

    out = output_of(args)
    language = language_tag(args.language) if args.language else "en"
    with desk_of(args) as desk:
        verdict = Knowledge(desk.store).responder().ask(args.question, language)
    step = decide(verdict, Asked())
    if out.json:
        out.document(_json(verdict, step))
    else:
        _say(out.say, verdict, step)
    return 0


def _json(verdict: Verdict, step: Step) -> dict[str, Any]:
    passage = verdict.passage
    return {
        "action": step.action.value,
        "reason": step.reason.value if step.reason else None,
        "kind": verdict.kind.value,
        "language": verdict.language,
        "confidence": round(verdict.confidence, 3),
        "answer": verdict.answer or None,
        "passage": passage.id if passage else None,
        "source": verdict.source or None,
        "understood": [
            {"said": term.said, "as": sorted(term.keys), "misspelled": term.is_guess}
            for term in verdict.terms
        ],
        "candidates": [_fit_json(fit) for fit in verdict.fits],
    }


def _fit_json(fit: Fit) -> dict[str, Any]:
    return {
        "passage": fit.passage.id,
        "source": fit.passage.source,
        "asked": round(fit.asked, 3),
        "meant": round(fit.meant, 3),
        "shared": list(fit.shared),
        "lacking": list(fit.lacking),
    }


def _say(say: Callable[[str], None], verdict: Verdict, step: Step) -> None:
    does = (step.reason or step.saying or step.action).value
    say(_(_DOES[does]).format(source=f"“{clean(verdict.source)}”"))
    for line in verdict.answer.split("\n") if verdict.answer else ():
        say(f"  {clean(line)}".rstrip())
    say(
        _("confidence {percent} %, language {language}").format(
            percent=round(100 * verdict.confidence), language=verdict.language
        )
    )
    if verdict.terms:
        heard = ", ".join(f"{clean(term.said)} → {'/'.join(sorted(term.keys))}"
                          for term in verdict.terms)  # fmt: skip
        say(_("understood: {words}").format(words=heard))
    for fit in verdict.fits:
        said = _(
            "{source}: has {asked} % of what is asked, asked for {meant} % of what it says;"
            " lacks {lacking}"
        ).format(
            source=clean(fit.passage.source),
            asked=round(100 * fit.asked),
            meant=round(100 * fit.meant),
            lacking=", ".join(map(clean, fit.lacking)) or "-",
        )
        say(f"  {said}")

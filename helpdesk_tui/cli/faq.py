"""``faq``: the questions of customers with their answers, listed and changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.faq import FaqDraft, FaqItem, language_tag
from helpdesk_tui.domain.faq_files import DEFAULT_LANGUAGE
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.services.faq import Faq
from helpdesk_tui.widgets.words.language import N_, _

_QUESTION_WIDTH = 60
_LARGEST = 100_000


def list_faq(args: argparse.Namespace) -> int:
    """List entries."""
    out = output_of(args)
    with desk_of(args) as desk:
        if args.removed:
            wanted = language_tag(args.language) if args.language else ""
            found = tuple(each for each in desk.faq.removed() if wanted in ("", each.language))
        else:
            found = desk.faq.all(args.language, published=args.published)
    if args.category:
        found = tuple(each for each in found if each.category.lower() == args.category.lower())
    if out.json:
        out.document({"faq": [faq_json(each) for each in found]})
    elif out.quiet:
        out.ids([each.id for each in found])
    elif found:
        head = N_(("NAME", "LANGUAGE", "SHOWN", "CATEGORY", "QUESTION", "HELPED", "NOT"))
        rows: list[tuple[str, ...]] = [tuple(_(name) for name in head)]
        rows += [_row(each) for each in found]
        out.table(rows, right=frozenset({5, 6}))
    else:
        out.say(_("no entries"))
    return 0


def _row(item: FaqItem) -> tuple[str, ...]:
    shown = _("yes") if item.published else _("no")
    question = shorten(item.question, _QUESTION_WIDTH)
    return (
        item.key, item.language, shown, item.category or "-", question, str(item.helped),
        str(item.failed),
    )  # fmt: skip


def faq_json(item: FaqItem) -> dict[str, Any]:
    """Return an entry as scripts are told of it."""
    return {
        "id": str(item.id),
        "key": item.key,
        "language": item.language,
        "question": item.question,
        "answer": item.answer,
        "category": item.category or None,
        "words": item.words or None,
        "published": item.published,
        "position": item.position,
        "helped": item.helped,
        "failed": item.failed,
        "updated_at": rfc3339(item.updated_at),
        "version": item.version,
    }


def show(args: argparse.Namespace) -> int:
    """Print an entry with its translations."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.faq.find(args.key, args.language)
    if out.json:
        out.document({"faq": [faq_json(each) for each in found]})
        return 0
    for number, item in enumerate(found):
        if number:
            out.say("")
        _say(out.say, item)
    return 0


def _say(say: Callable[[str], None], item: FaqItem) -> None:
    shown = _("published") if item.published else _("not published")
    parts = [item.key, item.language, *([item.category] if item.category else []), shown]
    say(" · ".join(clean(part) for part in parts))
    say(clean(item.question))
    for line in item.answer.split("\n"):
        say(f"  {clean(line)}".rstrip())
    if item.words:
        say(_("also found by: {words}").format(words=clean(item.words.replace("\n", ", "))))


def add(args: argparse.Namespace) -> int:
    """Write a new entry."""
    draft = FaqDraft(
        language=args.language or DEFAULT_LANGUAGE,
        question=args.question,
        answer=_answer(args.answer) or "",
        key=args.key,
        category=args.category or "",
        words=args.words or "",
        published=args.publish,
    )
    with desk_of(args) as desk:
        return _done(args, [desk.faq.add(draft)])


def edit(args: argparse.Namespace) -> int:
    """Change what is named of an entry."""
    fields = {
        "question": args.question,
        "answer": _answer(args.answer),
        "category": args.category,
        "words": args.words,
        "key": args.new_key or None,
    }
    said = {name: value for name, value in fields.items() if value is not None}
    if not said:
        raise UsageError("argument.missing", name="--question, --answer, --category, --words")
    with desk_of(args) as desk:
        item = desk.faq.find_one(args.key, args.language)
        version = item.version if args.version is None else args.version
        draft = replace(item.draft, **said)
        return _done(args, [desk.faq.change(item.id, draft, version=version)])


def _answer(text: str | None) -> str | None:
    return sys.stdin.read() if text == "-" else text


def publish(args: argparse.Namespace) -> int:
    """Show entries to visitors."""
    return _each(args, lambda faq, item: faq.publish(item.id))


def unpublish(args: argparse.Namespace) -> int:
    """Hide entries from visitors."""
    return _each(args, lambda faq, item: faq.publish(item.id, is_published=False))


def remove(args: argparse.Namespace) -> int:
    """Remove entries."""
    return _each(args, lambda faq, item: faq.remove(item.id, version=item.version))


def restore(args: argparse.Namespace) -> int:
    """Bring removed entries back."""
    wanted = language_tag(args.language) if args.language else ""
    with desk_of(args) as desk:
        there = [each for each in desk.faq.removed() if wanted in ("", each.language)]
        found = [item for key in args.keys for item in _of_key(there, key, wanted)]
        return _done(args, [desk.faq.restore(item.id) for item in found])


def _of_key(items: Sequence[FaqItem], key: str, language: str) -> list[FaqItem]:
    found = [item for item in items if item.key == key.lower()]
    if not found:
        raise NotFound("faq.unknown", key=clean(key), language=language or "-")
    return found


def _each(args: argparse.Namespace, do: Callable[[Faq, FaqItem], FaqItem]) -> int:
    """Do something to entries; all of them are looked up before the first is changed."""
    with desk_of(args) as desk:
        found = [item for key in args.keys for item in desk.faq.find(key, args.language)]
        return _done(args, [do(desk.faq, item) for item in found])


def move(args: argparse.Namespace) -> int:
    """Put an entry further up or down."""
    by = {"up": -1, "down": 1, "first": -_LARGEST, "last": _LARGEST}[args.way]
    with desk_of(args) as desk:
        item = desk.faq.find_one(args.key, args.language)
        return _done(args, [desk.faq.move(item.id, by)])


def _done(args: argparse.Namespace, items: Sequence[FaqItem]) -> int:
    out = output_of(args)
    if out.json:
        out.document({"faq": [faq_json(item) for item in items]})
    elif out.quiet:
        out.ids([item.id for item in items])
    else:
        for item in items:
            out.say(f"{item.key} ({item.language}): {shorten(item.question, _QUESTION_WIDTH)}")
    return 0

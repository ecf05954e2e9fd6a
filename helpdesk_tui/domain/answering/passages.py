"""What the shop has written, as passages: entries of the FAQ, and texts cut at their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.lexicon import guess_language
from helpdesk_tui.domain.answering.pages import Page
from helpdesk_tui.domain.answering.stems import words_of
from helpdesk_tui.domain.faq import FaqItem
from helpdesk_tui.domain.text import clean, clean_lines

LONGEST = 1_200
"""Characters of one passage: longer parts are cut at their paragraphs."""
MOST_PASSAGES = 2_000

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*")
_FENCE = re.compile(r"\s*(```|~~~)")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\(([^)\s]{0,500})[^)\n]{0,200}\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PARAGRAPHS = re.compile(r"\n\s*\n")


def faq_passages(items: Iterable[FaqItem]) -> list[Passage]:
    """Return entries of the FAQ as passages."""
    return [
        Passage(
            f"faq:{item.key}", item.question, item.language, item.question, item.answer,
            item.category, item.words,
        )
        for item in items
    ]  # fmt: skip


def text_passages(name: str, text: str) -> list[Passage]:
    """Return the parts of a Markdown text under their headings.

    Args:
        name: Of the file; what customers are told as the source is the topmost heading, if any.
        text: The text; comments in it are left out, for customers never saw them.
    """
    text = _COMMENT.sub("", clean_lines(text))
    title = clean(name).rpartition("/")[2].rpartition(".")[0] or clean(name)
    return list(islice(_cut(f"file:{name}", text, title), MOST_PASSAGES))


def page_passages(pages: Iterable[Page]) -> list[Passage]:
    """Return the parts of pages under their headings; what stands on several is taken once."""
    found: dict[tuple[str, str], Passage] = {}
    for page in pages:
        title = clean(page.title) or page.address
        source = f"{title} ({page.address})" if page.title else page.address
        text = clean_lines(page.text)
        for each in _cut(f"page:{page.address}", text, title, page.language):
            found.setdefault((each.question, each.answer), replace(each, source=source))
            if len(found) >= MOST_PASSAGES:
                return list(found.values())
    return list(found.values())


def _cut(place: str, text: str, title: str, language: str = "") -> Iterator[Passage]:
    """Yield the parts of a text; the topmost heading, or else the title, is what they are of."""
    language = language or guess_language(words_of(text), "en")
    for path, body in _sections(text):
        source = path[0] if path else title
        heading = " – ".join(path[1:] or path) or title
        for number, part in enumerate(_parts(_plain(body))):
            part_id = f"{place}#{'/'.join(path)}" + (f"~{number}" if number else "")
            yield Passage(part_id, source, language, heading, part, category=source, is_entry=False)


def _sections(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the headings over each part of a text, with the part."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    is_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
            continue
        heading = None if is_code else _HEADING.fullmatch(line)
        if heading is None:
            lines.append(line)
            continue
        yield tuple(name for _, name in path), "\n".join(lines)
        level = len(heading[1])
        path = [each for each in path if each[0] < level] + [(level, _plain(heading[2]))]
        lines = []
    yield tuple(name for _, name in path), "\n".join(lines)


def _plain(text: str) -> str:
    """Return Markdown as customers read it: no marks, links with their addresses."""
    text = _LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[1] else found[2], text)
    return _STRONG.sub(r"\2", text).strip()


def _parts(body: str) -> Iterator[str]:
    part = ""
    for paragraph in _PARAGRAPHS.split(body):
        whole = paragraph.strip()[:LONGEST]
        if part and len(part) + len(whole) > LONGEST:
            yield part
            part = ""
        part = f"{part}\n\n{whole}".strip()
    if part:
        yield part

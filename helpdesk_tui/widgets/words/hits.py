"""What a search found, drawn: the piece of text with the words marked, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from helpdesk_tui.domain.query.hits import Hit, Wanted, marked
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import fit
from helpdesk_tui.widgets.words.language import N_, _

_PLACES = {"files": N_("file"), "people": N_("person")}


def hit_spans(hit: Hit, room: int, quiet: Ink) -> list[Span]:
    """Return a hit in at most ``room`` cells: where it stands, then the text around it."""
    spans: list[Span] = []
    if hit.is_note:
        spans.append((f"{_('note')}  ", Ink.WAITING))
    if hit.place in _PLACES:
        spans.append((f"{_(_PLACES[hit.place])}  ", quiet))
    text, ranges = hit.snippet.text, hit.snippet.ranges
    spans += _split(text, ranges, quiet if hit.place == "body" else Ink.SOFT)
    return fit(spans, room)


def mark_spans(spans: Sequence[Span], wanted: tuple[Wanted, ...], place: str) -> tuple[Span, ...]:
    """Return the spans of one line with the words that were looked for marked in them."""
    text = "".join(part for part, _ink in spans)
    ranges = marked(text, wanted, place)
    if not ranges:
        return tuple(spans)
    out: list[Span] = []
    at = 0
    for part, ink in spans:
        here = [
            (max(0, begin - at), min(len(part), end - at))
            for begin, end in ranges
            if begin < at + len(part) and end > at
        ]
        out += _split(part, here, ink)
        at += len(part)
    return tuple(out)


def _split(text: str, ranges: Iterable[tuple[int, int]], ink: Ink) -> list[Span]:
    out: list[Span] = []
    at = 0
    for begin, end in ranges:
        if begin > at:
            out.append((text[at:begin], ink))
        out.append((text[begin:end], Ink.MARK))
        at = end
    if at < len(text):
        out.append((text[at:], ink))
    return out

"""The words of files on their way out: limits, what looks private, what was made of a picture."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.media.limits import Finding
from helpdesk_tui.domain.media.personal_data import DataKind
from helpdesk_tui.widgets.words.language import Marked, _
from helpdesk_tui.widgets.words.locale_forms import size_label

MEDIA_SENTENCES: Marked[Mapping[str, str]] = {
    "media.empty": "{name} is empty: nothing would arrive",
    "media.too-many": "{count} files: at most {most} go in one message",
    "media.not-taken": "files of the type {type} are not taken here: {name}",
    "media.too-large": "{name} has {size}, at most {limit} are taken of this type",
    "media.too-large-together": "the files have {size} together, at most {limit} are taken",
    "media.may-not-arrive": "{size} in all: some networks carry no more than {limit}, so that it"
    " may not arrive",
    "media.slow": "{size} in all: more than {limit} arrive slowly",
    "media.no-picture": "that is no picture that can be read here",
    "media.too-many-pixels": "the picture has {width} × {height} pixels: too many to work on here",
    "media.moves": "the picture moves: only one that stands still can be changed here",
    "media.cannot-shrink": "it cannot be made small enough: {limit} bytes are left for it",
    "media.nothing-chosen": "no region is chosen: nothing to black out",
}
"""Sentences of what is said of files before they leave."""

PERSONAL: Marked[Mapping[DataKind, str]] = {
    DataKind.CARD: "a card number",
    DataKind.IBAN: "a bank account",
    DataKind.EMAIL: "the address of another customer",
}
"""What in a text looks private."""


_SIZES = ("size", "limit")


def finding_words(finding: Finding) -> str:
    """Return what is to be said of files as a sentence."""
    from helpdesk_tui.widgets.words.errors import sentence_of

    return sentence_of(
        finding.code, **{name: _shown(name, value) for name, value in finding.values.items()}
    )


def _shown(name: str, value: object) -> object:
    return size_label(value) if name in _SIZES and isinstance(value, int) else value


def personal_words(kind: DataKind) -> str:
    """Return what something looks like."""
    return _(PERSONAL[kind])

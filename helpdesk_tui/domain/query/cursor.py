"""What stands at the cursor of a query being typed: what could be completed there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.query.fields import (
    ALIASES,
    BY_NAME,
    GMAIL_TIMES,
    OFFERED,
    Field,
    Kind,
    own_name,
)  # fmt: skip
from helpdesk_tui.domain.text import fold


class ProposalKind(StrEnum):
    """What a proposal is."""

    OPERATOR = "operator"
    VALUE = "value"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that could stand at the cursor."""

    kind: ProposalKind
    text: str
    """What is put in."""
    label: str
    """What is shown."""
    count: int | None = None
    """How many tickets it would find; None where that is not known cheaply."""
    is_more: bool = False
    """There are more than ``count``."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Proposals for a piece of a query."""

    start: int
    end: int
    """What a chosen proposal takes the place of: the text from ``start`` up to before ``end``."""
    proposals: tuple[Proposal, ...]
    cursor: int = -1
    """Where the cursor stands in that piece; below 0 for its end."""

    def apply(self, text: str, proposal: Proposal) -> tuple[str, int]:
        """Return the query with a proposal in its place, and where the cursor goes.

        What stands behind the cursor stays: as the end of the proposal where it is that, else as
        a word of its own.
        """
        tail = self._tail(text, proposal)
        rest = text[self.end :]
        made = text[: self.start] + proposal.text
        if proposal.kind is ProposalKind.OPERATOR:
            return made + tail + rest, len(made)
        if tail:
            rest = f" {tail}{rest}"
        elif not rest.startswith((" ", ",", ")")):
            rest = f" {rest}"
        return made + rest, len(made) + 1

    def _tail(self, text: str, proposal: Proposal) -> str:
        """Return what is behind the cursor and not in the proposal."""
        tail = "" if self.cursor < 0 else text[self.cursor : self.end]
        if proposal.kind is ProposalKind.OPERATOR:
            name, colon, value = tail.partition(":")
            if colon:
                is_end = fold(proposal.text).endswith(fold(name) + colon)
                return value if is_end else f" {tail}"
            return tail
        is_quoted = tail.endswith('"')
        tail = tail.removesuffix('"')
        if not tail.strip() or fold(proposal.text.removesuffix('"')).endswith(fold(tail)):
            return ""
        return f'"{tail.strip()}"' if is_quoted else tail


@dataclass(frozen=True, slots=True)
class Spot:
    """What is being typed at the cursor."""

    start: int
    end: int
    typed: str
    """What stands there up to the cursor, without quotation mark."""
    field: Field | None = None
    """The operator whose value it is; None for a word, which may become an operator."""


_COMPARISONS = (">=", "<=", ">", "<", "~")


def spot_at(text: str, cursor: int) -> Spot | None:
    """Return what is being typed at a place; None inside of quoted words of no operator."""
    cursor = max(0, min(cursor, len(text)))
    start, quote = _piece_start(text, cursor)
    piece = text[start:cursor]
    sign = len(piece) - len(piece.lstrip("-("))
    start, piece = start + sign, piece[sign:]
    name, colon, value = piece.partition(":")
    end = _piece_end(text, cursor, is_quoted=quote >= 0)
    if not colon:
        return None if quote >= 0 else Spot(start, end, piece)
    field = BY_NAME.get("updated" if name.lower() in GMAIL_TIMES else own_name(name.lower()))
    if field is None:
        return None
    for sign_text in _COMPARISONS:
        if value.startswith(sign_text):
            value = value[len(sign_text) :]
            break
    typed = value if quote >= 0 else value.rpartition(",")[2]
    if quote >= 0:
        typed = text[quote + 1 : cursor]
    at = cursor - len(typed) - (1 if quote >= 0 else 0)
    return Spot(at, end, typed, field)


def _piece_start(text: str, cursor: int) -> tuple[int, int]:
    """Return where the piece at the cursor starts, and the quotation mark it stands in (or -1)."""
    start, quote = 0, -1
    for place, char in enumerate(text[:cursor]):
        if char == '"':
            quote = place if quote < 0 else -1
        elif char.isspace() and quote < 0:
            start = place + 1
    return start, quote


def _piece_end(text: str, cursor: int, *, is_quoted: bool) -> int:
    if is_quoted:
        close = text.find('"', cursor)
        return len(text) if close < 0 else close + 1
    end = cursor
    while end < len(text) and not text[end].isspace() and text[end] not in ',()"':
        end += 1
    return end


def operators_for(typed: str) -> tuple[Proposal, ...]:
    """Return the operators that begin with what is typed, ours before other programs' names."""
    wanted = typed.lower()
    found = [name for name in OFFERED if name.startswith(wanted)]
    if wanted:
        other = (*ALIASES, *GMAIL_TIMES)
        found += [name for name in other if name.startswith(wanted) and name not in found]
    return tuple(Proposal(ProposalKind.OPERATOR, f"{name}:", f"{name}:") for name in found)


def fixed_values(spot: Spot) -> tuple[str, ...]:
    """Return the values of a fixed list that begin with what is typed, or examples of others."""
    field = spot.field
    if field is None:
        return ()
    values = field.values
    examples: dict[Kind, tuple[str, ...]] = {
        Kind.TIME: ("today", "yesterday", "<1h", "<1d", "<7d", ">7d", "<30d"),
        Kind.NUMBER: ("0", ">1", ">5", ">10"),
        Kind.AMOUNT: (">0.5", ">0.8") if field.name == "churn" else (">50", ">100", ">500"),
        Kind.SIZE: ("1mb", "5mb", "10mb"),
        Kind.LIMIT: ("10", "50", "100"),
    }
    return tuple(
        value for value in values or examples.get(field.kind, ())
        if fold(value).startswith(fold(spot.typed))
    )  # fmt: skip


def quoted_value(value: str) -> str:
    """Return a value as it is typed: in quotation marks where it holds more than letters."""
    is_plain = not any(char.isspace() or char in '",()' for char in value)
    return value if is_plain else '"' + value.replace('"', "") + '"'

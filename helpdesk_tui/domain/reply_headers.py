"""What the headers and the quoted part of a reply are made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.text import clean, clean_lines

MAX_REFERENCES = 20
"""Ids in References: the first and the last nineteen of a longer chain."""
MAX_QUOTED = 40_000
"""Characters of the customer's message that a reply quotes."""

_MAX_ADDRESS = 254
_MAX_ID = 998
_ID = re.compile(r"[!-;=?A-~]{1,497}@[!-;=?A-~]{1,497}")
_REPLY_PREFIX = re.compile(r"\s*(re|aw|sv|odp|antw|res|vs)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}")
_FORBIDDEN = frozenset('<>()[],;:\\"')


def is_valid_id(value: str) -> bool:
    """Tell whether a Message-ID (without brackets) may stand in a header of ours."""
    return len(value) <= _MAX_ID and _ID.fullmatch(value) is not None


def id_domain(address: str) -> str:
    """Return the domain of one of our addresses in ASCII, as a Message-ID needs it."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return domain.encode("idna").decode() if domain else "localhost"
    except UnicodeError:
        return "localhost"


def check_address(text: str) -> str:
    """Return a mail address in lower case, refusing what could break out of a header.

    Raises:
        UsageError: ``address.invalid``. Nothing is stripped but outer spaces: an address with a
            line break in it is an attack or a mistake, never an address.
    """
    address = text.strip(" ")
    local, at, domain = address.rpartition("@")
    if not (at and local and domain) or len(address) > _MAX_ADDRESS or "@" in local:
        raise UsageError("address.invalid", address=clean(text))
    if not _LOCAL.fullmatch(local) or ".." in address or domain.startswith((".", "-")):
        raise UsageError("address.invalid", address=clean(text))
    if any(char in _FORBIDDEN or unicodedata.category(char)[0] in "CZ" for char in domain):
        raise UsageError("address.invalid", address=clean(text))
    return address.lower()


def recipients(addresses: Iterable[str], *, leave_out: Iterable[str] = ()) -> tuple[str, ...]:
    """Return checked addresses, each once and in order, without those to leave out."""
    dropped = {address.lower() for address in leave_out}
    checked = dict.fromkeys(check_address(address) for address in addresses)
    return tuple(address for address in checked if address not in dropped)


def reply_subject(subject: str) -> str:
    """Return the subject of a reply: one clean line with one prefix."""
    line = " ".join(clean(subject).split())
    return line if _REPLY_PREFIX.match(line) else f"Re: {line}".rstrip()


def chain(
    answered_id: str, answered_refs: Sequence[str], known: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return References of a reply, the id of the answered message last.

    Clients cut this header at its front; where the oldest id is one that we know, its own chain
    stands before it again.

    Args:
        answered_id: Message-ID of the message that is answered; may be empty.
        answered_refs: Its References and In-Reply-To.
        known: Message-ID → References of the messages of the ticket.
    """
    ids = [*answered_refs, answered_id]
    seen: set[str] = set()
    while ids and ids[0] in known and ids[0] not in seen:
        seen.add(ids[0])
        ids = [*(each for each in known[ids[0]] if each not in ids), *ids]
    valid = list(dict.fromkeys(each for each in ids if is_valid_id(each)))
    if len(valid) > MAX_REFERENCES:
        valid = [valid[0], *valid[1 - MAX_REFERENCES :]]
    return tuple(valid)


def quoted(text: str) -> str:
    """Return ``text`` with ``>`` before each line, cut where it is very long."""
    body = clean_lines(text).strip("\n")
    if len(body) > MAX_QUOTED:
        body = body[:MAX_QUOTED].rstrip() + "\n[…]"
    lines = (line.rstrip() for line in body.split("\n"))
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def with_quote(text: str, *, name: str, at: datetime, original: str, marker: str) -> str:
    """Return the text of a reply above the quoted message, the marker at its end.

    Args:
        text: What the agent wrote, signature included.
        name: Who wrote the quoted message.
        at: When.
        original: The quoted message; empty where there is none. A text that quotes lines of it
            itself gets no second quotation.
        marker: Names the ticket to us when the customer's client keeps the quote.
    """
    if not original.strip() or answers_inline(text, original):
        return f"{text}\n\n> {marker}\n"
    return f"{text}\n\n{quotation(original, name=name, at=at)}\n>\n> {marker}\n"


def quotation(original: str, *, name: str, at: datetime) -> str:
    """Return a quoted message below the line that says whose it is."""
    who = " ".join(clean(name).split()) or "you"
    return f"On {at:%Y-%m-%d %H:%M %Z}, {who} wrote:\n{quoted(original)}"


def answers_inline(text: str, original: str) -> bool:
    """Tell whether a text quotes lines of a message: then its author answers between them."""
    own = {_bare(line) for line in text.split("\n") if line.startswith(">")} - {""}
    return bool(own) and any(_bare(line) in own for line in clean_lines(original).split("\n"))


def _bare(line: str) -> str:
    return line.lstrip("> ").rstrip()


def signed(text: str, signature: str) -> tuple[str, tuple[Fold, ...]]:
    """Return what an agent wrote as it leaves: harmless lines, the signature below and folded."""
    body = clean_lines(text).strip("\n").rstrip()
    below = clean_lines(signature).strip()
    if not below:
        return body, ()
    full = f"{body}\n\n-- \n{below}"
    return full, (Fold(len(body) + 2, len(full), FoldKind.SIGNATURE),)


def unsigned(text: str, folds: Sequence[Fold]) -> str:
    """Return a text as it was typed, for the draft."""
    for part in folds:
        if part.kind is FoldKind.SIGNATURE:
            return text[: part.start].rstrip("\n")
    return text

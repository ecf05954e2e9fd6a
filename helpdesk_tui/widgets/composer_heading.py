"""What the frame of the composer says: what is written, to whom, how much, and the next keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.content import Content

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.keymap import shown
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.words.messaging import Meter, length_meter
from helpdesk_tui.widgets.wrap import cells

_BETWEEN = " · "
_NEAR = 0.1
"""Share of the longest text: where less is left, it is told how much."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the frame says: what is written, to whom, from where."""

    to: str
    channel: str
    sender: str
    ticket_id: int
    copies: int = 0
    closed: str = ""
    """Why no reply can leave from here; empty where one can."""
    hidden: int = 0
    """Blind copies."""
    is_chat: bool = False
    """Both sides are there at once."""
    there: str = ""
    """Of a chat: whether its visitor is there, in words."""
    limit: int = 0
    """Characters of one message; 0: any number."""
    enter_sends: bool = False
    """Enter sends, and the composer stays open for the next text."""
    is_messaging: bool = False
    """A provider carries it: what keeps a reply from leaving stands in lines of its own."""
    ways: tuple[str, ...] = ()
    """What can be done instead where no reply can leave, in a word or two each."""
    warning: str = ""
    """Why a reply, though it can leave, may be in vain; ``ways`` then say where else to write."""
    window: Meter | None = None
    """How long there is still time for a reply."""

    def title(self, kind: DraftKind) -> str:
        """Return the title of the frame."""
        if kind is DraftKind.NOTE:
            return _("internal note · stays here, never sent · #{ticket_id}").format(
                ticket_id=self.ticket_id
            )
        if self.is_messaging:
            return self._over_messaging()
        if self.closed:
            return clean(self.closed)
        if self.is_chat:
            there = f" · {self.there}" if self.there else ""
            return _("chat with {name}").format(name=clean(self.to)) + there
        sender = " · " + _("from {sender}").format(sender=clean(self.sender)) if self.sender else ""
        others = " " + _("+ {copies} cc").format(copies=self.copies) if self.copies else ""
        others += " " + _("+ {hidden} bcc").format(hidden=self.hidden) if self.hidden else ""
        if kind is DraftKind.FORWARD:
            to = clean(self.to) or _("somebody outside")
            return _("forward to {to}{others} · the customer does not see it{sender}").format(
                to=to, others=others, sender=sender
            )
        return _("reply to {to}{others} · {channel}{sender}").format(
            to=clean(self.to), others=others, channel=clean(self.channel), sender=sender
        )

    def _over_messaging(self) -> str:
        label = CHANNELS[self.channel].label
        words = _("reply to {to} · {channel}").format(to=clean(self.to), channel=label)
        if self.closed:
            return words + " · " + _("locked")
        return words + " " + _("from {sender}").format(sender=clean(self.sender))

    def length(self, text: str) -> Meter | None:
        """Return how much of a message a text takes, where that is worth knowing."""
        spec = CHANNELS.get(self.channel)
        if self.is_messaging and spec is not None:
            meter = length_meter(text, spec) if text else None
            if meter is not None:
                return meter
        left = self.limit - len(text)
        if self.limit and left < self.limit * _NEAR:
            return Meter(_("{count} left").format(count=number(left)), left < 0)
        return None


def next_keys(heading: Heading, kind: DraftKind) -> tuple[tuple[str, str], ...]:
    """Return the keys that matter next: actions of the table, and what each does."""
    review, other, people = "composer.review", "composer.kind", "composer.recipients"
    if kind is DraftKind.NOTE:
        return (review, _("{key} adds the note")), (other, _("{key} reply"))
    if heading.closed:
        opener = "composer.send" if heading.enter_sends else review
        opens = ((opener, _("{key} what can be done")),) if heading.ways else ()
        note, keep = _("{key} writes a note"), _("{key} keeps the draft")
        return (*opens, (other, note), ("composer.close", keep))
    if kind is DraftKind.FORWARD:
        return (review, _("{key} review")), (people, _("{key} recipients"))
    if heading.enter_sends:
        send, line = "composer.send", "composer.newline"
        return (send, _("{key} sends")), (line, _("{key} new line")), (other, _("{key} note"))
    return (review, _("{key} review")), (other, _("{key} note"))


def subtitle(state: str, meters: Iterable[Meter | None], keys: Iterable[str], room: int) -> Content:
    """Return the line below the frame: how things stand, then the keys as far as there is room.

    Args:
        state: How the draft stands.
        meters: How much is written, and how long there is time.
        keys: Keys with what they do, the one that matters most first.
        room: Cells.
    """
    said = [each for each in meters if each is not None]
    between = cells(_BETWEEN)
    # one less than there are parts
    taken = sum(cells(each.words) + between for each in said) - between
    parts: list[Content] = []
    wanted = list(keys)
    first = sum(between + cells(each) for each in wanted[:1])
    if state and taken + between + cells(state) + first <= room:
        parts.append(Content.styled(state, "$dim"))
        taken += between + cells(state)
    parts += [
        Content.styled(each.words, "bold $waiting" if each.warns else "$soft") for each in said
    ]
    for each in wanted:
        taken += between + cells(each)
        if taken > room and parts:
            break
        key, space, rest = each.partition(" ")
        parts.append(Content.assemble((key, "bold $link"), (space + rest, "$dim")))
    return Content.styled(_BETWEEN, "$dim").join(parts)


def worded(keys: Iterable[tuple[str, str]], bound: Mapping[str, str]) -> list[str]:
    """Return keys in words, as this agent has them; those without a key are left out."""
    first = {action: key for key, action in reversed(tuple(bound.items()))}
    return [text.format(key=shown(first[action])) for action, text in keys if action in first]

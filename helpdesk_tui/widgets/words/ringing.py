"""News as a terminal tells it: the words, and the sequences that carry them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpdesk_tui.domain.ringing import MOST, Means, Ring, Rule
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import N_, _, ngettext

_LONGEST = 120
_NAMED = 3
_WHY: Mapping[Rule, str] = {
    Rule.MENTIONS: N_("mentions you"),
    Rule.MINE: N_("your ticket"),
    Rule.VIP: N_("VIP"),
    Rule.WATCHED: N_("you watch it"),
    Rule.BACK: N_("back from snooze"),
    Rule.UNASSIGNED: N_("nobody has it"),
    Rule.ALL: N_("new message"),
}


def ring_words(ring: Ring) -> tuple[str, str]:
    """Return a title and a line about what came in."""
    if ring.count > 1:
        count = f"{MOST}+" if ring.count >= MOST else str(ring.count)
        title = ngettext("{count} ticket", "{count} tickets", ring.count).format(count=count)
        names = ", ".join(clean(name) for name in ring.names[:_NAMED])
        return title, f"{names} …" if len(ring.names) > _NAMED else names
    one = ring.newest
    why = _("your scheduled reply came back") if one.is_author else _(_WHY[ring.rule])
    title = _("#{id} {why}").format(id=one.ticket_id, why=why)
    return title, " · ".join(part for part in (clean(one.who), clean(one.subject)) if part)


def sequences(means: Sequence[Means], title: str, line: str, *, in_tmux: bool = False) -> str:
    """Return what makes a terminal tell: the bell, and notifications of the desktop.

    Args:
        means: How.
        title: The first line.
        line: What else is said; may hold text of strangers.
        in_tmux: tmux stands between, and hands on only what is wrapped for it.
    """
    title, line = _harmless(title), _harmless(line)
    found = ""
    if Means.OSC9 in means:
        # a number and a semicolon at the start would be another command of some terminals
        found += _handed_on(f"\x1b]9;helpdesk {title}: {line}\x07", in_tmux=in_tmux)
    if Means.OSC777 in means:
        found += _handed_on(f"\x1b]777;notify;helpdesk {title};{line}\x07", in_tmux=in_tmux)
    return found + "\x07" if Means.BELL in means else found


def _harmless(text: str) -> str:
    """Return text that ends no sequence and begins no field."""
    return clean(text).replace(";", ",")[:_LONGEST]


def _handed_on(sequence: str, *, in_tmux: bool) -> str:
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\" if in_tmux else sequence

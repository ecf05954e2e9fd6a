"""The channels and what each of them can do: the only list of channels in the program.

The composer, settings, documentation and the contract tests are driven from these declarations; a
further channel is one more entry here and one adapter of the same name in ``sync/channels``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Reopening(StrEnum):
    """What a customer's message to a closed ticket does."""

    REOPENS = "reopens"
    NEVER = "never"
    NEW_TICKET = "new-ticket"


# of each there is one: methods that nobody calls would be compiled at each start
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ChannelSpec:
    """The declaration of one channel."""

    name: str
    label: str
    icon: str
    """Sign of one cell in the inbox."""
    letter: str
    """Its twin in ASCII mode."""
    color: str
    """Name of the theme variable that colours the sign."""
    reopening: Reopening
    undo_seconds: int
    """How long a queued reply can be taken back by default."""
    has_subject: bool
    enter_sends: bool
    """Enter sends at once (chat-like channels) instead of making a new line."""
    attachment_limit: int
    """Bytes of all attachments of a message together."""
    late_after: timedelta = timedelta(hours=4)
    """From here on a list warns that the customer waits."""
    overdue_after: timedelta = timedelta(hours=24)
    """From here on the customer has waited far too long."""
    counts_seconds: bool = False
    """The customer sits in front of the screen: seconds of waiting matter."""
    can_answer: bool = False
    """Replies can be sent from here; elsewhere a ticket takes notes only."""
    is_one_per_person: bool = False
    """One ticket per person: it is never split, and merges only within its channel."""
    is_live: bool = False
    """Both sides are there at once: typing is shown, closing ends it for ever."""
    reply_assigns: bool = False
    """Whoever replies gets the ticket, also when it was another's."""
    text_limit: int = 0
    """Characters of one message; 0: any number."""
    files_limit: int = 0
    """Files of one message; 0: any number."""
    is_messaging: bool = False
    """A provider carries it to a number or an account of ours."""
    needs_consent: bool = False
    """A reply needs the customer's consent …"""
    has_opt_out: bool = False
    """… or at least that they have not withdrawn it."""
    window: timedelta | None = None
    """How long after the customer's last message free replies may be sent."""
    human_window: timedelta | None = None
    """The same for a person who writes, where the provider has granted it."""
    bytes_limit: int = 0
    """Bytes of one message's text in UTF-8; longer ones travel in parts; 0: any number."""
    has_read_marks: bool = False
    """The provider says when the customer has read a message."""
    has_templates: bool = False
    """Approved texts may be sent while the window is shut."""
    counts_segments: bool = False
    """Its texts travel in segments of a few characters, each of which costs."""


EMAIL = ChannelSpec("email", "Email", "✉", "E", "channel-email", Reopening.REOPENS, 10, True, False, 25_000_000, can_answer=True)  # fmt: skip
WEBCHAT = ChannelSpec("webchat", "Webchat", "◗", "C", "channel-webchat", Reopening.NEVER, 0, False, True, 10_000_000, timedelta(minutes=3), timedelta(minutes=5), True, is_live=True, reply_assigns=True, text_limit=20_000, files_limit=5, can_answer=True)  # fmt: skip
SMS = ChannelSpec("sms", "SMS", "▯", "S", "channel-sms", Reopening.REOPENS, 3, False, True, 5_000_000, is_one_per_person=True, text_limit=1_600, files_limit=10, is_messaging=True, can_answer=True, needs_consent=True, has_opt_out=True, counts_segments=True)  # fmt: skip
INSTAGRAM = ChannelSpec("instagram", "Instagram", "◎", "I", "channel-instagram", Reopening.NEW_TICKET, 3, False, True, 25_000_000, files_limit=10, is_messaging=True, can_answer=True, window=timedelta(hours=24), human_window=timedelta(days=7), bytes_limit=1_000, has_read_marks=True)  # fmt: skip
WHATSAPP = ChannelSpec("whatsapp", "WhatsApp", "✆", "W", "channel-whatsapp", Reopening.REOPENS, 3, False, True, 100_000_000, is_one_per_person=True, text_limit=4_096, files_limit=10, is_messaging=True, can_answer=True, has_opt_out=True, window=timedelta(hours=24), has_read_marks=True, has_templates=True)  # fmt: skip

CHANNELS: dict[str, ChannelSpec] = {
    spec.name: spec for spec in (EMAIL, WEBCHAT, SMS, INSTAGRAM, WHATSAPP)
}

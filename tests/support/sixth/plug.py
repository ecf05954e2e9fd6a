"""Puts the sixth channel in: as a pytest plugin (``-p``), before anything of the program loads."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.channels import CHANNELS, ChannelSpec, Reopening
from helpdesk_tui.sync import channels

PIGEON = ChannelSpec(
    name="pigeon",
    label="Pigeon post",
    icon="≈",
    letter="P",
    color="channel-webchat",
    reopening=Reopening.REOPENS,
    undo_seconds=3,
    has_subject=False,
    enter_sends=True,
    attachment_limit=1_000,
    can_answer=True,
    is_one_per_person=True,
    text_limit=200,
    files_limit=2,
    is_messaging=True,
)


def plug() -> None:
    """Declare the channel, and let its adapter be found beside those of the program."""
    CHANNELS[PIGEON.name] = PIGEON
    channels.__path__.append(str(Path(__file__).parent))


plug()

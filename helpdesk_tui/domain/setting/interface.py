"""Names of the settings that the interface itself follows.

Apart from the table of settings, which knows the rules of mail too: the interface starts on this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS

if TYPE_CHECKING:
    from helpdesk_tui.domain.quiet_hours import QuietHours

DESK_NAME = "desk.name"
"""The desk's own name."""
LANGUAGE = "language"
AFTER_ACTION = "after-action"
NOTIFY = "notify"
NOTIFY_RULES = "notify-rules"
QUIET_HOURS = "quiet-hours"
TITLE_BADGE = "title-badge"
KEYMAP_PRESET = "keymap-preset"
THEME = "theme"
IMAGES = "images"


def enter_sends(channel: str) -> str:
    """Return the name of the setting that says whether enter sends on a channel."""
    return f"enter-sends-{channel}"


INTERFACE = (
    DESK_NAME, LANGUAGE, KEYMAP_PRESET, THEME, TITLE_BADGE, IMAGES, *map(enter_sends, CHANNELS),
)  # fmt: skip
"""What the interface reads when it starts, and again once a setting was changed."""

DEFAULT_NOTIFY = "bell"
DEFAULT_RULES = ("mine", "vip", "mentions", "watched", "back")


def hours_of(value: object) -> QuietHours | None:
    """Return the quiet hours that a stored value says, if any."""
    from helpdesk_tui.domain.quiet_hours import quiet_hours

    return quiet_hours(value) if isinstance(value, str) else None

"""The settings: their names, defaults and meanings.

Commands, the settings screen and the documents are driven from this table; a further setting is
one more entry. How a written value is read stands in ``values``.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.commerce import COMMERCE_SETTINGS
from helpdesk_tui.domain.setting.email import ADDRESS_TEST_TIMEOUT, EMAIL_SETTINGS
from helpdesk_tui.domain.setting.hours import HOURS_SETTINGS
from helpdesk_tui.domain.setting.interface import (
    AFTER_ACTION,
    DEFAULT_RULES,
    DESK_NAME,
    IMAGES,
    KEYMAP_PRESET,
    LANGUAGE,
    NOTIFY,
    NOTIFY_RULES,
    QUIET_HOURS,
    THEME,
    TITLE_BADGE,
    enter_sends,
)
from helpdesk_tui.domain.setting.media import MEDIA_SETTINGS
from helpdesk_tui.domain.setting.messaging import MESSAGING_SETTINGS
from helpdesk_tui.domain.setting.responder import RESPONDER_SETTINGS
from helpdesk_tui.domain.setting.values import GENERAL, Kind, Setting, Value, is_on, seconds_of
from helpdesk_tui.domain.setting.webchat import WEBCHAT_SETTINGS
from helpdesk_tui.domain.text import clean

__all__ = [
    "ADDRESS_TEST_TIMEOUT", "AFTER_ACTION", "DESK_NAME", "GROUPS", "KEYMAP_PRESET", "LANGUAGE",
    "NOTIFY", "NOTIFY_RULES", "QUIET_HOURS", "SETTINGS", "THEME", "TITLE_BADGE", "Kind", "Setting",
    "Value", "is_on", "seconds_of", "setting", "undo_send",
]  # fmt: skip

_LANGUAGES = {
    "": "as the system has it",
    "en": "English",
    "pl": "polski",
    "sv": "svenska",
    "pt_BR": "português do Brasil",
}
_AFTER = {
    "next": "the next ticket of the list",
    "previous": "the one before it",
    "list": "back to the list",
    "stay": "stay where you are",
}
_MEANS = {
    "none": "nothing",
    "bell": "the terminal's bell",
    "osc9": "a notification of the desktop (iTerm2, WezTerm, kitty, Windows Terminal)",
    "osc777": "a notification of the desktop (foot, Ghostty, rxvt-unicode, VTE)",
    "bell+osc9": "bell and desktop (OSC 9)",
    "bell+osc777": "bell and desktop (OSC 777)",
}
_IMAGES = {
    "auto": "as well as the terminal can: with its pixels where it says so, else with half-blocks",
    "half": "half-blocks in two colours, which every terminal with colours draws",
    "kitty": "pixels, by Kitty graphics (kitty, Ghostty)",
    "sixel": "pixels, by Sixel (foot, Konsole, mlterm, WezTerm, Windows Terminal, xterm -ti vt340)",
    "iterm": "pixels, by inline images (iTerm2, WezTerm)",
    "off": "one line of words for each",
}
_RULES = {
    "mine": "a customer writes in a ticket of mine, or one becomes mine",
    "unassigned": "a customer writes in a ticket that nobody has",
    "vip": "a customer writes in a ticket tagged vip",
    "mentions": "a colleague mentions me in a note",
    "watched": "something is written in a ticket that I watch",
    "back": "a ticket of mine or of nobody's comes back from snooze",
    "all": "any customer writes",
}
_PRESETS = {
    "default": "the keys of this program",
    "gmail": "keys as in Gmail, where it has one",
    "vim-strict": "keys as in vim, where it has one",
}
_THEMES = {
    "": "as the configuration file says, else dark",
    "helpdesk-dark": "dark",
    "helpdesk-light": "light",
    "helpdesk-contrast": "high contrast",
    "helpdesk-ansi": "the sixteen colours of the terminal",
}
_LONGEST_UNDO = 120


def undo_send(channel: str) -> str:
    """Return the name of the setting that says how long a reply can be taken back."""
    return f"undo-send-{channel}"


def _personal(name: str, meaning: str, choices: Mapping[str, str], default: str) -> Setting:
    return Setting(
        name, meaning, read.one_of(choices), default,
        kind=Kind.CHOICE, is_personal=True, choices=choices,
    )  # fmt: skip


_GENERAL = (
    Setting(DESK_NAME, "name of the desk, as the interface shows it", read.text, "Support"),
    _personal(LANGUAGE, "language of the interface, its dates and its numbers", _LANGUAGES, ""),
    _personal(THEME, "colours of the interface", _THEMES, ""),
    _personal(
        KEYMAP_PRESET,
        "which keys do what, before the bindings of your own in the configuration file",
        _PRESETS,
        "default",
    ),
    _personal(IMAGES, "pictures in the thread", _IMAGES, "auto"),
    _personal(
        AFTER_ACTION,
        "where the cursor goes after a ticket was closed, snoozed, marked as spam or given away",
        _AFTER,
        "next",
    ),
    _personal(
        NOTIFY, "how you are told of what comes in while the program is open", _MEANS, "bell"
    ),
    Setting(
        NOTIFY_RULES,
        "what you are told of",
        read.any_of(_RULES),
        list(DEFAULT_RULES),
        kind=Kind.CHOICES,
        is_personal=True,
        choices=_RULES,
    ),
    Setting(
        QUIET_HOURS,
        "part of the day in which nothing rings, in your time zone, such as 22:00-07:00",
        read.hours,
        "",
        kind=Kind.HOURS,
        is_personal=True,
    ),
    Setting(
        TITLE_BADGE,
        "the number of unread tickets stands in the terminal's title",
        read.switch,
        "on",
        kind=Kind.SWITCH,
        is_personal=True,
    ),
)
_SENDING = tuple(
    Setting(
        undo_send(channel.name),
        "how long a reply waits before it leaves, so that it can be taken back; 0: not at all",
        read.up_to(_LONGEST_UNDO),
        str(channel.undo_seconds),
        kind=Kind.NUMBER,
        group=channel.label,
        unit="seconds",
    )
    for channel in CHANNELS.values()
)
_ENTER = tuple(
    Setting(
        enter_sends(channel.name),
        "enter sends at once, without a review; off: enter makes a new line",
        read.switch,
        "on" if channel.enter_sends else "off",
        kind=Kind.SWITCH,
        group=channel.label,
        is_personal=True,
    )
    for channel in CHANNELS.values()
)
_ALL = (
    *_GENERAL,
    *MEDIA_SETTINGS,
    *COMMERCE_SETTINGS,
    *EMAIL_SETTINGS,
    *WEBCHAT_SETTINGS,
    *RESPONDER_SETTINGS,
    *HOURS_SETTINGS,
    *MESSAGING_SETTINGS,
    *_SENDING,
    *_ENTER,
)
SETTINGS: Mapping[str, Setting] = {each.name: each for each in _ALL}
"""Every setting, by its name."""
GROUPS: tuple[str, ...] = (GENERAL, *(channel.label for channel in CHANNELS.values()))
"""The tabs of the settings: what is general, then one for each channel."""


def setting(name: str) -> Setting:
    """Return a setting by its name.

    Raises:
        NotFound: ``setting.unknown``, with the names there are.
    """
    found = SETTINGS.get(name)
    if found is None:
        raise NotFound("setting.unknown", name=clean(name), known=", ".join(SETTINGS))
    return found

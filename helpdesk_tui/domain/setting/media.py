"""The settings of files that leave: what is taken out of them, and what is asked before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.media.limits import MB, SOFT_LIMIT
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.values import Kind, Setting, is_on

REMOVE_METADATA = "remove-metadata"
ASK_PERSONAL_DATA = "ask-personal-data"
LARGE_FILES = "large-files"
LARGEST_FILE = "largest-file"

_LARGEST = 100
"""Megabytes: no provider carries more."""

MEDIA_SETTINGS: tuple[Setting, ...] = (
    Setting(
        LARGEST_FILE,
        "up to how many megabytes a file that came by SMS, WhatsApp or Instagram is fetched; a"
        " larger one stays with the provider, which its line in the thread says",
        read.up_to(_LARGEST),
        str(_LARGEST),
        kind=Kind.NUMBER,
        unit="MB",
    ),
    Setting(
        REMOVE_METADATA,
        "pictures leave without what they tell beside themselves: where they were taken, with"
        " which camera, by whom",
        read.switch,
        "on",
        "on",
        kind=Kind.SWITCH,
    ),
    Setting(
        ASK_PERSONAL_DATA,
        "before a message leaves, ask about card numbers, bank accounts and addresses of other"
        " customers in it",
        read.switch,
        "on",
        "on",
        kind=Kind.SWITCH,
    ),
    Setting(
        LARGE_FILES,
        "from how many megabytes in all the files of a message are said to arrive slowly; 0: never",
        read.up_to(_LARGEST),
        str(SOFT_LIMIT // MB),
        kind=Kind.NUMBER,
        unit="MB",
    ),
)


def removes_metadata(settings: Mapping[str, Any]) -> bool:
    """Tell whether pictures leave without their metadata."""
    return is_on(settings.get(REMOVE_METADATA, "on"))


def asks_personal_data(settings: Mapping[str, Any]) -> bool:
    """Tell whether texts are looked through for personal data."""
    return is_on(settings.get(ASK_PERSONAL_DATA, "on"))


def soft_limit(settings: Mapping[str, Any]) -> int:
    """Return the bytes from which on files are said to arrive slowly; 0: never."""
    return int(settings.get(LARGE_FILES, SOFT_LIMIT // MB)) * MB


def largest_file(settings: Mapping[str, Any]) -> int:
    """Return the bytes up to which a file is fetched from a provider."""
    return int(settings.get(LARGEST_FILE, _LARGEST)) * MB

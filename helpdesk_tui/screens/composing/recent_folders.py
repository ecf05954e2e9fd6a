"""The folders that an agent took files from: the newest first, remembered with their settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError

if TYPE_CHECKING:
    from helpdesk_tui.services.settings import Settings

_NAME = "attach-folders"
"""Not in the table of settings: it is remembered, never chosen."""
_MOST = 6


def recent_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders that are still there. Blocks."""
    found = settings.get(_NAME, [])
    paths = [Path(each) for each in found if isinstance(each, str)] if _is_list(found) else []
    return tuple(path for path in paths if path.is_absolute() and path.is_dir())[:_MOST]


def remember_folder(settings: Settings, folder: Path) -> None:
    """Put a folder first. Blocks; a folder that cannot be remembered is no trouble to anybody."""
    try:
        place = str(folder.absolute())
        before = settings.get(_NAME, [])
        others = [each for each in before if each != place] if _is_list(before) else []
        settings.set(_NAME, [place, *others][:_MOST])
    except (HelpdeskError, OSError):
        return


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)

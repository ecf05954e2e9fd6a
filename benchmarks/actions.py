"""Changes that cost money, while workers are killed and answers are lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.common import Result

_ACTIONS = 1_000
_KILLS = 20
_LOST = 0.1


def actions() -> list[Result]:
    """Ask for a thousand changes, lose every tenth answer, kill the worker twenty times."""
    from tests.support.acting_kills import recharge_trial, story_of

    with (
        recharge_trial(validate_one_in=50) as trial,
        tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder,
    ):
        told = story_of(Path(folder), trial, _ACTIONS, _KILLS, lost=_LOST)
    about = f"{_ACTIONS:,} changes, {told.lost_answers} lost answers, {told.kills} kills"
    return [
        Result("AC1", f"{about}: made twice", told.twice, "", 0, 0),
        Result("AC2", "changes lost, or shown as what they are not", told.gone + told.wrong, "",
               0, 0),
        Result("AC3", "unknown ones and lost answers that no log shows",
               told.unshown + max(0, told.lost_answers - told.doubts), "", 0, 0),
        Result("AC4", "changes a second, kills and lost answers included",
               told.asked / told.seconds, "/s", 1, 5, more_is_better=True),
    ]  # fmt: skip

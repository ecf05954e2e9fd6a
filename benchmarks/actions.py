"""Changes that cost money, while workers are killed and answers are lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.common import Result

if TYPE_CHECKING:
    from tests.support.acting_kills import Told, Trial

_ACTIONS = 1_000
_KILLS = 20
_LOST = 0.1


def actions() -> list[Result]:
    """Ask for a thousand changes, lose every tenth answer, kill the worker twenty times.

    Half of them at Recharge and half at Shopify, whose schema has to be there to be executed;
    without it all at Recharge.
    """
    from tests.support.acting_kills import recharge_trial, shopify_trial

    trials: list[Callable[..., AbstractContextManager[Trial]]] = [recharge_trial]
    if os.environ.get("HELPDESK_MATERIAL"):
        trials.append(shopify_trial)
    told = [_told(each, len(trials)) for each in trials]
    asked, seconds = sum(each.asked for each in told), sum(each.seconds for each in told)
    lost, kills = sum(each.lost_answers for each in told), sum(each.kills for each in told)
    hidden = sum(each.unshown + max(0, each.lost_answers - each.doubts) for each in told)
    note = f"{lost} lost answers, {kills} kill -9"
    return [
        Result("AC1", f"{asked:,} changes: made twice", sum(each.twice for each in told), "",
               0, 0, note),
        Result("AC2", "lost, or shown as what they are not",
               sum(each.gone + each.wrong for each in told), "", 0, 0),
        Result("AC3", "unknown or unanswered, and no log says so", hidden, "", 0, 0),
        Result("AC4", "changes a second, kills and all included", asked / seconds, "/s", 1, 5,
               more_is_better=True),
    ]  # fmt: skip


def _told(trial_of: Callable[..., AbstractContextManager[Trial]], shops: int) -> Told:
    from tests.support.acting_kills import story_of

    with (
        trial_of(validate_one_in=50) as trial,
        tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder,
    ):
        return story_of(Path(folder), trial, _ACTIONS // shops, _KILLS // shops, lost=_LOST)

"""Changes that cost money, while workers are killed and answers are lost: none twice, none lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.support.acting_kills import Trial, recharge_trial, shopify_trial, story_of


@pytest.mark.parametrize("trial_of", [recharge_trial, shopify_trial], ids=["recharge", "shopify"])
def test_killed_workers_and_lost_answers_change_nothing_twice_and_lose_nothing(
    tmp_path: Path, trial_of: Callable[[], AbstractContextManager[Trial]]
) -> None:
    with trial_of() as trial:
        told = story_of(tmp_path, trial, 24, kills=2, lost=0.3)
    assert told.kills == 2
    assert told.lost_answers > 0
    assert (told.twice, told.wrong, told.gone, told.unshown) == (0, 0, 0, 0)
    assert told.done + told.failed == told.asked
    # whatever had no answer was said to be unknown, in the log of its ticket
    assert told.doubts >= told.lost_answers

"""Five channels, faults all the way, processes killed: everything once, in order, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.soak.world import Plan, soaking

pytestmark = [pytest.mark.dovecot, pytest.mark.slow, pytest.mark.timeout(400)]


def test_nothing_is_lost_doubled_or_out_of_order(tmp_path: Path):
    plan = Plan(messages=250, people=4, replies_every=4, kills=4, patience=200)
    with soaking(tmp_path, plan) as world:
        outcome = world.run()
    assert outcome.wrong == {}
    assert outcome.replies > 0
    assert outcome.arrived + outcome.unknown >= outcome.replies
    assert sum(outcome.faults.values()) > 0

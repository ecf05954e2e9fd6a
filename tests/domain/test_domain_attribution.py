"""Which message answers which campaign: every case of the rule, and nothing depends on order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.messaging.attribution import Send, Word, answers
from tests.support.store import START

DAY = timedelta(hours=24)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("sends", "words", "found"),
    [
        pytest.param({1: 0}, {10: 1}, {1: 10}, id="an answer within the window"),
        pytest.param({1: 0}, {10: 24}, {1: 10}, id="the last moment of the window"),
        pytest.param({1: 0}, {10: 24.01}, {}, id="after the window"),
        pytest.param({1: 0}, {10: -1}, {}, id="before the send"),
        pytest.param({1: 0}, {10: 1, 11: 1.1}, {1: 10}, id="further messages of a burst"),
        pytest.param({1: 0}, {10: -1, 11: 2}, {1: 11}, id="the first after it"),
        pytest.param({1: 0}, {10: 25, 11: 26}, {}, id="none of the later ones either"),
        pytest.param({1: 0, 2: 5}, {10: 6}, {2: 10}, id="the one received last wins"),
        pytest.param({1: 0, 2: 5}, {10: 1, 11: 6}, {1: 10, 2: 11}, id="each has its own answer"),
        pytest.param({1: 0, 2: 5}, {10: 6, 11: 7}, {2: 10}, id="the former one is over for ever"),
        pytest.param({1: 0, 2: 5}, {10: 5}, {2: 10}, id="at the moment of the second"),
        pytest.param({1: 0, 2: 5}, {10: 30}, {}, id="too late for the last one, so for all"),
        pytest.param({1: None, 2: 0}, {10: 1}, {2: 10}, id="what did not arrive is none"),
        pytest.param({1: 0, 2: None}, {10: 1}, {1: 10}, id="nor does it hide the one before"),
        pytest.param({1: None}, {10: 1}, {}, id="nothing arrived"),
        pytest.param({1: 0, 2: 0}, {10: 1}, {2: 10}, id="of two at once the one sent last"),
        pytest.param({}, {10: 1}, {}, id="no send"),
        pytest.param({1: 0}, {}, {}, id="no word"),
    ],
)
def test_the_last_send_within_the_window_is_answered_by_the_first_word(
    sends: dict[int, float | None], words: dict[int, float], found: dict[int, int]
) -> None:
    sent = [Send(key, None if hour is None else at(hour)) for key, hour in sends.items()]
    spoken = [Word(key, at(hour)) for key, hour in words.items()]
    assert answers(sent, spoken, DAY) == found
    assert answers(reversed(sent), reversed(spoken), DAY) == found


@pytest.mark.parametrize(("hours", "found"), [(1, {}), (2, {1: 10}), (48, {1: 10})])
def test_the_window_is_as_long_as_it_is_set(hours: int, found: dict[int, int]) -> None:
    sent, spoken = [Send(1, at(0))], [Word(10, at(2))]
    assert answers(sent, spoken, timedelta(hours=hours)) == found


_HOURS = st.integers(min_value=0, max_value=60)


@given(
    sends=st.lists(st.one_of(st.none(), _HOURS), max_size=8),
    words=st.lists(_HOURS, max_size=8),
)
def test_it_is_the_rule_read_word_by_word(sends: list[int | None], words: list[int]) -> None:
    sent = [Send(key, None if hour is None else at(hour)) for key, hour in enumerate(sends)]
    spoken = [Word(key, at(hour)) for key, hour in enumerate(words)]
    wanted: dict[int, int] = {}
    for word in sorted(spoken, key=lambda each: (each.at, each.id)):
        received = [each for each in sent if each.delivered_at and each.delivered_at <= word.at]
        if not received:
            continue
        last = max(received, key=lambda each: (each.delivered_at or START, each.id))
        assert last.delivered_at is not None
        if last.id not in wanted and word.at - last.delivered_at <= DAY:
            wanted[last.id] = word.id
    assert answers(sent, spoken, DAY) == wanted

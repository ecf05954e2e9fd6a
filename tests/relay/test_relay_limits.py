"""So many in so much time, per address and per session, over a restart, in little memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.webchat.wire import FILES_LIMIT, TEXT_LIMIT
from helpdesk_tui.relay.config import TOKEN_LENGTH, Rate, Rates, RelayConfig
from helpdesk_tui.relay.limits import Limits
from helpdesk_tui.relay.refusals import Refused
from helpdesk_tui.relay.store.store import Store

RATE = Rate(20, 60)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "admins" / "relay.md"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Memory:
    """A store of limits that counts its writes."""

    def __init__(self) -> None:
        self.kept: dict[str, float] = {}
        self.writes = 0

    def load_buckets(self) -> Mapping[str, float]:
        return self.kept

    def save_buckets(self, buckets: Mapping[str, float], now: float) -> None:
        self.writes += 1
        self.kept = {key: at for key, at in {**self.kept, **buckets}.items() if at > now}


async def test_twenty_may_come_at_once_and_then_one_every_three_seconds() -> None:
    clock = Clock()
    limits = Limits(Memory(), pepper="x", now=clock)
    assert [await limits.take("a", RATE) for _ in range(20)] == [0.0] * 20
    assert await limits.take("a", RATE) == pytest.approx(3.0)
    clock.now += 2.9
    assert await limits.take("a", RATE) == pytest.approx(0.1)
    clock.now += 0.1
    assert await limits.take("a", RATE) == 0.0
    assert await limits.take("a", RATE) > 0
    assert await limits.take("b", RATE) == 0.0


async def test_who_was_refused_waits_no_longer_for_having_asked() -> None:
    clock = Clock()
    limits = Limits(Memory(), pepper="x", now=clock)
    for _ in range(500):
        await limits.take("a", RATE)
    clock.now += 3.0
    assert await limits.take("a", RATE) == 0.0


async def test_a_refusal_says_how_long_to_wait() -> None:
    limits = Limits(Memory(), pepper="x", now=Clock())
    keys = (("a", RATE), ("b", Rate(1, 60)))
    await limits.check(*keys)
    with pytest.raises(Refused) as refused:
        await limits.check(*keys)
    assert (refused.value.status, refused.value.code) == (429, "too.many")
    assert refused.value.headers["Retry-After"] == "60"


async def test_an_amount_of_zero_is_no_limit() -> None:
    limits = Limits(Memory(), pepper="x", now=Clock())
    assert {await limits.take("a", Rate(0, 60)) for _ in range(200)} == {0.0}


async def test_a_restart_forgives_nothing(tmp_path: Path) -> None:
    clock = Clock()
    store = Store(tmp_path)
    limits = Limits(store, pepper="x", now=clock)
    key = limits.session_key("message", "s")
    for _ in range(20):
        await limits.take(key, RATE)
    limits.flush()
    store.close()
    store = Store(tmp_path)
    again = Limits(store, pepper="x", now=clock)
    assert await again.take(again.session_key("message", "s"), RATE) == pytest.approx(3.0)
    clock.now += 60
    assert await again.take(key, RATE) == 0.0
    store.close()


async def test_idle_polls_cost_no_write() -> None:
    memory = Memory()
    limits = Limits(memory, pepper="x", now=Clock())
    for _ in range(100):
        await limits.take("poll", Rate(1_200, 60), keep=False)
        limits.flush()
    assert memory.writes == 0
    await limits.take("message", RATE)
    limits.flush()
    limits.flush()
    assert memory.writes == 1


async def test_a_clock_that_is_put_back_locks_nobody_out() -> None:
    clock = Clock()
    limits = Limits(Memory(), pepper="x", now=clock)
    for _ in range(20):
        await limits.take("a", RATE)
    clock.now -= 86_400
    assert await limits.take("a", RATE) <= RATE.seconds


async def test_many_addresses_fill_no_memory() -> None:
    clock = Clock()
    limits = Limits(Memory(), pepper="x", now=clock, most=1_000)
    for _ in range(20):
        await limits.take("busy", RATE)
    for number in range(20_000):
        await limits.take(str(number), RATE)
    assert len(limits._free_at) <= 1_000
    assert await limits.take("busy", RATE) > 0


def test_a_key_tells_nothing_about_who_it_is() -> None:
    limits = Limits(Memory(), pepper="secret", now=Clock())
    key = limits.address_key("message", "198.51.100.7")
    assert "198.51.100.7" not in key
    assert key != Limits(Memory(), pepper="other", now=Clock()).address_key(
        "message", "198.51.100.7"
    )
    assert key != limits.session_key("message", "198.51.100.7")
    assert key != limits.address_key("upload", "198.51.100.7")


def test_neighbours_in_a_network_of_ipv6_are_one() -> None:
    limits = Limits(Memory(), pepper="x", now=Clock())
    one = limits.address_key("all", "2001:db8:1:2::1")
    assert one == limits.address_key("all", "2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert one != limits.address_key("all", "2001:db8:1:3::1")
    assert limits.address_key("all", "192.0.2.1") != limits.address_key("all", "192.0.2.2")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 30),
    st.floats(1, 120),
    st.lists(st.floats(0, 20, allow_subnormal=False), min_size=1, max_size=200),
)
async def test_no_span_of_time_ever_has_twice_the_amount(
    amount: int, seconds: float, pauses: list[float]
) -> None:
    clock = Clock()
    limits = Limits(Memory(), pepper="x", now=clock)
    allowed: list[float] = []
    for pause in pauses:
        clock.now += pause
        if await limits.take("a", Rate(amount, seconds)) == 0:
            allowed.append(clock.now)
    for start in allowed:
        assert sum(start <= at < start + seconds for at in allowed) <= 2 * amount


def test_the_page_for_administrators_names_the_limits_as_they_are() -> None:
    config = RelayConfig(Path(), "")
    rates = config.rates
    page = " ".join(PAGE.read_text("utf-8").split())
    assert {each.seconds for each in astuple_of(rates)} - {rates.starts.seconds} == {60}
    assert rates.starts.seconds == 3_600
    for said in (
        f"new chats | {rates.starts.amount} an hour for a visitor",
        f"{rates.messages.amount} a minute for a session, {rates.messages_address.amount} for an",
        f"{rates.uploads.amount} a minute for a session, {rates.uploads_address.amount} for an",
        f"new sessions | {rates.sessions_address.amount} a minute",
        f'"was this helpful" | {rates.votes_address.amount} a minute',
        f"all requests | {rates.reads_address.amount:,} a minute for an address;"
        f" {config.connections} connections",
        f"pause for {config.body_seconds:.0f} seconds",
        f"wrong tokens of the box | {rates.refusals_address.amount} a minute",
        f"{TEXT_LIMIT:,} characters",
        f"{config.file_limit // 1_000_000} MB each, {FILES_LIMIT} in a message",
        f"a token of {TOKEN_LENGTH} characters",
    ):
        assert said in page, said


def astuple_of(rates: Rates) -> tuple[Rate, ...]:
    return tuple(getattr(rates, each.name) for each in fields(rates))

"""What every source of facts has to do, whatever is behind it: one suite for all of them."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, ProfileFacts, Section
from helpdesk_tui.domain.commerce.identities import Identities, MatchedBy
from helpdesk_tui.domain.commerce.sample_shop import SampleCustomer, SampleShop
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.services.commerce.importing import Imports
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Retry
from helpdesk_tui.sync.commerce.fetching import sections_of
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.registry import connect
from helpdesk_tui.sync.providers.sandbox.shop_file import ShopFile
from helpdesk_tui.sync.providers.source import Source
from tests.support.providers.faults import Fault
from tests.support.shops.endpoint import OwnEndpoint
from tests.support.shops.klaviyo import KlaviyoShop
from tests.support.shops.klaviyo_desk import proven
from tests.support.shops.recharge import Recharge
from tests.support.shops.running import Shops, running_shops
from tests.support.shops.shopify import ShopifyShop
from tests.support.shops.shopify_routes import needs_schema
from tests.support.store import make_store
from tests.support.waiting import AT_ONCE, PATIENCE

ADA, EVE, NOBODY = "ada@example.com", "eve@example.com", "nobody@example.com"
HOSTILE = "\x1b]0;x\x07\x9b31mAda‮"
CODE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class Quick:
    """A clock that waiting moves on at once: a busy shop is not waited for in tests."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return the time by it."""
        return time.monotonic() + self.ahead

    def wait(self, seconds: float) -> bool:
        """Be so much later."""
        self.ahead += seconds
        return False


@dataclass
class Rig:
    """A source of one kind, with a customer Ada in it."""

    connected: ConnectedSource
    secret: str
    external_id: str
    gone_id: str
    """An id of the right shape that nobody has."""
    shops: Shops | None = None
    """None: no network is asked."""
    store: Store | None = None
    opened: list[Source] = field(default_factory=list)

    def join(
        self, secret: str = "", *, settings: Mapping[str, str] | None = None, is_quick: bool = False
    ) -> Source:
        """Return a source over this connection."""
        row = self.connected
        if settings:
            row = ConnectedSource(row.id, row.name, row.kind, {**row.settings, **settings})
        quick = Quick()
        paces = Paces(clock=quick, wait=quick.wait) if is_quick else Paces()
        self.opened.append(connect(row, secret or self.secret, paces=paces, store=self.store))
        return self.opened[-1]

    @property
    def sections(self) -> frozenset[Section]:
        """The sections that this kind declares."""
        return frozenset(self.connected.spec.sections)

    def asked(self) -> int:
        """Return how often anybody was asked."""
        return len(self.shops.watch.asked) if self.shops else 0

    def fetch(self, source: Source, sections: Collection[Section] = ()) -> list[Facts]:
        """Return what is handed over of Ada."""
        told: list[Facts] = []
        source.fetch(self.external_id, sections or self.sections, told.append)
        return told


Filled = tuple[dict[str, str], str, str, str]
"""Settings, secret, id of Ada, and one of nobody."""


def _klaviyo(shop: KlaviyoShop) -> Filled:
    shop.has(EVE)
    ada = shop.has(ADA, first_name=HOSTILE, analytics={"total_clv": 1}, segments=["VIP"])
    return {"api": shop.url}, shop.key, ada.id, "01KLAVIYO999999"


def _shopify(shop: ShopifyShop) -> Filled:
    shop.has("Eve", EVE)
    ada = shop.has(HOSTILE, ADA)
    shop.ordered(ada, ("Tea", "9.25", 2))
    return {"shop": shop.domain, "api": shop.url}, shop.key, str(ada.number), "999999"


def _recharge(shop: Recharge) -> Filled:
    shop.add_customer(EVE)
    ada = shop.add_customer(ADA)
    shop.subscribe(ada, "Tea")
    return {"api": shop.url}, shop.token, str(ada), "999999"


def _endpoint(shop: OwnEndpoint) -> Filled:
    shop.has("c-8", EVE)
    shop.has("c-7", ADA, profile={"name": HOSTILE}, orders=[])
    return {"url": f"{shop.url}/helpdesk"}, shop.token, "c-7", "c-99"


class Houses:
    """The shops of all tests of this module: each is served once, and as new for every test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._served: dict[type[Any], tuple[Any, Shops]] = {}

    def get(self, make: type[Any]) -> tuple[Any, Shops]:
        """Return a shop that holds nothing."""
        if make not in self._served:
            shop = make()
            self._served[make] = shop, self._stack.enter_context(running_shops(shop))
        shop, shops = self._served[make]
        shop.reset()
        shops.clean()
        return shop, shops


def over_http(kind: str, make: type[Any], fill: Callable[[Any], Filled]) -> MakeRig:
    @contextmanager
    def made(folder: Path, houses: Houses) -> Iterator[Rig]:
        shop, shops = houses.get(make)
        settings, secret, external_id, gone = fill(shop)
        row = ConnectedSource(1, "theirs", kind, settings)
        yield Rig(row, secret, external_id, gone, shops)

    return made


@contextmanager
def sandbox_rig(folder: Path, _houses: Houses) -> Iterator[Rig]:
    file = folder / "shop.json"
    ada = SampleCustomer("7", emails=(ADA,), profile=ProfileFacts(name="Ada"))
    eve = SampleCustomer("8", emails=(EVE,))
    ShopFile(file).change(lambda _shop: (SampleShop(customers=(eve, ada)), None))
    row = ConnectedSource(1, "sample", "sandbox", {"file": str(file)})
    yield Rig(row, "", "7", "99")


@contextmanager
def table_rig(folder: Path, _houses: Houses) -> Iterator[Rig]:
    store = make_store(folder)
    source = Sources(store, SYSTEM).add("table", "old", {})
    told: list[dict[str, Any]] = [{"id": "8", "emails": [EVE]}, {"id": "7", "emails": [ADA],
            "profile": {"name": HOSTILE}}]  # fmt: skip
    Imports(store, SYSTEM).take(source, told)
    yield Rig(source, "", "7", "99", store=store)
    store.close()


MakeRig = Callable[[Path, Houses], AbstractContextManager[Rig]]
RIGS: dict[str, MakeRig] = {
    "klaviyo": over_http("klaviyo", KlaviyoShop, _klaviyo),
    "shopify": over_http("shopify", ShopifyShop, _shopify),
    "recharge": over_http("recharge", Recharge, _recharge),
    "endpoint": over_http("endpoint", OwnEndpoint, _endpoint),
    "sandbox": sandbox_rig,
    "table": table_rig,
}


@pytest.fixture(name="houses", scope="module")
def _houses() -> Iterator[Houses]:
    with ExitStack() as stack:
        yield Houses(stack)


@pytest.fixture(name="rig", params=list(RIGS))
def _rig(request: pytest.FixtureRequest, tmp_path: Path, houses: Houses) -> Iterator[Rig]:
    if request.param == "shopify":
        needs_schema()
    with RIGS[request.param](tmp_path, houses) as made:
        yield made
        for each in made.opened:
            each.close()
        assert made.shops is None or made.shops.trespasses == []


@pytest.fixture(name="remote")
def _remote(rig: Rig) -> Rig:
    """Give sources that are asked over the network."""
    if rig.shops is None:
        pytest.skip("asks no network")
    return rig


def spoiled(rig: Rig, fault: Fault) -> None:
    """Let every request fail, whoever it is for."""
    assert rig.shops is not None
    rig.shops.faults.at_rate("*", 1.0, fault)


def tried(rig: Rig, source: Source) -> ChannelError | Facts:
    """Return what came of fetching: what was raised, or a section that was told as failed."""
    try:
        told = rig.fetch(source)
    except ChannelError as error:
        return error
    assert told
    return told[0]


def test_every_declared_source_is_held_to_this():
    assert set(RIGS) == set(SOURCES)


def test_a_customer_is_found_by_what_is_verified(rig: Rig):
    found = rig.join().find(proven(email=f"{NOBODY} {ADA}"), rig.sections)
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == (rig.external_id, MatchedBy.EMAIL)
    assert found.match.value.lower() == ADA
    assert sections_of(found.facts) <= rig.sections


def test_nobody_is_looked_up_by_what_they_only_claim(rig: Rig):
    source = rig.join()
    before = rig.asked()
    assert source.find(proven(claim=ADA), rig.sections) is None
    assert source.find(Identities(1, ()), rig.sections) is None
    assert rig.asked() == before


@pytest.mark.parametrize(
    "address", [NOBODY, "a b@example.com", 'a"),or(true@example.com', "ä@exämple.com", "@", "%&=?#"]
)
def test_whom_nobody_knows_is_nobody(rig: Rig, address: str):
    assert rig.join().find(proven(email=address) if " " not in address else _one(address),
                           rig.sections) is None  # fmt: skip


def _one(address: str) -> Identities:
    found = proven(email="x@example.com")
    (only,) = found.all
    return Identities(1, (type(only)(only.kind, address, only.is_verified),))


def test_all_sections_are_handed_over_and_no_others(rig: Rig):
    told = rig.fetch(rig.join())
    assert frozenset().union(*map(sections_of, told)) == rig.sections
    assert all(each.failed == {} for each in told)


def test_each_section_can_be_had_by_itself(rig: Rig):
    source = rig.join()
    for section in rig.sections:
        told = rig.fetch(source, (section,))
        assert frozenset().union(*map(sections_of, told)) == {section}


def test_nothing_that_works_a_terminal_comes_through(rig: Rig):
    said = repr(rig.fetch(rig.join()))
    assert not set("\x1b\x07\x9b‮") & set(said)
    assert not re.search(r"\\x1b|\\x07|\\x9b|\\u202e", said)


def test_who_is_not_there_any_more_is_gone(rig: Rig):
    told: list[Facts] = []
    try:
        rig.join().fetch(rig.gone_id, rig.sections, told.append)
    except Gone:
        return
    # where only lists are asked for by an id, those of nobody are empty
    assert [each.subscriptions for each in told] == [()]


def test_a_source_says_who_it_is_and_that_all_is_well(rig: Rig):
    source = rig.join()
    about = source.about()
    assert all(isinstance(one, str) for one in (*about, *about.values()))
    checks = source.test()
    assert checks
    assert all(one.ok for one in checks), checks


def test_no_secret_shows(rig: Rig):
    source = rig.join()
    rig.fetch(source)
    if rig.secret:
        assert rig.secret not in repr(source) + repr(vars(source))


def test_a_wrong_secret_stops_all_and_is_no_secret_in_what_is_said(remote: Rig):
    source = remote.join("sk_wrong_but_of_the_right_length_000")
    with pytest.raises(AuthFailed) as found:
        source.find(proven(email=ADA), remote.sections)
    with pytest.raises(AuthFailed):
        remote.fetch(source)
    assert "sk_wrong" not in str(found.value)
    checks = source.test()
    assert not all(one.ok for one in checks)
    assert "sk_wrong" not in repr(checks)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BROKEN, Fault.CUT, Fault.REDIRECTED])
def test_trouble_of_the_line_may_pass(remote: Rig, fault: Fault):
    source = remote.join(is_quick=True)
    spoiled(remote, fault)
    with pytest.raises(Retry) as caught:
        source.find(proven(email=ADA), remote.sections)
    assert CODE.fullmatch(caught.value.code)
    found = tried(remote, remote.join(is_quick=True))
    assert isinstance(found, Retry) or (isinstance(found, Facts) and found.failed)
    assert not all(one.ok for one in remote.join(is_quick=True).test())


def test_whoever_is_not_there_is_said_to_be_unreachable(remote: Rig):
    name = "url" if remote.connected.kind == "endpoint" else "api"
    source = remote.join(settings={name: "http://127.0.0.1:9"})
    with pytest.raises(Retry, match=r"provider\.unreachable"):
        source.find(proven(email=ADA), remote.sections)
    assert not all(one.ok for one in source.test())


def test_closing_ends_what_waits_for_an_answer(remote: Rig):
    assert remote.shops is not None
    source = remote.join()
    remote.shops.faults.slow("*", PATIENCE)
    threading.Timer(0.3, source.close).start()
    began = time.monotonic()
    with pytest.raises(ChannelError):
        source.find(proven(email=ADA), remote.sections)
    assert time.monotonic() - began < AT_ONCE


def test_several_are_joined_to_one_account_at_the_same_time(rig: Rig):
    sources = [rig.join() for _ in range(4)]
    found: list[list[Facts]] = []
    threads = [
        threading.Thread(target=lambda one=one: found.append(rig.fetch(one)), daemon=True)
        for one in sources
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE)
    assert len(found) == 4
    assert all(frozenset().union(*map(sections_of, told)) == rig.sections for told in found)

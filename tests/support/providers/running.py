"""The providers of one test, on loopback: start them, talk to them, and be held to contracts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.support.providers.contract import contracts
from tests.support.providers.faults import Faults
from tests.support.providers.front import Front, Watch
from tests.support.providers.instagram import Instagram
from tests.support.providers.instagram_routes import InstagramRoutes
from tests.support.providers.postman import Postman
from tests.support.providers.twilio import Twilio
from tests.support.providers.twilio_routes import TwilioRoutes
from tests.support.providers.values import Sent
from tests.support.providers.whatsapp import WhatsApp
from tests.support.providers.whatsapp_routes import WhatsAppRoutes
from tests.support.serving import serving
from tests.support.waiting import until


class ContractBroken(AssertionError):
    """Somebody said what the vendors' contracts do not know."""


@dataclass(slots=True)
class Providers:
    """All simulated providers."""

    twilio: Twilio
    whatsapp: WhatsApp
    instagram: Instagram
    faults: Faults
    watch: Watch
    elsewhere: str
    """Another host: nobody of ours should ever be seen there."""
    postmen: tuple[Postman, ...]
    trespasses: list[dict[str, str]] = field(default_factory=list)
    """Headers of what came to the other host."""

    @property
    def sent(self) -> list[Sent]:
        """All that the providers accepted of us, oldest first."""
        parts = (self.twilio.sent, self.whatsapp.sent, self.instagram.sent)
        return sorted((one for part in parts for one in list(part)), key=lambda one: one.at)

    def sent_to(self, address: str) -> list[Sent]:
        """Return what went to somebody, oldest first."""
        return [one for one in self.sent if one.to == address]

    def wait_until_told(self, seconds: float = 20) -> None:
        """Wait until all news have been brought to where they are wanted."""
        until(lambda: all(one.is_idle() for one in self.postmen), seconds)

    def release(self) -> None:
        """Let all news go that were held back."""
        hooks = (self.twilio.hook, self.whatsapp.hook, self.instagram.hook)
        for postman, hook in zip(self.postmen, hooks, strict=True):
            postman.release(hook)


def is_validated() -> bool:
    """Tell whether requests are held to the vendors' contracts: only where those are there."""
    return contracts() is not None


@contextmanager
def running_providers(
    *, seed: int = 1, validate_one_in: int = 1, is_strict: bool = True
) -> Iterator[Providers]:
    """Run all providers; leaving stops them and fails if a contract was broken.

    Without the vendors' contracts (``HELPDESK_MATERIAL``) everything works, unvalidated, and says
    so once.

    Args:
        seed: Of all that happens by chance.
        validate_one_in: Hold only every so-many-th request to the contract.
        is_strict: Fail at the end because of broken contracts; else look at
            ``watch.violations``.
    """
    if not is_validated():
        print("providers: unvalidated; HELPDESK_MATERIAL names no folder with contracts")
    watch = Watch(validate_one_in=validate_one_in)
    postmen = (Postman(watch, seed), Postman(watch, seed + 1), Postman(watch, seed + 2))
    twilio, whatsapp, instagram = Twilio(postmen[0]), WhatsApp(postmen[1]), Instagram(postmen[2])
    faults = Faults(seed)
    sim = Providers(twilio, whatsapp, instagram, faults, watch, "", postmen)

    def fronts(urls: list[str]) -> list[Front]:
        twilio.url, whatsapp.url, instagram.url, sim.elsewhere = urls
        return _fronts(sim)

    with serving(4, fronts, watch.closing, name="providers"):
        try:
            yield sim
        finally:
            watch.closing.set()
            for postman in postmen:
                postman.close()
    if watch.violations and is_strict:
        raise ContractBroken("\n".join(dict.fromkeys(watch.violations)))


def _fronts(sim: Providers) -> list[Front]:
    def front(name: str, routes: list[Route], document: str) -> Front:
        return Front(name, routes, document, sim.watch, sim.faults, sim.elsewhere)

    def trespass(request: Request) -> Response:
        sim.trespasses.append(dict(request.headers))
        return PlainTextResponse("stolen")

    return [
        front("twilio", TwilioRoutes(sim.twilio).routes(), "twilio_messaging.json"),
        front("whatsapp", WhatsAppRoutes(sim.whatsapp).routes(), "whatsapp_cloud.json"),
        front("instagram", InstagramRoutes(sim.instagram).routes(), "instagram.own.json"),
        front("elsewhere", [Route("/{path:path}", trespass, name="elsewhere")], ""),
    ]


if __name__ == "__main__":
    with running_providers() as simulated:
        print(simulated.twilio.url, simulated.whatsapp.url, simulated.instagram.url)
        while True:
            time.sleep(1)

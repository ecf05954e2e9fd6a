"""What runs for an account of the sample desk: what is sent there goes to nobody.

Everything before the provider is as ever: limits, consent, windows, templates, parts, the outbox.
"""

from __future__ import annotations

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import CHANNELS, ChannelSpec
from helpdesk_tui.domain.messaging.parts import PartLimits, PlannedPart, Reply, plan
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingPart, Provider
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

_PAUSE = 60.0


class SandboxReceiver(ReceiveLoop):
    """Hears of nothing, and so is always in step."""

    @property
    def summary(self) -> Summary:
        """What became of what was received so far."""
        return Summary()

    def fetch(self) -> None:
        """Say that nothing is missing."""
        self.went_well()

    def drop(self) -> None:
        """Nothing is connected."""

    def pause(self) -> float:
        """Return how long to wait."""
        return _PAUSE


class SandboxProvider:
    """Takes every part, within the limits of its channel, and keeps none."""

    needs_url = False
    can_find = True
    polls_status = False

    def __init__(self, spec: ChannelSpec) -> None:
        self._limits = PartLimits(text=spec.text_limit, text_bytes=spec.bytes_limit)

    def plan(self, reply: Reply) -> list[PlannedPart]:
        """Return the parts a reply leaves in."""
        return plan(reply, self._limits)

    def pace(self, address: str) -> float:
        """Let nobody wait."""
        return 0.0

    def send(self, part: OutgoingPart) -> Accepted:
        """Take a part."""
        return Accepted(_id_of(part))

    def find(self, part: OutgoingPart) -> str | None:
        """Return the id of a part: there is no way in which one is lost."""
        return _id_of(part)

    def status(self, part: OutgoingPart) -> StatusNews | None:
        """Tell nothing: nobody gets it."""
        return None

    def read(self, address: str, external_id: str) -> None:
        """Tell nobody."""

    def close(self) -> None:
        """Nothing is connected."""


def receiver(account: Account, store: Store, password: Password) -> ReceiveLoop:
    """Return the thread that receives; not started."""
    return SandboxReceiver(account, store, password)


def beside(receiving: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    """Return the further threads of the account: none."""
    return ()


def make_provider(store: Store, account: Account, password: Password) -> Provider:
    """Return what sends for the account."""
    return SandboxProvider(CHANNELS[account.channel])


def test(account: Account, password: Password) -> list[Check]:
    """Try the account out: all of it is here."""
    return [Check("sandbox", ok=True)]


def _id_of(part: OutgoingPart) -> str:
    return f"sandbox-{part.reference}"

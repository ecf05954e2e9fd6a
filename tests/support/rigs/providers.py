"""SMS, WhatsApp and Instagram at simulated providers, with a real relay between."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.services.messaging.consent import ConsentLog
from tests.support.providers.faults import Fault
from tests.support.providers.postman import Postman
from tests.support.providers.running import Providers
from tests.support.providers.values import Hook, SimFile
from tests.support.relay import TOKEN, Running
from tests.support.rigs.rig import Came, Rig

ADA = "+15557770001"


class ProviderRig(Rig):
    """An account at a provider, and a customer with a telephone."""

    operations = ""
    """Of the simulator: before the dot."""
    customer = ADA

    def __init__(self, folder: Path, sim: Providers, relay: Running) -> None:
        super().__init__(folder)
        self.sim = sim
        self.relay = relay
        self.hook.url = f"{relay.url}/hooks/desk"
        self.secrets.by_purpose = {
            "token": self.token,
            "app-secret": self.hook.secret,
            "verify": "verify-token-of-tests",
            "relay": TOKEN,
        }
        self.connect()
        self.round()

    @property
    def hook(self) -> Hook:
        raise NotImplementedError

    @property
    def token(self) -> str:
        raise NotImplementedError

    @property
    def postman(self) -> Postman:
        raise NotImplementedError

    def reached(self) -> dict[str, Any]:
        """Return the settings that all of them have."""
        return {"relay": self.relay.url, "hook": "desk"}

    def repeat(self) -> None:
        self.postman.repeat()
        self.sim.wait_until_told()

    def came(self) -> list[Came]:
        return [Came(one.text, one.files) for one in self.sim.sent_to(self.customer)]

    def busy(self) -> None:
        self.sim.faults.next(f"{self.operations}.send", Fault.BUSY)

    def is_fine(self) -> bool:
        return self.sim.trespasses == []


def sim_files(files: Sequence[OutgoingFile]) -> list[SimFile]:
    """Return files as customers attach them."""
    return [SimFile(file.data, file.content_type, file.filename) for file in files]


class TwilioRig(ProviderRig):
    """A number for SMS at Twilio, read by asking and told of by webhook as well."""

    channel = "sms"
    kind = "twilio"
    operations = "twilio"
    prefix = ""

    @property
    def address(self) -> str:  # type: ignore[override]
        return self.sim.twilio.numbers[0]

    @property
    def hook(self) -> Hook:
        return self.sim.twilio.hook

    @property
    def token(self) -> str:
        return self.sim.twilio.token

    @property
    def postman(self) -> Postman:
        return self.sim.postmen[0]

    def connect(self) -> None:
        super().connect()
        # a person of ours has noted that she may be written to
        ConsentLog(self.store, self.agent).record(
            ADA, ConsentState.GIVEN, "at the till", channel=self.channel
        )

    def settings(self) -> dict[str, Any]:
        account = {"provider": "twilio", "account_sid": self.sim.twilio.account_sid}
        return {**account, "api": self.sim.twilio.url, **self.reached()}

    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        self.sim.twilio.customer_sends(self.prefix + ADA, text, files=sim_files(files))
        self.sim.wait_until_told()

    def came(self) -> list[Came]:
        to = self.prefix + ADA
        return [Came(one.text, one.files) for one in self.sim.sent_to(to)]


class TwilioWhatsAppRig(TwilioRig):
    """The same number for WhatsApp."""

    channel = "whatsapp"
    prefix = "whatsapp:"


class WhatsAppRig(ProviderRig):
    """A number at Meta: news come by webhook only."""

    channel = "whatsapp"
    kind = "meta"
    operations = "whatsapp"

    @property
    def address(self) -> str:  # type: ignore[override]
        return self.sim.whatsapp.number

    @property
    def hook(self) -> Hook:
        return self.sim.whatsapp.hook

    @property
    def token(self) -> str:
        return self.sim.whatsapp.token

    @property
    def postman(self) -> Postman:
        return self.sim.postmen[1]

    def settings(self) -> dict[str, Any]:
        ids = {"phone_number_id": self.sim.whatsapp.phone_id, "waba_id": self.sim.whatsapp.waba_id}
        reached = {"api": self.sim.whatsapp.url, **self.reached()}
        return {"provider": "meta", "version": "v23.0", **ids, **reached}

    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        file = next(iter(sim_files(files)), None)
        self.sim.whatsapp.customer_sends(ADA, text, file=file)
        self.sim.wait_until_told()


class InstagramRig(ProviderRig):
    """An account of Instagram, told of by webhook and read by asking."""

    def __init__(self, folder: Path, sim: Providers, relay: Running) -> None:
        # rounds follow one another at once here, each as if nobody had asked before
        sim.instagram.calls_per_second = 0
        super().__init__(folder, sim, relay)

    channel = "instagram"
    kind = "instagram-login"
    operations = "instagram"
    customer = "990000000000001"
    tells_delivered = False

    @property
    def address(self) -> str:  # type: ignore[override]
        return f"@{self.sim.instagram.handle}"

    @property
    def hook(self) -> Hook:
        return self.sim.instagram.hook

    @property
    def token(self) -> str:
        return self.sim.instagram.token

    @property
    def postman(self) -> Postman:
        return self.sim.postmen[2]

    def settings(self) -> dict[str, Any]:
        ids = {"account_id": self.sim.instagram.ig_id, "page_id": self.sim.instagram.page_id}
        reached = {"api": self.sim.instagram.url, **self.reached()}
        return {"provider": "instagram-login", "version": "v24.0", **ids, **reached}

    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        self.sim.instagram.customer_sends(self.customer, text, handle="ada", files=sim_files(files))
        self.sim.wait_until_told()

"""How fast each channel takes in what customers write."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.common import Result

_MESSAGES = 1_000
_PEOPLE = 50


def channels() -> list[Result]:
    """Measure the messages a second that each channel's receiver stores, files apart."""
    return [_messages_per_second(name) for name in ("sms", "whatsapp", "instagram", "webchat")]


def _messages_per_second(name: str) -> Result:
    """Let a thousand messages wait over there, and take them in."""
    from tests.support.providers.running import running_providers
    from tests.support.relay import running_relay
    from tests.support.rigs.providers import InstagramRig, TwilioRig, WhatsAppRig
    from tests.support.rigs.rig import Rig
    from tests.support.rigs.webchat import WebchatRig

    makers: dict[str, Callable[..., Rig]] = {
        "sms": TwilioRig,
        "whatsapp": WhatsAppRig,
        "instagram": InstagramRig,
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-bench-")))
        sim = stack.enter_context(running_providers(validate_one_in=1_000_000))
        relay = stack.enter_context(running_relay(folder / "relay", site=None))
        rig = WebchatRig(folder, relay) if name == "webchat" else makers[name](folder, sim, relay)
        stack.callback(rig.close)
        for number in range(_MESSAGES):
            rig.customer_writes(f"question {number}")
        began = time.perf_counter()
        while len(rig.heard()) < _MESSAGES:
            rig.round()
        seconds = time.perf_counter() - began
    rate = _MESSAGES / seconds
    label = f"{rig.spec.label}: messages taken in, one after another"
    return Result("CH", label, rate, "msg/s", 20, 100, more_is_better=True)

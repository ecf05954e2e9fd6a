"""Several desks that can write to each other: every mail server hands on to every mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.box import Box, running_box

Robot = Callable[[str, str, bytes], Sequence[tuple[str, str, bytes]]]
"""Gets (envelope sender, recipient, mail), gives mails of the same form."""


@dataclass(slots=True)
class Network:
    """Who has which mailbox, and what was carried."""

    boxes: dict[str, Box] = field(default_factory=dict)
    """Desk by address."""
    robots: dict[str, Robot] = field(default_factory=dict)
    """What answers by itself, by address."""
    gateway: Callable[[bytes], bytes] = bytes
    """What every mail goes through."""
    carried: list[tuple[str, str, bytes]] = field(default_factory=list)

    def carry(self, sender: str, recipient: str, raw: bytes) -> None:
        """Deliver a mail as a mail server does, with its trace on top."""
        self.carried.append((sender, recipient, raw))
        local, _, domain = recipient.partition("@")
        known = f"{local.partition('+')[0]}@{domain}"
        if known in self.boxes:
            trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()
            self.boxes[known].imap.deliver([self.gateway(trace + raw)])
        for answer in self.robots[known](sender, recipient, raw) if known in self.robots else ():
            self.carry(*answer)

    def sent(self) -> list[tuple[str, str]]:
        """Return (envelope sender, recipient) of everything that was carried."""
        return [(sender, recipient) for sender, recipient, _ in self.carried]

    def run(self, rounds: int = 12) -> int:
        """Let every desk work until nothing moves; return how many rounds that took."""
        for number in range(rounds):
            before = len(self.carried)
            seen = sum(box.json_here("sync", "--once")["seen"] for box in self.boxes.values())
            if not seen and len(self.carried) == before:
                return number
        raise AssertionError(f"mail still moves after {rounds} rounds: {self.sent()}")

    def _accept(self, server: Any) -> str:
        envelope = server.envelope
        sender = (envelope.mail_from or "").strip("<>")
        for recipient in envelope.rcpt_tos:
            self.carry(sender, recipient.lower(), envelope.content)
        return "250 taken"


@contextmanager
def running_network(folder: Path, addresses: Sequence[str]) -> Iterator[Network]:
    """Give a desk for each address, all with automatic answers on."""
    network = Network()
    with ExitStack() as stack:
        for number, address in enumerate(addresses):
            box = stack.enter_context(running_box(folder / f"desk{number}"))
            box.connect_mailbox(address, f"Desk Number {number}")
            box.here("setting", "set", "auto-reply.text", "Thank you, we have got it.")
            box.smtp.after_data = network._accept
            network.boxes[address] = box
        yield network

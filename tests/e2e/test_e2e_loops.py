"""No mail loop is possible: real desks write to each other on loopback, and it ends."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_e2e_email_desk import parsed
from tests.support.box import Box
from tests.support.network import Network, running_network
from tests.support.raw_mails import mail

A, B, C = "support@a.example", "help@b.example", "care@c.example"
LENA = "lena@customer.example"

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]


def letter(sender: str, to: str, number: int = 1, **headers: str) -> bytes:
    """Return a mail that looks written by a person."""
    return mail(
        f"Hello, this is letter {number}.\r\n",
        From=f"Somebody <{sender}>",
        To=to,
        Subject=f"Question {number}",
        Date="Sat, 21 Nov 2026 10:00:00 +0000",
        message_id=f"<letter-{number}-{sender.replace('@', '-')}@elsewhere.example>",
        **headers,
    )


def rows(box: Box, sql: str) -> list[tuple[Any, ...]]:
    """Look into a store behind the program's back."""
    with closing(sqlite3.connect(box.store / "helpdesk.db")) as link:
        return link.execute(sql).fetchall()


def without_traces(raw: bytes) -> bytes:
    """Strip all that tells machines apart, as the worst gateway would."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")
    dropped = (b"return-path", b"auto-submitted", b"precedence", b"x-auto-response-suppress",
               b"in-reply-to", b"references", b"x-helpdesk-instance", b"message-id")  # fmt: skip
    kept = [line for line in lines if not line.lower().startswith(dropped)]
    return b"\r\n".join(kept) + b"\r\n\r\n" + re.sub(rb"\{hd-[^}]*\}", b"", body)


def answers(network: Network) -> Counter[tuple[str, str]]:
    """Return how often each address was answered automatically, by header sender."""
    found = Counter[tuple[str, str]]()
    for _, recipient, raw in network.carried:
        if b"Thank you, we have got it." in raw:
            found[parsed(raw)["From"].addresses[0].addr_spec, recipient] += 1
    return found


def test_two_desks_that_answer_automatically_stop_after_one_exchange(tmp_path: Path) -> None:
    with running_network(tmp_path, [A, B]) as network:
        network.carry(A, B, letter(A, B))
        network.run()
        assert answers(network) == {(B, A): 1}
        envelope, _, raw = network.carried[-1]
        assert envelope == ""
        answer = parsed(raw)
        assert answer["Auto-Submitted"] == "auto-replied"
        assert answer["Precedence"] == "auto_reply"
        assert answer["X-Auto-Response-Suppress"] == "All"
        assert answer["In-Reply-To"] == f"<letter-1-{A.replace('@', '-')}@elsewhere.example>"
        assert "letter 1" not in raw.decode()
        assert "Question" not in answer["Subject"]


def test_they_stop_as_well_where_everything_that_tells_machines_is_stripped(tmp_path: Path) -> None:
    with running_network(tmp_path, [A, B]) as network:
        network.gateway = without_traces
        network.carry(A, B, letter(A, B))
        network.run()
        assert answers(network) == {(B, A): 1, (A, B): 1}


def test_three_desks_come_to_rest(tmp_path: Path) -> None:
    with running_network(tmp_path, [A, B, C]) as network:
        network.gateway = without_traces
        for number, (sender, to) in enumerate(((A, B), (B, C), (C, A), (A, C))):
            network.carry(sender, to, letter(sender, to, number))
        network.run()
        assert max(answers(network).values()) == 1
        assert len(network.carried) <= 4 + 6


def test_a_burst_is_answered_once_and_leaves_its_tickets_as_they_are(tmp_path: Path) -> None:
    with running_network(tmp_path, [A]) as network:
        for number in range(6):
            network.carry(LENA, A, letter(LENA, A, number))
        network.run()
        assert answers(network) == {(A, LENA): 1}
        box = network.boxes[A]
        states = "SELECT DISTINCT status, unread, assignee_id, waiting_since IS NULL FROM ticket"
        assert rows(box, states) == [("open", 1, None, 0)]
        assert rows(box, "SELECT count(*) FROM ticket") == [(6,)]


def away(sender: str, recipient: str, raw: bytes) -> Sequence[tuple[str, str, bytes]]:
    """Answer as a badly made vacation program: everything, and to the header's sender."""
    asked = parsed(raw)
    note = mail(
        "I am away until Monday.\r\n", From=recipient, To=A,
        Subject=f"Out of office: {asked['Subject']}", message_id=f"<away-{len(raw)}@x.example>",
        In_Reply_To=str(asked["Message-ID"]),
    )  # fmt: skip
    return [(recipient, A, note)]


def test_a_vacation_program_is_not_answered_and_changes_nothing(tmp_path: Path) -> None:
    with running_network(tmp_path, [A]) as network:
        network.robots[LENA] = away
        network.carry(LENA, A, letter(LENA, A))
        network.run()
        assert network.sent() == [(LENA, A), ("", LENA), (LENA, A)]
        found = rows(network.boxes[A], "SELECT direction, automatic FROM message ORDER BY id")
        assert found == [("inbound", 0), ("outbound", 1), ("inbound", 1)]


def test_our_own_mail_that_comes_back_is_shelved(tmp_path: Path) -> None:
    def redirect(sender: str, recipient: str, raw: bytes) -> Sequence[tuple[str, str, bytes]]:
        return [(sender, A, raw)]

    with running_network(tmp_path, [A]) as network:
        network.robots[LENA] = redirect
        network.carry(LENA, A, letter(LENA, A))
        network.run()
        assert network.sent() == [(LENA, A), ("", LENA), ("", A)]
        assert rows(network.boxes[A], "SELECT reason FROM intake") == [("own-mail",)]
        assert rows(network.boxes[A], "SELECT count(*) FROM ticket") == [(1,)]


def test_an_answer_finds_its_ticket_by_the_address_it_was_told(tmp_path: Path) -> None:
    def reply(sender: str, recipient: str, raw: bytes) -> Sequence[tuple[str, str, bytes]]:
        to = parsed(raw)["Reply-To"].addresses[0].addr_spec
        return [(LENA, to, letter("lena.private@home.example", to, 2))]

    with running_network(tmp_path, [A]) as network:
        network.boxes[A].here("setting", "set", "reply-plus-address", "on")
        network.robots[LENA] = reply
        network.carry(LENA, A, letter(LENA, A))
        network.run()
        box = network.boxes[A]
        assert rows(box, "SELECT count(*) FROM ticket") == [(1,)]
        assert rows(box, "SELECT recipient FROM ticket") == [(A,)]
        flags = rows(box, "SELECT flags FROM message ORDER BY id DESC LIMIT 1")
        assert flags == [("new-sender",)]


def test_a_server_that_wants_a_sender_gets_one(tmp_path: Path) -> None:
    with running_network(tmp_path, [A]) as network:
        box = network.boxes[A]
        accept = box.smtp.after_data
        assert accept is not None

        def picky(server: Any) -> str:
            has_sender = server.envelope.mail_from not in ("", "<>", None)
            return accept(server) if has_sender else "550 5.7.1 no empty sender"

        box.smtp.after_data = picky
        network.carry(LENA, A, letter(LENA, A))
        network.run()
        assert network.sent() == [(LENA, A), (A, LENA)]

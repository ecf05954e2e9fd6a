"""Follow-ups of chats: exactly one mail, to whom it belongs, and what an answer to it becomes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.inbound import Place, VerdictKind
from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.chat.follow_up import follow_up_trouble
from helpdesk_tui.services.chat.timers import ChatTimers
from helpdesk_tui.services.inbound import Inbound
from tests.support.chats import add_chat, chat_of, end_chat
from tests.support.mailboxes import rows
from tests.support.mails import make_mail
from tests.support.receiving import OURS, STRANGER, receiving_store, take
from tests.support.store import START, FakeClock, add_message, row_of
from tests.support.waiting import PATIENCE

LENA = "lena@example.net"
LEFT = START + timedelta(seconds=30)
LATER = START + timedelta(minutes=10)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return receiving_store(tmp_path, sender_name="Shop Support")


def set_desk(store: Store, name: str, value: object) -> None:
    with store.write() as connection:
        save_setting(connection, name, DESK, json.dumps(value))


def reply(store: Store, ticket: int, text: str = "It leaves today.", **fields: Any) -> int:
    """Add an agent's reply in the chat, which the visitor's browser has not shown."""
    values = {"channel": "webchat", "direction": "outbound", "delivery": "sent", **fields}
    return add_message(store, ticket, text=text, **{"at": START + timedelta(minutes=1), **values})


def left_chat(store: Store, **chat: Any) -> int:
    """Add a chat whose visitor left before the reply."""
    return add_chat(store, chat={"offline_since": LEFT, **chat})


def run(store: Store, now: datetime = LATER) -> datetime | None:
    return ChatTimers(store).run_due(now)


def mails(store: Store) -> list[dict[str, Any]]:
    found = rows(store, "SELECT id FROM message WHERE channel = 'email' AND author_kind = 'auto'")
    return [row_of(store, "message", message) for (message,) in found]


def test_a_visitor_who_left_gets_the_unread_replies_once(store: Store) -> None:
    ticket = left_chat(store)
    reply(store, ticket, "It leaves today.", files=[("label.pdf", b"%PDF-1.4")])
    reply(store, ticket, "Here is the label.")
    assert run(store, START + timedelta(minutes=2)) == START + timedelta(minutes=4)
    assert mails(store) == []
    run(store)
    run(store)
    (mail,) = mails(store)
    assert json.loads(mail["recipients"]) == [LENA]
    assert mail["sender"] == OURS
    assert mail["delivery"] == "queued"
    assert mail["automatic"] == 1
    assert mail["flags"] == "follow-up"
    assert mail["ticket_id"] == ticket
    assert mail["text"].index("It leaves today.") < mail["text"].index("Here is the label.")
    files = rows(store, "SELECT filename FROM attachment WHERE message_id = ?", mail["id"])
    assert files == [("label.pdf",)]
    assert chat_of(store, ticket)["followed_up_at"]
    kinds = rows(store, "SELECT kind FROM activity WHERE message_id = ?", mail["id"])
    assert kinds == [("message.queued",), ("chat.followed-up",)]


def test_a_follow_up_moves_its_ticket_in_no_way(store: Store) -> None:
    ticket = left_chat(store)
    reply(store, ticket)
    before = row_of(store, "ticket", ticket)
    run(store)
    after = row_of(store, "ticket", ticket)
    moved = {name for name, value in after.items() if value != before[name]}
    assert moved == {"message_count", "version"}


@pytest.mark.parametrize(
    ("chat", "fields", "replied"),
    [
        ({"offline_since": None}, {}, {}),
        ({"followed_up_at": START}, {}, {}),
        ({"seen_to": 2**40}, {}, {}),
        ({}, {"spam": True}, {}),
        ({}, {}, {"delivery": "read"}),
        ({}, {}, {"delivery": "failed"}),
        ({}, {}, {"delivery": "scheduled"}),
        ({}, {}, {"author_kind": "auto", "automatic": True}),
        ({}, {}, {"author_kind": "ai"}),
        ({}, {}, {"flags": "holding"}),
        ({}, {}, {"direction": "note"}),
    ],
)
def test_nothing_is_sent_where_nothing_is_left_to_tell(
    store: Store, chat: dict[str, Any], fields: dict[str, Any], replied: dict[str, Any]
) -> None:
    ticket = add_chat(store, chat={"offline_since": LEFT, **chat}, **fields)
    reply(store, ticket, **replied)
    assert run(store) is None
    assert mails(store) == []


def test_only_what_was_not_read_is_told(store: Store) -> None:
    ticket = left_chat(store)
    seen = reply(store, ticket, "Read this.")
    reply(store, ticket, "Missed this.")
    with store.write() as connection:
        connection.execute("UPDATE chat SET seen_to = ?", (seen,))
    run(store)
    (mail,) = mails(store)
    assert "Missed this." in mail["text"]
    assert "Read this." not in mail["text"]


def test_an_anonymous_visitor_and_a_blocked_one_get_nothing(store: Store) -> None:
    nobody = add_chat(store, chat={"offline_since": LEFT}, email="", name="",
                      customer_address="webchat:v-1")  # fmt: skip
    reply(store, nobody)
    blocked = left_chat(store)
    reply(store, blocked)
    with store.write() as connection:
        connection.execute("INSERT INTO block (kind, value, at) VALUES ('email', ?, 1)", (LENA,))
    run(store)
    assert mails(store) == []


def test_the_address_of_a_known_profile_is_used(store: Store) -> None:
    ticket = left_chat(store)
    with store.write() as connection:
        connection.execute("UPDATE ticket SET customer_address = 'webchat:v-1'")
    reply(store, ticket)
    run(store)
    assert json.loads(mails(store)[0]["recipients"]) == [LENA]


def test_an_address_that_gives_mail_back_gets_none(store: Store) -> None:
    ticket = left_chat(store)
    reply(store, ticket)
    with store.write() as connection:
        connection.execute("UPDATE ticket SET flags = 'address-fails'")
    run(store)
    assert mails(store) == []


def test_a_chat_that_ended_today_is_followed_up_and_an_old_one_is_not(store: Store) -> None:
    ticket = left_chat(store)
    reply(store, ticket)
    end_chat(store, ticket, at=START + timedelta(minutes=2), by="agent")
    run(store, START + timedelta(days=3))
    assert mails(store) == []
    run(store)
    assert len(mails(store)) == 1


def test_without_a_verified_address_there_is_none(store: Store) -> None:
    ticket = left_chat(store)
    reply(store, ticket)
    with store.write() as connection:
        connection.execute("UPDATE support_address SET state = 'pending'")
    assert run(store) is None
    assert mails(store) == []
    assert follow_up_trouble({}, Addresses(store, SYSTEM).list()) == ("none", "")


def test_switched_off_there_is_none(store: Store) -> None:
    reply(store, left_chat(store))
    set_desk(store, "follow-up", "off")
    assert run(store) is None
    assert mails(store) == []
    assert follow_up_trouble({"follow-up": "off"}, ()) == ("", "")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", ("free-mail", "shop@gmail.com")),
        (OURS, ("", "")),
        ("other@shop.example", ("unverified", "other@shop.example")),
        ("shop@gmail.com", ("free-mail", "shop@gmail.com")),
    ],
)
def test_a_poor_address_is_named(store: Store, wanted: str, said: tuple[str, str]) -> None:
    with store.write() as connection:
        connection.execute(
            "INSERT INTO support_address (address, channel_account_id, state)"
            " VALUES ('shop@gmail.com', 1, 'verified')"
        )
    found = follow_up_trouble({"follow-up-address": wanted}, Addresses(store, SYSTEM).list())
    assert found == said


def test_the_configured_address_is_the_sender(store: Store) -> None:
    with store.write() as connection:
        connection.execute(
            "INSERT INTO support_address (address, channel_account_id, state)"
            " VALUES ('zebra@shop.example', 1, 'verified')"
        )
    set_desk(store, "follow-up-address", "zebra@shop.example")
    reply(store, left_chat(store))
    run(store)
    assert mails(store)[0]["sender"] == "zebra@shop.example"


@pytest.mark.parametrize(("language", "word"), [("pl", "czacie"), ("sv-SE", "chatt"),
                                                ("pt-BR", "conversa"), ("", "chat")])  # fmt: skip
def test_it_speaks_the_visitors_language(store: Store, language: str, word: str) -> None:
    reply(store, left_chat(store, language=language))
    run(store)
    assert word in mails(store)[0]["subject"]


def test_files_beyond_the_limit_of_the_mail_server_are_named(store: Store) -> None:
    set_desk(store, "smtp-size.1", 50_000)
    ticket = left_chat(store)
    reply(store, ticket, files=[("film.mp4", b"x" * 40_000), ("small.txt", b"y")])
    run(store)
    (mail,) = mails(store)
    files = rows(store, "SELECT filename FROM attachment WHERE message_id = ?", mail["id"])
    assert files == [("small.txt",)]
    assert "film.mp4" in mail["text"]


def test_two_workers_at_once_queue_one_mail(store: Store) -> None:
    for _ in range(5):
        reply(store, left_chat(store))
    starting = threading.Barrier(4)

    def work() -> None:
        own = Store(store.paths.root)
        starting.wait()
        ChatTimers(own).run_due(LATER)
        own.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(mails(store)) == 5
    assert len({mail["ticket_id"] for mail in mails(store)}) == 5


CRASH = """
import os, sys
from datetime import datetime
from pathlib import Path
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.chat import follow_up
from helpdesk_tui.services.chat.timers import ChatTimers

def die(*args, **kwargs):
    os._exit(9)

setattr(eval(sys.argv[2].rpartition(".")[0]), sys.argv[2].rpartition(".")[2], die)
ChatTimers(Store(Path(sys.argv[1]))).run_due(datetime.fromisoformat(sys.argv[3]))
os._exit(9)
"""


@pytest.mark.parametrize(
    "point",
    [
        "follow_up.rows.queue_automatic",
        "follow_up.activity.record",
        "follow_up._queue",
        "os.getpid",
    ],
)
def test_whoever_is_killed_on_the_way_there_is_one_mail(store: Store, point: str) -> None:
    ticket = left_chat(store)
    reply(store, ticket)
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(store.paths.root), point, LATER.isoformat()],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 9, done.stderr.decode()
    assert bool(chat_of(store, ticket)["followed_up_at"]) == bool(mails(store))
    run(store)
    assert len(mails(store)) == 1


# what an answer becomes ---------------------------------------------------------------------


def followed(store: Store) -> tuple[int, str]:
    """Return a chat with its follow-up sent, and the Message-ID of that."""
    ticket = left_chat(store)
    reply(store, ticket)
    run(store)
    end_chat(store, ticket, at=LATER)
    (mail,) = mails(store)
    return ticket, mail["external_id"]


def test_an_answer_begins_an_email_ticket_linked_both_ways(store: Store) -> None:
    chat, sent = followed(store)
    take(store, make_mail(LENA, message_id="a@x", in_reply_to=sent, subject="Re: Your chat"))
    ((ticket,),) = rows(store, "SELECT id FROM ticket WHERE channel = 'email'")
    assert row_of(store, "ticket", ticket)["follows_id"] == chat
    links = rows(store, "SELECT kind, ticket_id, after FROM activity WHERE kind IN"
                 " ('ticket.follows', 'chat.continued') ORDER BY kind")  # fmt: skip
    assert links == [
        ("chat.continued", chat, json.dumps({"ticket": ticket})),
        ("ticket.follows", ticket, json.dumps({"ticket": chat})),
    ]
    assert row_of(store, "ticket", chat)["status"] == "closed"
    assert (
        row_of(store, "ticket", chat)["profile_id"] == row_of(store, "ticket", ticket)["profile_id"]
    )


def test_later_mails_of_the_thread_join_that_ticket(store: Store) -> None:
    chat, sent = followed(store)
    take(store, make_mail(LENA, message_id="a@x", in_reply_to=sent),
         make_mail(LENA, message_id="b@x", in_reply_to=sent, text="And one more."))  # fmt: skip
    take(store, make_mail(LENA, message_id="c@x", references=f"{sent} b@x", text="Hello?"))
    assert rows(store, "SELECT count(*) FROM ticket WHERE follows_id = ?", chat) == [(1,)]
    assert rows(store, "SELECT count(*) FROM message WHERE channel = 'email' AND ticket_id != ?",
                chat) == [(3,)]  # fmt: skip


def test_a_stranger_who_has_the_mail_never_becomes_the_customers_ticket(store: Store) -> None:
    chat, sent = followed(store)
    take(store, make_mail(STRANGER, message_id="s@x", in_reply_to=sent, text="let me in"))
    take(store, make_mail(LENA, message_id="a@x", in_reply_to=sent))
    take(store, make_mail(STRANGER, message_id="t@x", in_reply_to=sent, text="again"))
    owners = rows(store, "SELECT customer_address, message_count FROM ticket"
                  " WHERE follows_id = ? ORDER BY id", chat)  # fmt: skip
    assert owners == [(STRANGER, 2), (LENA, 1)]
    flags = rows(store, "SELECT flags FROM ticket WHERE customer_address = ?", STRANGER)
    assert "new-sender" in flags[0][0]


def test_a_stranger_who_comes_second_joins_as_one(store: Store) -> None:
    chat, sent = followed(store)
    take(store, make_mail(LENA, message_id="a@x", in_reply_to=sent))
    take(store, make_mail("colleague@example.net", message_id="s@x", in_reply_to=sent, text="me"))
    assert rows(store, "SELECT customer_address, message_count FROM ticket WHERE follows_id = ?",
                chat) == [(LENA, 2)]  # fmt: skip
    assert rows(store, "SELECT flags FROM message WHERE external_id = 's@x'") == [("new-sender",)]


def test_a_guessed_reference_opens_nothing(store: Store) -> None:
    chat, sent = followed(store)
    forged = sent.replace("hd.", "hd.1")
    take(store, make_mail(STRANGER, message_id="s@x", in_reply_to=forged))
    assert rows(store, "SELECT count(*) FROM ticket WHERE follows_id = ?", chat) == [(0,)]


def test_an_out_of_office_stays_with_the_chat_and_moves_nothing(store: Store) -> None:
    chat, sent = followed(store)
    before = row_of(store, "ticket", chat)
    take(store, make_mail(LENA, message_id="o@x", in_reply_to=sent, mail_class=MailClass.OOO))
    after = row_of(store, "ticket", chat)
    assert rows(store, "SELECT ticket_id FROM message WHERE external_id = 'o@x'") == [(chat,)]
    kept = ("status", "unread", "waiting_since", "last_message_at", "flags")
    assert [after[name] for name in kept] == [before[name] for name in kept]


def test_explain_says_where_an_answer_goes(store: Store) -> None:
    chat, sent = followed(store)
    inbound = Inbound(store, SYSTEM, now=FakeClock())
    first = make_mail(LENA, message_id="a@x", in_reply_to=sent)
    verdict = inbound.explain(first)
    assert (verdict.kind, verdict.place) == (VerdictKind.TICKET, Place.NEW)
    assert ("follows-chat", f"#{chat}") in [(each.code, each.detail) for each in verdict.evidence]
    take(store, first)
    ((ticket,),) = rows(store, "SELECT id FROM ticket WHERE follows_id = ?", chat)
    verdict = inbound.explain(make_mail(LENA, message_id="b@x", in_reply_to=sent))
    assert (verdict.kind, verdict.ticket_id) == (VerdictKind.JOINS, ticket)
    said = [each.detail for each in verdict.evidence if each.code == "match.follow-up"]
    assert said == [f"#{chat} goes on in #{ticket}"]

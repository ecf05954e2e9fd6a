"""Copies, forwards to others, what the review tells, and what is refused before it is queued."""

from __future__ import annotations

import json

import pytest

from helpdesk_tui.db.accounts import size_setting
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.mail import Evidence, OutgoingFile
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.mail.compose import compose_mail
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.threads import Threads
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_mailbox,
    add_message,
    add_ticket,
    make_store,
    row_of,
)

LENA, FRIEND, SUPPLIER = "lena@example.net", "friend@y.example", "orders@supplier.example"
US = "support@shop.example"
FORWARD = DraftKind.FORWARD


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    add_mailbox(store, signature="Shop Ltd, Kraków")
    yield store
    store.close()


@pytest.fixture
def anna(store):
    return Actor(ActorKind.AGENT, add_agent(store, "anna", signature="Anna"), "anna")


@pytest.fixture
def outbox(store, clock):
    return Outbox(store, now=clock)


@pytest.fixture
def ticket(store):
    add_agent(store, "bert")
    ticket = add_ticket(store, waiting_since=START, unread=1)
    add_message(
        store, ticket, external_id="b@x.example", thread_ids=["a@x.example"],
        text="It came broken.\n\nWhat now?", recipients=[US, FRIEND],
        copies=["bert@shop.example"], files=[("photo.png", b"png")], flags="auth-failed",
    )  # fmt: skip
    for address in (LENA, FRIEND):
        join(store, ticket, address)
    return ticket


def join(store: Store, ticket: int, address: str) -> None:
    with store.write() as connection:
        connection.execute(
            "INSERT INTO participant (ticket_id, address, name, role) VALUES (?, ?, 'X', 'cc')"
            " ON CONFLICT DO NOTHING",
            (ticket, address),
        )


def participants(store: Store, ticket: int) -> set[str]:
    with store.read() as connection:
        found = connection.execute("SELECT address FROM participant WHERE ticket_id = ?", (ticket,))
        return {row[0] for row in found}


def send(outbox: Outbox, clock: FakeClock, message: int) -> None:
    clock.advance(seconds=11)
    assert [claim.message_id for claim in outbox.claim_due("w")] == [message]
    outbox.sent(message, "w")


def answer_of(store: Store, ticket: int, forward: int, **fields: object) -> int:
    """Store what the supplier answers to a forward."""
    join(store, ticket, SUPPLIER)
    values = {
        "sender": SUPPLIER, "author_name": "Supplier", "text": "Margin is 80 %. We replace it.",
        "thread_ids": [row_of(store, "message", forward)["external_id"]], "recipients": [US],
        "external_id": "s1@supplier.example", **fields,
    }  # fmt: skip
    return add_message(store, ticket, **values)


# -- blind copies -------------------------------------------------------------------------------


def test_blind_copies_stand_in_the_envelope_and_nowhere_in_the_mail(store, replies, outbox, ticket):
    queued = replies.reply(ticket, "Hi", cc=[FRIEND], bcc=["boss@z.example", FRIEND, LENA, US])
    row = row_of(store, "message", queued.message_id)
    assert json.loads(str(row["blind_copies"])) == ["boss@z.example"]
    mail = outbox.outgoing(queued.message_id)
    assert [each.addr for each in mail.bcc] == ["boss@z.example"]
    assert [each.addr for each in mail.cc] == [FRIEND]
    raw = compose_mail(mail)
    assert b"boss@z.example" not in raw
    assert b"bcc" not in raw.lower()
    shown = Threads(store, SYSTEM).message(queued.message_id)
    assert (shown.cc, shown.bcc) == ((FRIEND,), ("boss@z.example",))


def test_blind_copies_stay_when_a_failed_reply_is_sent_again(store, replies, outbox, clock, ticket):
    message = replies.reply(ticket, "Hi", bcc=["boss@z.example"]).message_id
    clock.advance(seconds=11)
    outbox.claim_due("w")
    outbox.failed(message, "w", "smtp.refused")
    replies.retry(message)
    assert [each.addr for each in outbox.outgoing(message).bcc] == ["boss@z.example"]
    send(outbox, clock, message)
    assert "boss@z.example" in participants(store, ticket)


@pytest.mark.parametrize("bad", ["a@b.example\r\nX: y", "nobody", "a b@c.example"])
def test_a_bad_blind_copy_is_refused(replies, ticket, bad):
    with pytest.raises(UsageError, match=r"address\.invalid"):
        replies.reply(ticket, "Hi", bcc=[bad])


# -- the preview --------------------------------------------------------------------------------


def test_the_preview_is_what_leaves(store, replies, outbox, ticket):
    preview = replies.preview(ticket, "Hi Lena", cc=["new@z.example"])
    assert preview.text == "Hi Lena\n\n-- \nAnna\nShop Ltd, Kraków"
    assert (preview.sender, preview.sender_name) == (US, "Shop Support")
    assert (preview.subject, preview.quoted) == ("Re: Where is my parcel?", "Lena Doe")
    assert preview.present == (LENA, FRIEND)
    assert preview.envelope.to == (LENA,)
    assert Evidence("auth-failed", LENA) in preview.warnings
    queued = replies.reply(ticket, "Hi Lena", cc=["new@z.example"])
    mail = outbox.outgoing(queued.message_id)
    assert mail.text.startswith(preview.text + "\n\nOn ")
    assert (mail.subject, mail.sender.name) == (preview.subject, preview.sender_name)
    assert tuple(each.addr for each in (*mail.to, *mail.cc)) == preview.envelope.everybody


def test_the_preview_warns_of_our_own_addresses(replies, ticket):
    preview = replies.preview(ticket, "Hi", cc=["anna@shop.example", US], bcc=["x@y.example"])
    assert preview.envelope.everybody == (LENA, "anna@shop.example", "x@y.example")
    assert [(one.code, one.detail) for one in preview.warnings[:2]] == [
        ("own-address", "anna@shop.example"),
        ("left-out", US),
    ]


def test_the_preview_refuses_what_sending_would(replies, ticket):
    with pytest.raises(NotAllowed, match=r"reply\.not-participant"):
        replies.preview(ticket, "Hi", to=["stranger@z.example"])
    with pytest.raises(NotAllowed, match=r"reply\.own-address"):
        replies.preview(ticket, "Hi", to=[US], kind=FORWARD)
    with pytest.raises(UsageError, match=r"forward\.no-recipient"):
        replies.preview(ticket, "Hi", kind=FORWARD)


def test_the_people_of_a_ticket_are_offered_but_never_ourselves(store, replies, ticket):
    join(store, ticket, "anna@shop.example")
    assert [each.addr for each in replies.people(ticket)] == [FRIEND, LENA]


# -- answering between the lines -----------------------------------------------------------------


def test_an_answer_between_the_lines_is_not_quoted_again(replies, outbox, ticket):
    text = "> It came broken.\n\nSorry!\n\n> What now?\n\nWe send a new one."
    assert replies.preview(ticket, text).quoted == ""
    mail = outbox.outgoing(replies.reply(ticket, text).message_id)
    assert mail.text.startswith(text)
    assert mail.text.count("What now?") == 1
    assert "{hd-" in mail.text.splitlines()[-1]


# -- forwards -----------------------------------------------------------------------------------


def test_a_forward_passes_a_message_on_with_its_files(store, replies, outbox, clock, ticket):
    first = Threads(store, SYSTEM).load(ticket).messages[0]
    draft = replies.start_forward(ticket, first.id)
    assert draft.text.startswith("\n\n---------- Forwarded message ----------\nFrom: Lena Doe <")
    assert "To: support@shop.example, friend@y.example" in draft.text
    assert [file.filename for file in draft.files] == ["photo.png"]
    queued = replies.forward(ticket, f"Can you replace it?{draft.text}", to=[SUPPLIER.upper()])
    mail = outbox.outgoing(queued.message_id)
    assert [each.addr for each in mail.to] == [SUPPLIER]
    assert mail.subject == "Fwd: Where is my parcel?"
    assert (mail.references, mail.in_reply_to) == ((), "")
    assert mail.text.startswith("Can you replace it?\n\n---------- Forwarded")
    assert "It came broken." in mail.text
    assert [file.data for file in mail.files] == [b"png"]
    row = row_of(store, "ticket", ticket)
    assert (row["customer_address"], row["unread"]) == (LENA, 0)
    assert row["waiting_since"] is not None
    assert "third-party" in Threads(store, SYSTEM).message(queued.message_id).flags
    send(outbox, clock, queued.message_id)
    assert SUPPLIER in participants(store, ticket)
    assert row_of(store, "ticket", ticket)["customer_address"] == LENA


def test_a_draft_of_a_forward_is_not_begun_anew(store, replies, anna, ticket):
    replies.start_forward(ticket)
    Drafts(store, anna).save(ticket, FORWARD, "mine")
    assert replies.start_forward(ticket).text == "mine"


def test_the_whole_talk_holds_no_note_and_nothing_said_aside(store, replies, ticket):
    replies.note(ticket, "SECRET: margin 80 %")
    replies.reply(ticket, "We look into it.")
    forward = replies.forward(ticket, "ASIDE", to=["other@supplier.example"]).message_id
    answer_of(store, ticket, forward, sender="colleague@supplier.example")
    text = replies.start_forward(ticket).text
    assert text.count("Forwarded message") == 2
    assert text.index("It came broken.") < text.index("We look into it.")
    assert "Anna" in text
    assert "Shop Ltd" not in text
    for hidden in ("SECRET", "ASIDE", "Margin"):
        assert hidden not in text


@pytest.mark.parametrize("message", [999, "note"])
def test_what_is_no_mail_of_the_ticket_is_not_passed_on(replies, ticket, message):
    number = replies.note(ticket, "inside") if message == "note" else message
    with pytest.raises(NotFound, match=r"message\.missing"):
        replies.start_forward(ticket, number)
    with pytest.raises(NotFound, match=r"message\.missing"):
        replies.passed_on(ticket, number)


def test_what_a_third_party_answers_is_never_quoted_to_the_customer(
    store, replies, outbox, clock, ticket
):
    forward = replies.forward(ticket, "?", to=[SUPPLIER]).message_id
    send(outbox, clock, forward)
    answer_of(store, ticket, forward, copies=["boss@supplier.example"])
    answer_of(store, ticket, forward, sender="colleague@supplier.example", external_id="s2@s.ex")
    assert replies.preview(ticket, "Hi").quoted == "Lena Doe"
    assert replies.recipients(ticket, everyone=True).cc == (FRIEND,)
    mail = outbox.outgoing(replies.reply(ticket, "A new one comes.").message_id)
    assert "Margin" not in mail.text
    assert mail.in_reply_to == "b@x.example"


def test_a_third_party_is_answered_with_its_own_words(store, replies, outbox, clock, ticket):
    forward = replies.forward(ticket, "?", to=[SUPPLIER]).message_id
    send(outbox, clock, forward)
    answer_of(store, ticket, forward)
    mail = outbox.outgoing(replies.reply(ticket, "Thanks", to=SUPPLIER).message_id)
    assert [each.addr for each in mail.to] == [SUPPLIER]
    assert "Margin" in mail.text
    assert "It came broken" not in mail.text
    assert mail.in_reply_to == "s1@supplier.example"


def test_what_a_friend_writes_to_us_alone_is_not_quoted_to_the_customer(
    store, replies, outbox, ticket
):
    alone = {"sender": FRIEND, "author_name": "Friend", "recipients": [US]}
    add_message(store, ticket, text="Do not tell her.", external_id="f@y.example", **alone)
    mail = outbox.outgoing(replies.reply(ticket, "Hi").message_id)
    assert "Do not tell her." not in mail.text
    assert mail.in_reply_to == "b@x.example"
    add_message(store, ticket, text="All of you", external_id="g@y.example", **alone, copies=[LENA])
    assert "All of you" in outbox.outgoing(replies.reply(ticket, "Hi").message_id).text


def test_the_customer_who_is_asked_too_is_still_the_customer(store, replies, outbox, clock, ticket):
    forward = replies.forward(ticket, "?", to=[SUPPLIER], cc=[LENA]).message_id
    send(outbox, clock, forward)
    identifier = row_of(store, "message", forward)["external_id"]
    add_message(store, ticket, text="Fine", external_id="c@x.example", thread_ids=[identifier])
    assert replies.preview(ticket, "Hi").quoted == "Lena Doe"
    mail = outbox.outgoing(replies.reply(ticket, "Good").message_id)
    assert mail.in_reply_to == "c@x.example"


def test_a_forward_taken_back_is_a_draft_of_a_forward_again(store, replies, anna, clock, ticket):
    before = row_of(store, "ticket", ticket)
    message = replies.start_forward(ticket)
    queued = replies.forward(ticket, message.text, to=[SUPPLIER], then="close")
    draft = replies.undo_send(queued.message_id)
    assert (draft.to, draft.cc, draft.bcc) == ((SUPPLIER,), (), ())
    assert (draft.kind, [file.filename for file in draft.files]) == (FORWARD, ["photo.png"])
    assert "It came broken." in draft.text
    assert Drafts(store, anna).load(ticket, DraftKind.REPLY) is None
    after = row_of(store, "ticket", ticket)
    assert str(after["preview"]).split() == str(before["preview"]).split()
    same = ("waiting_since", "status", "unread", "message_count", "customer_address")
    assert [after[name] for name in same] == [before[name] for name in same]


def test_a_forward_overtakes_nobody(store, replies, ticket, clock):
    bert = Replies(store, Actor(ActorKind.AGENT, add_agent(store, "bert"), "bert"), now=clock)
    seen = Threads(store, SYSTEM).load(ticket).messages[-1].id
    bert.forward(ticket, "?", to=[SUPPLIER])
    assert replies.reply(ticket, "Hi", seen=seen).message_id


def test_a_script_forwards_without_touching_the_draft(store, replies, anna, ticket):
    replies.start_forward(ticket)
    mails = replies.passed_on(ticket)
    queued = replies.forward(
        ticket, mails.text, to=[SUPPLIER], files=mails.files, use_draft_files=False, undo=False
    )
    files = Threads(store, SYSTEM).message(queued.message_id).attachments
    assert [file.filename for file in files] == ["photo.png"]
    assert Drafts(store, anna).load(ticket, FORWARD) is not None


# -- sizes --------------------------------------------------------------------------------------


def test_what_the_server_would_refuse_is_refused_before_it_is_queued(store, replies, ticket, anna):
    with store.write() as connection:
        save_setting(connection, size_setting(1), DESK, "100000")
    large = OutgoingFile("film.mp4", "video/mp4", bytes(60_000))
    with pytest.raises(UsageError, match=r"attachment\.server-limit") as caught:
        replies.reply(ticket, "Hi", files=[large])
    assert caught.value.values["limit"] == 100_000
    assert int(str(caught.value.values["size"])) > 100_000
    Drafts(store, anna).attach(ticket, DraftKind.REPLY, "film.mp4", large.data)
    with pytest.raises(UsageError, match=r"attachment\.server-limit"):
        replies.preview(ticket, "Hi")
    replies.reply(ticket, "Hi", files=[OutgoingFile("a", "", bytes(50_000))], use_draft_files=False)


def test_the_room_kept_for_a_mail_is_enough(store, replies, outbox, ticket):
    files = [OutgoingFile(f"ä{n}.bin", "", bytes(40_000 + n)) for n in range(4)]
    raw = compose_mail(outbox.outgoing(replies.reply(ticket, "Hi", files=files).message_id))
    with store.write() as connection:
        save_setting(connection, size_setting(1), DESK, str(len(raw)))
    with pytest.raises(UsageError, match=r"attachment\.server-limit"):
        replies.reply(ticket, "Hi", files=files)

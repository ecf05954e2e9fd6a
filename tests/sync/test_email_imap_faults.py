"""An IMAP server that misbehaves costs a retry, never a password and never a wrong answer."""

from __future__ import annotations

import threading
import time

import pytest

from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.sync.channels.email import imap
from helpdesk_tui.sync.channels.errors import Retry
from tests.support.fake_imap import (
    FakeImap,
    Session,
    answer,
    connect,
    running_fake,
    uids_of,
)
from tests.support.waiting import AT_ONCE, PATIENCE

MAIL = b"From: a@x.example\r\nSubject: s\r\n\r\n" + b"body line\r\n" * 50


def test_a_healthy_server_gives_all_mails():
    with running_fake(FakeImap(mails={3: MAIL, 9: MAIL + b"x"})) as server:
        box = connect(server)
        state = box.open_folder("INBOX")
        assert (state.validity, state.next_uid, state.exists) == (1, 10, 2)
        assert list(box.uids(1, state.next_uid)) == [[3, 9]]
        mails = box.fetch([3, 4, 9])
        assert [(mail.uid, mail.raw) for mail in mails] == [(3, MAIL), (9, MAIL + b"x")]
        assert mails[0].received_at is not None
        assert mails[0].received_at.isoformat() == "2026-11-21T10:00:00+00:00"
        box.close()


def cut_in_literal(session: Session, tag: bytes, rest: bytes) -> bool:
    session.say(answer(1, uids_of(rest)[0], MAIL, rest)[:-100])
    session.drop()
    return True


def garbage(session: Session, tag: bytes, rest: bytes) -> bool:
    session.say(b"\x00\xff total nonsense\r\n" * 3)
    return True


def huge_literal(session: Session, tag: bytes, rest: bytes) -> bool:
    session.say(b"* 1 FETCH (UID 1 BODY[]<0> {99999999999}\r\nabc")
    return True


def endless_line(session: Session, tag: bytes, rest: bytes) -> bool:
    session.say(b"* OK " + b"x" * 2_000_000 + b"\r\n")
    return True


def broken_parentheses(session: Session, tag: bytes, rest: bytes) -> bool:
    session.say(b'* 1 FETCH (UID 1 BODY[]<0> "abc\r\n' + tag + b" OK done\r\n")
    return True


@pytest.mark.parametrize(
    "fault", [cut_in_literal, garbage, huge_literal, endless_line, broken_parentheses]
)
def test_a_broken_answer_to_fetch_is_a_retry(fault):
    with running_fake(FakeImap(mails={1: MAIL}, script={b"FETCH": fault})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        with pytest.raises(Retry):
            box.fetch([1, 2])
        box.close()


def test_a_dripping_server_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    stop = threading.Event()

    def drip(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(b"* 1 FETCH (UID 1 BODY[]<0> {5000}\r\n")
        while not stop.wait(0.02):
            session.say(b".")
        return True

    with running_fake(FakeImap(mails={1: MAIL}, script={b"FETCH": drip})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        monkeypatch.setattr(imap, "COMMAND_LIMIT", 0.3)
        started = time.monotonic()
        with pytest.raises(Retry):
            box.fetch([1])
        assert time.monotonic() - started < AT_ONCE
        stop.set()
        box.close()


def test_one_mail_that_the_server_cannot_give_does_not_hide_the_others():
    def refuse_two(session: Session, tag: bytes, rest: bytes) -> bool:
        if 2 not in uids_of(rest):
            return False
        session.say(tag + b" NO internal error\r\n")
        return True

    mails = {1: MAIL, 2: MAIL, 3: MAIL}
    with running_fake(FakeImap(mails=mails, script={b"FETCH": refuse_two})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        got = {mail.uid: mail.raw for mail in box.fetch([1, 2, 3])}
        assert got[1] == got[3] == MAIL
        assert b"Subject: a message cannot be read" in got[2]
        assert b"internal error" in got[2]
        box.close()


def stand_in_at(uid: int, *, says: bytes, tells_nothing: bool = False) -> str:
    """Return by what the store knows a mail that the server refuses under a number."""

    def refuse(session: Session, tag: bytes, rest: bytes) -> bool:
        if uid not in uids_of(rest) or (b"BODY" not in rest and not tells_nothing):
            return False
        session.say(tag + b" NO " + says + b"\r\n")
        return True

    mails = {uid: MAIL, 99: MAIL}
    with running_fake(FakeImap(mails=mails, script={b"FETCH": refuse})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        got = {mail.uid: mail for mail in box.fetch([uid, 99])}
        box.close()
    parsed = parse_mail(got[uid].raw)
    assert not parsed.message_id
    return parsed.content_hash


def test_a_refused_mail_is_the_same_one_after_its_folder_was_numbered_anew():
    first = stand_in_at(2, says=b"broken [2026-11-21 10:00:00]")
    assert stand_in_at(7, says=b"broken [2026-11-22 11:11:11]") == first


def test_a_refused_mail_of_which_nothing_is_told_is_known_by_its_number():
    first = stand_in_at(2, says=b"broken", tells_nothing=True)
    assert stand_in_at(2, says=b"broken still", tells_nothing=True) == first
    assert stand_in_at(3, says=b"broken", tells_nothing=True) != first


def without_body(session: Session, tag: bytes, rest: bytes, shown: bytes) -> bool:
    if 2 not in uids_of(rest) or b"BODY" not in rest:
        return False
    for uid in uids_of(rest):
        line = b"* %d FETCH (UID %d %s)\r\n" % (uid, uid, shown)
        session.say(line if uid == 2 else answer(uid, uid, MAIL, rest))
    session.say(tag + b" OK done\r\n")
    return True


@pytest.mark.parametrize("shown", [b"BODY[]<0> NIL", b"FLAGS (\\Seen)"])
def test_a_mail_without_its_bytes_is_not_taken_for_an_empty_one(shown: bytes):
    def fault(session: Session, tag: bytes, rest: bytes) -> bool:
        return without_body(session, tag, rest, shown)

    with running_fake(FakeImap(mails={1: MAIL, 2: MAIL}, script={b"FETCH": fault})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        got = {mail.uid: mail.raw for mail in box.fetch([1, 2])}
        assert got[1] == MAIL
        assert b"cannot be read" in got[2]
        box.close()


def test_an_empty_mail_is_an_empty_mail():
    with running_fake(FakeImap(mails={1: b""})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        assert [mail.raw for mail in box.fetch([1])] == [b""]
        box.close()


def test_a_refused_mail_that_is_gone_by_now_leaves_nothing():
    def gone(session: Session, tag: bytes, rest: bytes) -> bool:
        if 2 not in uids_of(rest):
            return False
        session.say(tag + (b" NO gone\r\n" if b"BODY" in rest else b" OK done\r\n"))
        return True

    with running_fake(FakeImap(mails={1: MAIL, 2: MAIL}, script={b"FETCH": gone})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        assert [mail.uid for mail in box.fetch([1, 2])] == [1]
        box.close()


@pytest.mark.parametrize(
    ("words", "uids"),
    [
        (b"[OVERQUOTA] bandwidth limits exceeded", [1, 2, 3]),
        (b"[UNAVAILABLE] later", [1]),
        (b"internal error", [1, 2, 3]),
    ],
)
def test_a_server_that_gives_nothing_for_now_is_asked_again(words: bytes, uids: list[int]):
    def refuse(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(tag + b" NO " + words + b"\r\n")
        return True

    mails = {1: MAIL, 2: MAIL, 3: MAIL}
    with running_fake(FakeImap(mails=mails, script={b"FETCH": refuse})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        with pytest.raises(Retry):
            box.fetch(uids)
        box.close()


def test_large_mails_come_in_portions_and_too_large_ones_as_header(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(imap, "BATCH_BYTES", 500_000)
    big = MAIL + b"y" * 300_000
    huge = MAIL + b"z" * 600_000
    mails = {1: MAIL, 2: big, 3: big, 4: huge}
    with running_fake(FakeImap(mails=mails)) as server:
        box = connect(server, max_size=400_000)
        box.open_folder("INBOX")
        got = {mail.uid: mail for mail in box.fetch([1, 2, 3, 4])}
        assert [len(got[uid].raw) for uid in (1, 2, 3)] == [len(MAIL), len(big), len(big)]
        assert got[4].raw == MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        assert got[4].too_large == len(huge)
        whole = [line for line in server.commands if b"BODY.PEEK[] " in line]
        assert len(whole) == 2
        box.close()


def test_sparse_uids_are_found_in_few_searches():
    with running_fake(FakeImap(mails={1: MAIL, 4_000_000_000: MAIL})) as server:
        box = connect(server)
        state = box.open_folder("INBOX")
        found = [uid for part in box.uids(1, state.next_uid) for uid in part]
        assert found == [1, 4_000_000_000]
        assert sum(b"SEARCH" in line for line in server.commands) < 20
        box.close()


def test_idle_ends_with_news_and_another_thread_can_end_it():
    def tell(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(b"+ idling\r\n")
        time.sleep(0.1)
        session.say(b"* 5 EXISTS\r\n")
        session.file.readline()
        session.say(tag + b" OK done\r\n")
        return True

    with running_fake(FakeImap(script={b"IDLE": tell})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        assert box.idle(lambda: None, PATIENCE) is True
        server.script.clear()
        assert box.idle(lambda: None, 0.3) is False
        threading.Timer(0.3, box.close).start()
        started = time.monotonic()
        with pytest.raises(Retry):
            box.idle(lambda: None, PATIENCE)
        assert time.monotonic() - started < AT_ONCE


def test_an_idle_that_the_server_drops_is_a_retry():
    def vanish(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(b"+ idling\r\n")
        session.drop()
        return True

    with running_fake(FakeImap(script={b"IDLE": vanish})) as server:
        box = connect(server)
        box.open_folder("INBOX")
        with pytest.raises(Retry):
            box.idle(lambda: None, 30.0)
        box.close()

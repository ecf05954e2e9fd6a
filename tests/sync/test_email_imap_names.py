"""Names and texts that an IMAP command may hold."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.email.imap import require_folder, require_plain
from tests.support.fake_imap import (
    FakeImap,
    Handler,
    Session,
    connect,
    running_fake,
)


@pytest.mark.parametrize("text", ["a\r\nA1 LOGOUT", "zażółć", "\x7f", "x" * 201, "a\x00"])
def test_foreign_text_stays_out_of_commands(text: str):
    with pytest.raises(UsageError):
        require_plain(text)


@pytest.mark.parametrize(
    "name", ["", "Sent\r\nA1 LOGOUT", "a\x00", "a\u2028b", "a\u202eb", "x" * 201]
)
def test_a_folder_name_that_could_start_a_command_is_refused(name: str):
    with pytest.raises(UsageError):
        require_folder(name)


def test_a_marked_sent_folder_may_have_a_name_in_any_language():
    def tell(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(b'* LIST (\\HasNoChildren \\Sent) "/" "&AMk-l&AOk-ments envoy&AOk-s"\r\n')
        session.say(tag + b" OK done\r\n")
        return True

    def find(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(b"* SEARCH\r\n" + tag + b" OK done\r\n")
        return True

    capabilities = b"IMAP4rev1 SPECIAL-USE"
    script: dict[bytes, Handler] = {b"LIST": tell, b"SEARCH": find}
    with running_fake(FakeImap(capabilities=capabilities, script=script)) as server:
        box = connect(server)
        name = box.sent_folder()
        assert name == "Éléments envoyés"
        assert not box.has_message(name, "a@b.example")
        assert any(b"&AMk-l&AOk-ments envoy&AOk-s" in line for line in server.commands)
        box.close()


def test_a_sent_folder_with_a_line_break_in_its_name_is_refused():
    def tell(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(b'* LIST (\\Sent) "/" {15}\r\nSent\r\nA1 LOGOUT\r\n')
        session.say(tag + b" OK done\r\n")
        return True

    capabilities = b"IMAP4rev1 SPECIAL-USE"
    with running_fake(FakeImap(capabilities=capabilities, script={b"LIST": tell})) as server:
        box = connect(server)
        with pytest.raises(UsageError):
            box.sent_folder()
        assert not any(b"A1 LOGOUT" in line for line in server.commands)
        box.close()

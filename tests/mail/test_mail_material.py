"""The parser against mails that others wrote: hostile ones, odd ones, and generated ones."""

from __future__ import annotations

import json
import re

import pytest

from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.mail.parse import parse_mail
from tests.support.material import material, tool
from tests.support.raw_mails import reply_of

pytestmark = pytest.mark.material
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")
OWN_DEFECTS = re.compile(r"bad-(?!header-line|base64|uuencode)|parse-failed")


def test_every_hostile_mail_is_read_and_harmless():
    folder = material("hostile")
    cases = json.loads((folder / "expectations.json").read_text())["cases"]
    assert len(cases) >= 40
    for case in cases:
        parsed = parse_mail((folder / case["file"]).read_bytes())
        labels = [attachment.filename for attachment in parsed.attachments]
        shown = " ".join([parsed.text, parsed.subject, parsed.sender.name, *labels])
        assert not CONTROL.search(shown), case["file"]
        assert (case.get("token") or "") in shown, case["file"]
        assert parsed.sender.addr == case.get("customer", parsed.sender.addr), case["file"]
        assert not any(OWN_DEFECTS.match(code) for code in parsed.defects), case["file"]
        if case.get("autoreply") is False and case["group"] == "loop":
            assert parsed.mail_class is not MailClass.HUMAN, case["file"]


def test_no_mail_of_the_corpus_fails():
    folder = material("mail-corpus")
    seen = 0
    for expected in sorted(folder.glob("*/*.expected.json")):
        case = json.loads(expected.read_text())
        if case["format"] != "rfc822":
            continue
        parsed = parse_mail((expected.parent / case["raw"]).read_bytes())
        assert not any(OWN_DEFECTS.match(code) for code in parsed.defects), case["id"]
        assert not CONTROL.search(parsed.text + parsed.subject), case["id"]
        seen += 1
    assert seen > 300


@pytest.mark.parametrize("odd", [0.02, 0.3])
def test_generated_mail_says_what_the_generator_meant(odd: float):
    for mail in tool("gen_mail").mails(1000, odd=odd):
        parsed, truth = parse_mail(mail.raw), mail.truth
        assert parsed.subject == truth["subject"]
        assert (parsed.sender.name, parsed.sender.addr) == (truth["name"], truth["from"])
        files = [(file.filename, file.size) for file in parsed.attachments if not file.inline]
        assert files == truth["attachments"]
        assert reply_of(parsed).split() == truth["text"].split()
        expected = "" if truth["odd"] == "noid" else mail.message_id.strip("<>")
        assert parsed.message_id == expected
        assert parsed.date is not None
        assert parsed.date.timestamp() == mail.date
        assert (parsed.mail_class is MailClass.HUMAN) == (truth["odd"] != "autoreply")
        assert parsed.defects == ()

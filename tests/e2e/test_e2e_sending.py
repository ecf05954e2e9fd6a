"""What leaves, over a real mail server into real mailboxes, read there by another parser."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.company import CUSTOMER, HELP, VOID, Company, running_company
from tests.support.dovecot import USER
from tests.support.postfix import require_postfix
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]

GONE = "gone@brand.example"
NAMES = ("Größe & Maße.pdf", "発注書の写し.txt", "чек №1 " + "x" * 80 + ".bin", "plain.txt")
TEXT = f"""Dear Łucja, 你好, مرحبا,

{"this is one long line that every client may wrap as it likes " * 8}

From here on it is harmless.
.
> quoted {"words that were said before and are long " * 5}

  - indented
-\u2014 done
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    require_postfix()
    with running_company(tmp_path) as company:
        company.postfix.set_aliases({HELP: USER, GONE: "ghost@customer.example"})
        box = company.box
        box.here("channel", "address", "add", HELP, "--sender", "Brand Help")
        yield company


def ticket_of(company: Company, subject: str = "Parcel Größe 42") -> str:
    company.write(HELP, subject)
    company.box.sync()
    (ticket,) = company.box.json_here("ticket", "list")["tickets"]
    return str(ticket["id"])


def got(company: Company, address: str) -> list[EmailMessage]:
    """Return what one person got, oldest first."""
    return [mail for mail in company.customer_mail() if mail["X-Original-To"] == address]


def reports(company: Company) -> list[EmailMessage]:
    """Return the failure reports in the connected mailbox."""
    maildir = company.box.imap.maildir
    found = []
    for file in (*(maildir / "new").iterdir(), *(maildir / "cur").iterdir()):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if mail.get_content_type() == "multipart/report":
            found.append(mail)
    return found


def answer(company: Company, to_mail: EmailMessage, sender: str, text: str) -> None:
    """Answer a mail as a client does."""
    before = company.stored()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, HELP, f"Re: {to_mail['Subject']}"
    mail["Message-ID"] = f"<answer-{before}@customer.example>"
    mail["In-Reply-To"] = mail["References"] = to_mail["Message-ID"]
    mail.set_content(text)
    with smtplib.SMTP("localhost", company.postfix.port, timeout=PATIENCE) as server:
        server.send_message(mail, sender, [HELP])
    until(lambda: company.stored() > before)
    company.box.sync()


def messages(company: Company, ticket: str) -> list[dict[str, Any]]:
    shown = company.box.json_here("ticket", "show", ticket)["messages"]
    assert isinstance(shown, list)
    return shown


def test_text_files_and_copies_arrive_whole_and_blind_copies_stay_blind(
    company: Company, tmp_path: Path
) -> None:
    ticket = ticket_of(company)
    paths = [tmp_path / name for name in NAMES]
    for number, path in enumerate(paths):
        path.write_bytes(bytes(range(256)) * (number + 1))
    attached = [part for path in paths for part in ("--attach", str(path))]
    company.box.here("ticket", "reply", ticket, "--text", TEXT, "--bcc", VOID, *attached)
    company.box.sync()
    until(lambda: got(company, CUSTOMER) and got(company, VOID))
    for person in (CUSTOMER, VOID):
        (mail,) = got(company, person)
        assert mail["Subject"] == "Re: Parcel Größe 42"
        assert mail["To"].addresses[0].addr_spec == CUSTOMER
        assert (mail["Bcc"], mail["Cc"]) == (None, None)
        assert VOID not in str(mail["To"])
        assert mail["From"] == f"Brand Help <{HELP}>"
        assert mail["Return-Path"] == f"<{HELP}>"
        files = list(mail.iter_attachments())
        assert [file.get_filename() for file in files] == list(NAMES)
        assert [file.get_payload(decode=True) for file in files] == [
            path.read_bytes() for path in paths
        ]
        plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert plain["content-type"].params["format"] == "flowed"
        text = str(plain.get_content())
        assert " \n".join(["this is one long line that every client may wrap as it likes"]) in text
        assert "你好, مرحبا," in text
        assert "\n From here on" in text
        assert "\n.\n" in text
        assert "On " in text
        assert "{hd-" in text.splitlines()[-1]
        assert '<blockquote type="cite">' in str(html.get_content())
        assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())
    (copy,) = company.box.imap.folder("Gesendet")
    assert VOID.encode() not in copy
    assert email.message_from_bytes(copy)["Message-ID"] == mail["Message-ID"]


def test_the_server_reports_about_the_mail_that_was_sent_and_about_whom(company: Company) -> None:
    ticket = ticket_of(company)
    company.box.here("ticket", "forward", ticket, "--to", GONE, "--text", "Is this yours?")
    company.box.sync()
    until(lambda: reports(company))
    (report,) = reports(company)
    sent = messages(company, ticket)[-1]
    parts = list(report.walk())
    said = next(part for part in parts if part.get_content_type() == "message/delivery-status")
    fields = " ".join(" ".join(str(each).split()) for each in said.get_payload())
    assert f"Original-Envelope-Id: {sent['external_id'][:100]}" in fields
    assert f"Original-Recipient: rfc822;{GONE}" in fields
    kinds = [part.get_content_type() for part in parts]
    assert "text/rfc822-headers" in kinds
    assert "message/rfc822" not in kinds
    company.box.sync()
    states = {each["id"]: each["delivery"] for each in messages(company, ticket)}
    assert states[sent["id"]] == "failed"


def test_a_mail_too_large_for_the_server_is_refused_before_it_is_queued(
    company: Company, tmp_path: Path
) -> None:
    ticket = ticket_of(company)
    company.box.here("ticket", "reply", ticket, "--text", "One moment.")
    company.box.sync()
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(9_000_000))
    done = company.box.run(
        "ticket", "reply", ticket, "--text", "Look", "--attach", str(film), expect=2
    )
    assert "the mail server takes 10240000" in done.stderr
    assert len(messages(company, ticket)) == 2


def test_who_got_a_forward_answers_into_the_ticket_unseen_by_the_customer(
    company: Company,
) -> None:
    ticket = ticket_of(company)
    company.box.here("ticket", "forward", ticket, "--to", VOID, "--text", "Is it with you?")
    company.box.sync()
    until(lambda: got(company, VOID))
    (passed,) = got(company, VOID)
    assert passed["Subject"] == "Fwd: Parcel Größe 42"
    assert (passed["References"], passed["In-Reply-To"]) == (None, None)
    assert "Where is my parcel?" in str(passed.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    answer(company, passed, VOID, "It lies here. The margin is 80 %.")
    last = messages(company, ticket)[-1]
    assert (last["direction"], last["sender"]) == ("inbound", VOID)
    shown = company.box.json_here("ticket", "show", ticket)
    assert shown["customer"]["email"] == CUSTOMER
    company.box.here("ticket", "reply", ticket, "--text", "We found it.")
    company.box.sync()
    until(lambda: got(company, CUSTOMER))
    (mail,) = got(company, CUSTOMER)
    assert "margin" not in mail.as_string()
    assert mail["In-Reply-To"] == "<question-1@customer.example>"

"""What the words of mail servers mean: the kind of failure, and whether the address is bad."""

from __future__ import annotations

import pytest

from helpdesk_tui.mail.bounce_kinds import Said, command_of, finding_of

AT_RCPT = "(in reply to RCPT TO command)"
AT_DATA = "(in reply to end of DATA command)"
AT_MAIL = "(in reply to MAIL FROM command)"


@pytest.mark.parametrize(
    ("words", "stage", "expected"),
    [
        ("550 No such recipient here", AT_RCPT, "userunknown"),
        ("550 No such recipient here", "", "filtered"),
        ("550 No such recipient here", AT_DATA, "filtered"),
        ("No such user", "", "userunknown"),
        ("550 User doesn't exist", AT_RCPT, "userunknown"),
        ("550 5.1.0 Address rejected.", AT_RCPT, "userunknown"),
        ("550 5.1.1 http://help.example/answer=6596", "", "userunknown"),
        ("550 5.4.1 Recipient address rejected: Access denied", AT_RCPT, "userunknown"),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", "", "userunknown"),
        ("554 delivery error: dd This user doesn't have a x.example account [0]", AT_DATA,
         "userunknown"),
        ("550 Usuario desconocido", AT_RCPT, "userunknown"),
        ("L'adresse email du destinataire est inconnue", AT_RCPT, "userunknown"),
        ("550 Empfänger unbekannt", AT_RCPT, "userunknown"),
        ("unknown local-part \"nobody\" in domain \"x.example\"", "", "userunknown"),
        ("550 5.1.1 This mailbox has been disabled", "", "suspend"),
        ("550 5.1.6 Mailbox has moved to new@x.example", "", "hasmoved"),
        ("550 Unrouteable address", AT_RCPT, "hostunknown"),
        ("As the remote domain doesnt exist.", "", "hostunknown"),
        ("5.1.2 - Bad destination host (MX): NXDomain", "", "hostunknown"),
        ("No MX found for domain", "", "hostunknown"),
        ("Destination seem to reject all mails", "", "notaccept"),
        ("452-4.2.2 The email account that you tried to reach is over quota", "", "mailboxfull"),
        ("mailbox is full: retry timeout exceeded", "", "mailboxfull"),
        ("552 5.3.4 Message size exceeds fixed limit", "", "mesgtoobig"),
        ("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", AT_RCPT, "blocked"),
        ("504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname", AT_RCPT, "blocked"),
        ("550 5.7.708 Access denied, traffic not accepted from this IP.", "", "blocked"),
        ("550 5.1.8 <a@b.example>: Sender address rejected: Domain not found", AT_RCPT, "rejected"),
        ("553 5.7.1 <a@b.example>: Sender address rejected: not owned", AT_MAIL, "rejected"),
        ("550 Verification failed for <a@b.example> Unrouteable address", "", "rejected"),
        ("554 5.7.1 <x@y.example>: Relay access denied", AT_RCPT, "norelaying"),
        ("550 5.7.1 likely unsolicited mail", "", "spamdetected"),
        ("550 5.7.1 not authorized to send from this domain: DMARC", "", "authfailure"),
        ("550 5.7.25 The IP address does not have a PTR record", "", "requireptr"),
        ("552 Virus found in message", "", "virusdetected"),
        ("550 5.2.1 The user is receiving mail at a rate that", "", "speeding"),
        ("550 Administrative prohibition", "", "policyviolation"),
        ("550 5.6.9 improper use of 8-bit data in message header", "", "contenterror"),
        ("554 5.4.6 Hop count exceeded - possible mail loop", "", "networkerror"),
        ("retry time not reached for any host after a long failure period", "", "expired"),
        ("Unable to contact LDAP server. (#4.4.3) in the queue too long.", "", "systemerror"),
        ("550 something else entirely", "", "onhold"),
    ],
)  # fmt: skip
def test_words_tell_the_kind(words: str, stage: str, expected: str):
    assert finding_of(Said(words, f"{words} {stage}")).kind == expected


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("450 4.7.1 Recipient address rejected: Greylisted for 5 minutes", AT_RCPT),
        ("451 Requested action aborted: mailbox unavailable, try again later", AT_RCPT),
        ("450 4.2.0 user unknown for now, temporarily", AT_RCPT),
        ("421 4.7.0 Messages temporarily deferred due to user complaints", AT_RCPT),
        ("550 User has no permission", AT_RCPT),
        ("Name service error for name=x.example: Host not found, try again", ""),
        ("lost connection with mx.example while receiving the initial server greeting", ""),
    ],
)
def test_doubt_leaves_an_address_in_peace(words: str, stage: str):
    assert not finding_of(Said(words, f"{words} {stage}")).hard


@pytest.mark.parametrize(
    ("words", "field", "expected"),
    [
        ("550 5.1.1 User unknown", "5.0.0", "5.1.1"),
        ("5.1.0 - Unknown address error 550-'5.2.2 Mailbox full'", "5.0.0", "5.2.2"),
        ("554 4.4.7 Message expired.<421 4.4.2 Connection timed out>", "4.4.7", "4.4.2"),
        ("no mailbox here (#5.1.1)", "", "5.1.1"),
        ("550 User unknown", "5.5.0 (permanent)", "5.5.0"),
        ("host mx.example[192.0.2.45] version 4.8.5.36 said: 552 full", "", "5.2.2"),
        ("host 5.1.1.4 does not answer: connection timed out", "", "4.4.7"),
        ("550 mailbox is full", "5.0.0", "5.0.0"),
    ],
)
def test_the_status_that_tells_most_is_taken(words: str, field: str, expected: str):
    said = words.replace("552 full", "552 mailbox full")
    assert finding_of(Said(said, said, field)).status == expected


def test_a_temporary_reply_makes_a_derived_status_temporary():
    assert finding_of(Said("452 mailbox full")).status == "4.2.2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SMTP error from remote mail server after RCPT TO:<a@b.example>:", "RCPT"),
        ("did not like our final DATA:", "DATA"),
        ("(in reply to MAIL FROM command)", "MAIL"),
        ("but my name was rejected.", "EHLO"),
        (">>> DATA\n<<< 550 User unknown", "DATA"),
        (">>> DATA\n<<< 550 5.1.1 x\n550 5.1.1 <a@b.example>... User unknown", "RCPT"),
        ("-------SMTP command\nDATA\n", "DATA"),
        ("Your data was lost", ""),
    ],
)
def test_the_refused_command_is_found(text: str, expected: str):
    assert command_of(text) == expected

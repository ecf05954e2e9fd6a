"""Delivery reports that others collected: what is a report, its statuses, its hardness."""

from __future__ import annotations

import json

import pytest

from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.mail.parse import parse_mail
from tests.support.material import material
from tests.support.raw_mails import mail

pytestmark = pytest.mark.material


def test_reports_are_told_from_other_mail_and_read_right():
    right: dict[str, list[bool]] = {}
    for path in sorted(material("mail-corpus").glob("*/*.expected.json")):
        case = json.loads(path.read_text())
        stated = case["expect"]
        if case["format"] != "rfc822" or "is_bounce" not in stated:
            continue
        parsed = parse_mail((path.parent / case["raw"]).read_bytes())
        is_bounce = parsed.mail_class is MailClass.BOUNCE
        assert stated["is_bounce"] or not is_bounce, f"{case['id']}: no report"
        failures = parsed.bounce.failures if parsed.bounce else ()
        seen = {
            "is_bounce": is_bounce,
            "bounce_hard": any(one.hard for one in failures),
            "bounce_status": sorted({one.status for one in failures if one.status}),
            "bounce_recipients_count": len(failures),
        }
        for name, value in seen.items():
            if name in stated:
                right.setdefault(name, []).append(value == stated[name])
    for name, results in right.items():
        assert sum(results) >= 0.97 * len(results), name


@pytest.mark.parametrize(
    ("prefix", "greeting", "mark"),
    [
        ("Fwd: ", "What is this?\n\n---------- Forwarded message ---------\n", ""),
        ("", "Hello, I received this:\n\n", ""),
        ("Re: ", "", "> "),
    ],
    ids=["forwarded", "pasted", "quoted"],
)
def test_a_person_who_shows_a_report_is_a_person(prefix: str, greeting: str, mark: str):
    seen = 0
    for path in sorted(material("mail-corpus").glob("*/*.expected.json")):
        case = json.loads(path.read_text())
        if not case["expect"].get("is_bounce"):
            continue
        report = parse_mail((path.parent / case["raw"]).read_bytes())
        text = mark + report.text.replace("\n", f"\n{mark}")
        shown = parse_mail(mail(greeting + text, subject=prefix + report.subject))
        assert shown.mail_class is MailClass.HUMAN, case["id"]
        seen += 1
    assert seen > 100

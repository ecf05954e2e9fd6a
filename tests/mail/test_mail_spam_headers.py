"""Verdicts that spam filters on the way here wrote into the header."""

from __future__ import annotations

import pytest

from helpdesk_tui.mail.headers import read_block
from helpdesk_tui.mail.spam_headers import says_spam


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("X-Spam-Flag: YES", True),
        ("X-Spam-Flag: NO", False),
        ("X-Spam-Status: Yes, score=9.4 required=5.0 tests=NONE", True),
        ("X-Spam-Status: No, score=0.1 required=5.0", False),
        ("X-Spam-Score: 99", False),
        ("X-Spam: Yes", True),
        ("X-SES-Spam-Verdict: FAIL", True),
        ("X-SES-Spam-Verdict: PASS", False),
        ("X-Bogosity: Spam, tests=bogofilter", True),
        ("X-Bogosity: Ham, tests=bogofilter", False),
        ("X-Spamd-Result: default: True [16.2 / 15.0]", True),
        ("X-Spamd-Result: default: False [1.2 / 15.0]", False),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;LANG:en;SCL:5;SFV:SPM;", True),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:-1;SFV:NSPM;CAT:NONE;", False),
        ("X-Forefront-Antispam-Report: CAT:PHSH;SCL:1", True),
        ("X-Microsoft-Antispam: BCL:8;", True),
        ("X-Microsoft-Antispam: BCL:5;", False),
        ("X-MS-Exchange-Organization-SCL: 6", True),
        ("X-MS-Exchange-Organization-SCL: 1", False),
        ("Subject: X-Spam-Flag YES", False),
        ("X-Spam-Flag: no\nX-Spam-Flag: yes", False),
    ],
)
def test_only_a_verdict_of_the_nearest_filter_counts(line: str, expected: bool):
    assert says_spam(read_block(line.encode(), [])) is expected

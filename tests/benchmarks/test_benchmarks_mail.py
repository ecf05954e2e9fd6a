"""The figures of real mail: what is compared, and what the table makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.mail_corpus import main as write_results
from benchmarks.mail_corpus import without_marks
from benchmarks.mail_table import main as print_table
from benchmarks.mail_table import rows
from tests.support.raw_mails import mail

SCORER = "def check(field, expected, result):\n    return result.get(field) == expected, None\n"


def corpus(folder: Path, subject: str) -> Path:
    source = folder / "corpus" / "ours"
    source.mkdir(parents=True)
    (source / "a.eml").write_bytes(mail(subject="Hello"))
    case = {"id": "ours/a", "kind": "parse", "format": "rfc822", "raw": "a.eml",
            "expect": {"subject": subject, "is_bounce": False}}  # fmt: skip
    (source / "a.expected.json").write_text(json.dumps(case))
    (source.parent / "score.py").write_text(SCORER)
    return source.parent


@pytest.mark.parametrize(("subject", "right", "code"), [("Hello", 1, 0), ("Other", 0, 1)])
def test_the_table_counts_whole_cases_and_says_what_is_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], subject: str, right: int, code: int
):
    folder, found = corpus(tmp_path, subject), tmp_path / "results.jsonl"
    assert write_results([str(folder), str(found)]) == 0
    results = {"ours/a": json.loads(found.read_text())}
    table = {row.what: row for row in rows(folder, results)}
    assert (table["parse, whole cases"].value, table["parse, whole cases"].total) == (right, 1)
    assert table["is_bounce"].note == "0 false"
    assert table["raw mails without an exception"].value == 1
    assert print_table([str(folder), str(found)]) == code
    assert ("MISSED" in capsys.readouterr().out) == bool(code)


def test_only_the_marks_that_the_package_made_are_left_out():
    text = "shop [1] and https://a.example [2] (b.example), see [3] and[1]"
    assert without_marks(text, 2) == "shop and https://a.example, see [3] and[1]"
    assert without_marks(text, 0) == text

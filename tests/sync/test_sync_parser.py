"""The parser process: order, pipelining, and mails that hang or kill it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.sync.frames import LENGTH
from helpdesk_tui.sync.parser import ParserProcess, child_command
from tests.support.raw_mails import mail, multipart
from tests.support.waiting import PATIENCE

CHILD = """
import os, signal, sys, threading
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.sync.parser_child import serve

def parse(raw):
    if b"x-once: " in raw:
        mark = Path(sys.argv[2])
        if not mark.exists():
            mark.touch()
            os._exit(3)
    if b"x-crash: " in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"x-hang: " in raw:
        threading.Event().wait()
    return parse_mail(raw)

serve(sys.stdin.buffer, sys.stdout.buffer, parse)
"""


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[ParserProcess]:
    """Return a process whose child hangs and crashes where a mail tells it to."""
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, str(script), root, str(tmp_path / "mark")]
    with ParserProcess(limit=2.0, command=command) as process:
        yield process


def subjects(results: list) -> list[str]:
    return [result.mail.subject for result in results]


def test_results_carry_all_that_storing_needs():
    png = "Content-Type: image/png; name=a.png\r\n\r\n" + "x" * 500
    text = "Content-Type: text/csv; name=a.csv\r\n\r\n" + "1,2\r\n" * 100
    raw = multipart(text, png)
    with ParserProcess() as process:
        (result,) = process.parse([raw])
    assert result.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert result.raw == (result.raw_sha256, len(raw), "zlib", result.raw_packed)
    assert zlib.decompress(result.raw_packed) == raw
    assert [file.data for file in result.mail.attachments] == [b"", b""]
    csv, image = result.blobs
    assert zlib.decompress(csv[3]).startswith(b"1,2\r\n")
    assert csv[:3] == (result.mail.attachments[0].sha256, csv[1], "zlib")
    assert image[1:] == (500, "plain", b"x" * 500)


def test_a_large_mail_is_handed_over_as_it_is():
    raw = mail("x" * 300_000)
    with ParserProcess() as process:
        (result,) = process.parse([raw])
    assert (result.raw_codec, result.raw_packed) == ("plain", raw)


def test_batches_are_answered_in_order_while_others_wait():
    batches = [[mail(subject=f"{n}.{k}") for k in range(5)] for n in range(4)]
    with ParserProcess() as process:
        for batch in batches:
            process.submit(batch)
        assert process.pending == 4
        got = [subjects(process.result()) for _ in batches]
        process.submit([])
        assert process.result() == []
        with pytest.raises(IndexError):
            process.result()
    assert got == [[f"{n}.{k}" for k in range(5)] for n in range(4)]


def test_parsing_beside_a_submitted_batch_is_a_mistake():
    with ParserProcess() as process:
        process.submit([mail()])
        with pytest.raises(RuntimeError, match="earlier batches"):
            process.parse([mail()])


@pytest.mark.parametrize("kind", ["crash", "hang"])
def test_a_poison_mail_becomes_unreadable_and_the_others_go_on(fragile, kind: str):
    poison = mail(subject="poison", **{f"x_{kind}": "1"})
    fragile.submit([mail(subject="a"), poison, mail(subject="b")])
    fragile.submit([mail(subject="c"), poison])
    fragile.submit([mail(subject="d")])
    first, second, third = fragile.result(), fragile.result(), fragile.result()
    assert subjects(first) == ["a", "poison", "b"]
    assert subjects(second) == ["c", "poison"]
    assert subjects(third) == ["d"]
    assert first[1].mail.defects == ("parser-failed",)
    assert first[1].mail.sender.addr == "ana@customer.example"
    assert zlib.decompress(first[1].raw_packed) == poison
    assert first[0].mail.defects == first[2].mail.defects == ()
    assert fragile.restarts == 5


def test_an_innocent_mail_is_tried_once_more(fragile):
    results = fragile.parse([mail(subject="a"), mail(subject="b", x_once="1"), mail(subject="c")])
    assert subjects(results) == ["a", "b", "c"]
    assert [result.mail.defects for result in results] == [(), (), ()]


def test_time_between_batches_does_not_count(fragile):
    fragile.parse([mail()])
    threading.Event().wait(2.1)
    fragile.submit([mail(subject="x")])
    threading.Event().wait(2.1)
    fragile.submit([mail(subject="y")])
    assert subjects(fragile.result()) == ["x"]
    assert subjects(fragile.result()) == ["y"]
    assert fragile.restarts == 0


def test_closing_ends_the_child_whatever_it_does(fragile):
    fragile.submit([mail(x_hang="1")])
    fragile.close()
    assert fragile.pending == 0
    assert subjects(fragile.parse([mail(subject="again")])) == ["again"]


def test_the_child_ends_when_its_input_does():
    process = subprocess.Popen(child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.read(LENGTH.size) == LENGTH.pack(0)
    process.stdin.close()
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_the_child_ends_itself_over_a_mail_when_nobody_is_left(tmp_path: Path):
    script = tmp_path / "child.py"
    script.write_text(CHILD.replace("stdout.buffer, parse)", "stdout.buffer, parse, limit=0.2)"))
    root = str(Path(__file__).resolve().parents[2])
    raw = mail(x_hang="1")
    process = subprocess.Popen(
        [sys.executable, str(script), root], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(LENGTH.pack(len(raw)) + raw)
    process.stdin.flush()
    assert process.wait(PATIENCE) != 0
    process.stdin.close()


def test_the_child_loads_only_what_parsing_needs():
    code = (
        "import sys; import helpdesk_tui.sync.parser_child; "
        "bad = {'sqlmodel', 'sqlalchemy', 'imapclient', 'textual', 'aiosmtplib', 'keyring', "
        "'charset_normalizer', 'email.parser'} & set(sys.modules); print(sorted(bad))"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": root})  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_the_process_that_reads_foreign_mail_holds_no_secret(monkeypatch):
    monkeypatch.setenv("HELPDESK_SECRET_SUPPORT", "planted-password")
    with ParserProcess() as process:
        process.parse([b"Subject: x\r\n\r\nbody\r\n"])
        mine = str(os.getpid()).encode()
        children = [
            folder
            for folder in Path("/proc").iterdir()
            if folder.name.isdigit() and _parent_of(folder) == mine
        ]
        assert children
        assert not any(b"planted" in (folder / "environ").read_bytes() for folder in children)


def _parent_of(folder: Path) -> bytes:
    try:
        return (folder / "stat").read_bytes().rpartition(b")")[2].split()[1]
    except OSError:
        return b""

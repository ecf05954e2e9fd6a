"""What is read of a winmail.dat, and how little a false one can do."""

from __future__ import annotations

import base64
import struct
import tracemalloc
from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.mail import NoticeKind
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.mail.tnef import read_tnef
from helpdesk_tui.mail.tnef_rtf import MAX_RTF, rtf_content, unpacked
from tests.support import tnef as make
from tests.support.raw_mails import multipart
from tests.support.waiting import frugal

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def read(stream: bytes):
    found = read_tnef(stream)
    assert found is not None
    return found


def mail_with(stream: bytes, *parts: str, name: str = "winmail.dat"):
    part = (
        f'Content-Type: application/ms-tnef; name="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f"\r\n{base64.encodebytes(stream).decode()}"
    )
    return parse_mail(multipart(*parts, part))


@pytest.mark.parametrize(
    ("attachment", "name"),
    [
        (make.attached("SHORT~1.PDF", b"x", long_name="Übersicht März.pdf"), "Übersicht März.pdf"),
        (make.attached("title.pdf", b"x"), "title.pdf"),
        (make.attached("prix.txt", b"x", make.prop(make.STRING8, 0x3707, "été.txt")), "été.txt"),
        (make.attached("", b"x", make.prop(make.UNICODE, 0x3001, "shown.txt")), "shown.txt"),
        (make.attached("", b"x"), ""),
    ],
)
def test_a_file_has_the_most_telling_of_its_names(attachment, name):
    (file,) = read(make.tnef(attachment)).files
    assert (file.filename, file.data) == (name, b"x")


def test_names_are_in_the_code_page_of_the_stream():
    title = make.attribute(2, 0x18010, "счёт.pdf".encode("cp1251") + b"\0")
    stream = make.tnef(make.attached("", b"x") + title, codepage=1251)
    assert read(stream).files[0].filename == "счёт.pdf"


def test_files_that_are_not_announced_are_told_apart():
    def plain(name: str, data: bytes) -> bytes:
        title = make.attribute(2, 0x18010, name.encode() + b"\0")
        return title + make.attribute(2, 0x6800F, data)

    found = read(make.tnef(plain("a.txt", b"1"), plain("b.txt", b"2")))
    assert [(file.filename, file.data) for file in found.files] == [
        ("a.txt", b"1"),
        ("b.txt", b"2"),
    ]
    late = make.attached("", b"3") + make.attribute(2, 0x18010, b"late.txt\0")
    assert [file.filename for file in read(make.tnef(late)).files] == ["late.txt"]


def test_properties_of_several_values_are_passed_over():
    numbers = struct.pack("<HHI", 0x1002, 0x6001, 3) + b"\1\0\0\0" * 3
    names = struct.pack("<HHI", 0x101E, 0x6002, 2) + b"".join(
        struct.pack("<I", len(text)) + text + b"\0" * (-len(text) % 4)
        for text in (b"ab\0", b"cdefg\0")
    )
    named = struct.pack("<HH", 0x03, 0x8001) + b"\x11" * 16 + struct.pack("<II", 1, 6)
    named += "ab\0".encode("utf-16-le") + b"\0\0" + struct.pack("<I", 7)
    body = make.prop(make.UNICODE, make.BODY, "behind them")
    assert read(make.tnef(make.message_props(numbers, names, named, body))).text == "behind them"


def test_data_may_stand_among_the_properties():
    more = make.prop(make.BINARY, make.DATA, b"inside")
    (file,) = read(make.tnef(make.attached("a.bin", b"", more))).files
    assert file.data == b"inside"


@pytest.mark.parametrize(
    ("properties", "kinds", "text"),
    [
        ([make.prop(make.STRING8, make.BODY, "plain é")], ("txt",), "plain é"),
        ([make.prop(make.UNICODE, make.BODY, "zażółć")], ("txt",), "zażółć"),
        ([make.prop(make.BINARY, make.HTML, b"<p>Hi <b>you</b></p>")], ("html",), "Hi you"),
        ([make.prop(make.BINARY, make.RTF, make.packed_rtf(rb"{\rtf1 rich\par text}"))], ("rtf",),
         "rich\ntext"),
        ([make.prop(make.STRING8, make.BODY, ""), make.prop(make.BINARY, make.HTML, b"<p>x</p>")],
         ("txt", "html"), "x"),
    ],
)  # fmt: skip
def test_the_text_comes_from_the_best_form_there_is(properties, kinds, text):
    found = read(make.tnef(make.message_props(*properties)))
    assert found.body_kinds == kinds
    assert found.text == text


def test_the_copy_of_the_text_for_old_readers_is_read_where_there_is_no_other():
    copy = make.attribute(1, 0x2800C, b"old text\0")
    assert read(make.tnef(copy)).text == "old text"
    rich = make.message_props(make.prop(make.BINARY, make.RTF, make.packed_rtf(rb"{\rtf1 new}")))
    found = read(make.tnef(copy, rich))
    assert (found.text, found.body_kinds) == ("new", ("rtf",))


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1251 \'ef\'f0\'e8}", "при"),
        (rb"{\rtf1\uc1 \u322?\u243?d\u378?}", "łódź"),
        (rb"{\rtf1\uc2 \u8364EU5}", "€5"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset238 Arial;}{\f1 Times;}}\f0 \'b3\'f3d\'9f}", "łódź"),
        (rb"{\rtf1{\colortbl;\red0;}{\*\generator X;}{\info{\author A}}shown}", "shown"),
        (rb"{\rtf1 a\tab b\line c\par\bullet\~d\emdash e}", "a\tb\nc\n•\u00a0d—e"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}}", "link"),
        (rb"{\rtf1{\pict\bin5 }}}}}}after}", "after"),
        (rb"{\rtf1 \{brace\} \\}", "{brace} \\"),
        (b"{\\rtf1 open", "open"),
        (b"not rtf", ""),
    ],
)
def test_rich_text_is_read_as_text(rtf, text):
    assert rtf_content(rtf)[0].strip() == text


def test_html_inside_rich_text_is_taken_out():
    rtf = (
        rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Caf\'e9 "
        rb"{\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0  tea{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0"
        rb"{\*\mhtmltag84 <b>}}"
    )
    assert rtf_content(rtf) == ("<p>Café &amp; tea</p>", True)
    packed = make.prop(make.BINARY, make.RTF, make.packed_rtf(rtf))
    assert "Café" in read(make.tnef(make.message_props(packed))).text


def test_packed_rich_text_refers_to_what_stands_in_its_window():
    packed = make.packed_rtf(b"{\\rtf1 ab", references=[(214, 4)])
    assert unpacked(packed) == b"{\\rtf1 ab" + b"ab" * 2
    stored = struct.pack("<IIII", 0, 5, 0x414C454D, 0) + b"{\\rtf"
    assert unpacked(stored) == b"{\\rtf"


def test_an_attached_message_becomes_a_mail_with_its_files_behind_it():
    inner = make.tnef(
        make.message_props(
            make.prop(make.UNICODE, make.SUBJECT, "Zażółć"),
            make.prop(make.UNICODE, make.SENDER, "Bo"),
            make.prop(make.UNICODE, make.ADDRESS, "bo@example.org"),
            make.prop(make.TIME, make.SUBMITTED, AT),
            make.prop(make.UNICODE, make.BODY, "inner text"),
        ),
        make.attached("inner.txt", b"deep"),
    )
    parsed = mail_with(make.tnef(make.embedded("Old mail", inner)))
    assert [file.filename for file in parsed.attachments] == ["Old mail.eml", "inner.txt"]
    opened = parse_mail(parsed.attachments[0].data)
    assert (opened.sender.addr, opened.sender.name) == ("bo@example.org", "Bo")
    assert (opened.subject, opened.text.strip(), opened.date) == ("Zażółć", "inner text", AT)
    (notice,) = parsed.notices
    assert notice.kind is NoticeKind.EMBEDDED
    assert dict(notice.values) == {"sender": "Bo", "subject": "Zażółć", "date": AT.isoformat()}


def test_a_mail_has_the_files_inside_instead_of_the_container():
    stream = make.tnef(
        make.message_props(make.prop(make.UNICODE, make.BODY, "Text of Outlook")),
        make.attached("A~1.PDF", b"%PDF-", long_name="Angebot.pdf"),
        make.attached("", b"\x89PNG", make.prop(make.UNICODE, make.CONTENT_ID, "<pic@x>"),
                      make.prop(make.UNICODE, make.MIME, "image/png"), long_name="pic.png"),
    )  # fmt: skip
    parsed = mail_with(stream)
    assert [(f.filename, f.content_type, f.inline) for f in parsed.attachments] == [
        ("Angebot.pdf", "application/pdf", False),
        ("pic.png", "image/png", True),
    ]
    assert parsed.text.strip() == "Text of Outlook"
    other = mail_with(stream, "Content-Type: text/plain\r\n\r\nOwn text.")
    assert other.text.strip() == "Own text."


def test_a_container_that_cannot_be_read_stays_a_file():
    for stream in (b"\x78\x9f\x3e\x22", b"no tnef", make.tnef()):
        (file,) = mail_with(stream).attachments
        assert (file.filename, file.data) == ("winmail.dat", stream)


def test_a_damaged_container_stays_beside_what_could_be_read():
    whole = make.tnef(make.attached("a.txt", b"first"), make.attached("b.txt", b"second"))
    names = [file.filename for file in mail_with(whole[:-4]).attachments]
    assert names == ["a.txt", "winmail.dat"]


def test_a_meeting_is_told():
    stream = make.tnef(
        make.message_props(
            make.prop(make.UNICODE, make.SUBJECT, "Fitting"),
            make.prop(make.UNICODE, make.SENDER, "Anna"),
            make.prop(make.TIME, 0x8001, AT, lid=0x820D),
            make.prop(make.TIME, 0x8002, AT.replace(hour=10), lid=0x820E),
            make.prop(make.UNICODE, 0x8003, "Shop", lid=0x8208),
        ),
        kind="IPM.Schedule.Meeting.Request",
    )
    (notice,) = mail_with(stream).notices
    assert dict(notice.values) == {
        "method": "request", "summary": "Fitting", "start": "2026-11-20T09:30:00+00:00",
        "end": "2026-11-20T10:30:00+00:00", "place": "Shop", "organizer": "Anna",
    }  # fmt: skip


def _nested(depth: int) -> bytes:
    stream = make.tnef(make.attached("deep.txt", b"x"))
    for _ in range(depth):
        stream = make.tnef(make.embedded("m", stream))
    return stream


HUGE = struct.pack("<I", 0xFFFFFFFF)
HOSTILE = {
    "length": make.tnef() + struct.pack("<BII", 2, 0x6800F, 0xFFFFFFFF) + b"x",
    "count": make.tnef(make.attribute(1, 0x69003, HUGE)),
    "values": make.tnef(make.message_props(struct.pack("<HH", 0x101E, 0x1000) + HUGE)),
    "fixed": make.tnef(make.message_props(struct.pack("<HH", 0x1003, 0x1000) + HUGE)),
    "name": make.tnef(make.message_props(b"\x03\x00\x00\x80" + b"\x11" * 16 + b"\1\0\0\0" + HUGE)),
    "type": make.tnef(make.message_props(struct.pack("<HH", 0x7777, 0x1000))),
    "nested": _nested(40),
    "files": make.tnef(*[make.attached("a", b"x")] * 3000),
    "bomb": make.tnef(make.message_props(make.prop(make.BINARY, make.RTF, struct.pack(
        "<IIII", 0, 0xFFFFFFFF, 0x75465A4C, 0) + (b"\xff" + b"\x00\x0f" * 8) * 40_000))),
    "time": make.tnef(make.message_props(struct.pack("<HHQ", 0x40, 0x39, 2**64 - 1))),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_false_claims_cost_little_and_raise_nothing(name):
    stream = HOSTILE[name]
    tracemalloc.start()
    with frugal():
        parsed = mail_with(stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not any(code.startswith("bad-") for code in parsed.defects)
    assert len(parsed.attachments) <= 501
    assert peak < 60_000_000


def test_every_cut_of_a_stream_is_read():
    stream = make.tnef(
        make.message_props(make.prop(make.UNICODE, make.BODY, "text"),
                           make.prop(make.BINARY, make.RTF, make.packed_rtf(rb"{\rtf1 x}"))),
        make.attached("a.txt", b"data", long_name="long.txt"),
        make.embedded("m", make.tnef(make.attached("b", b"c"))),
    )  # fmt: skip
    for length in range(4, len(stream)):
        assert read_tnef(stream[:length]) is not None


def test_rich_text_is_bounded():
    packed = make.packed_rtf(b"x" * 100)
    assert len(unpacked(packed[:4] + HUGE + packed[8:])) <= MAX_RTF
    for piece in (b"\\f1", b"{", b"{}", b"\\u1?", b"\\'e9", b"{\\*\\htmltag <b>}", b"\\\n"):
        with frugal():
            rtf_content(b"{\\rtf1\\fromhtml1 " + piece * (MAX_RTF // 8 // len(piece)))

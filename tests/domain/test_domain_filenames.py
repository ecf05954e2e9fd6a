"""Safe names and risky kinds of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.filenames import numbered, risk_of, safe_name


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("label.pdf", "label.pdf"),
        ("Rechnung März 2026.pdf", "Rechnung März 2026.pdf"),
        ("注文書.pdf", "注文書.pdf"),
        ("../../x", "_.._x"),
        ("/etc/passwd", "_etc_passwd"),
        ("..%2Fx", "%2Fx"),
        ("a\\b", "a_b"),
        ("a／b", "a_b"),
        ("~", "attachment"),
        ("~/.ssh/id", "_.ssh_id"),
        ("a\0b", "a_b"),
        ("a\nb.txt", "a b.txt"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("", "attachment"),
        (".", "attachment"),
        ("..", "attachment"),
        ("///", "attachment"),
        ("a.pdf   .sh", "a.pdf.sh"),
        ("x\u202efdp.sh", "xfdp.sh"),
        ("name.", "name"),
        ('a<b>:"c"|d?*', "a_b___c__d__"),
    ],
)
def test_a_label_becomes_a_plain_name(label, expected):
    assert safe_name(label) == expected


def test_a_long_name_keeps_its_ending_unless_that_is_long_too():
    assert safe_name("x" * 4000 + ".pdf") == "x" * 176 + ".pdf"
    assert safe_name("ü" * 4000 + ".pdf") == "ü" * 88 + ".pdf"
    assert safe_name("x." + "y" * 4000) == "x." + "y" * 178
    assert safe_name("z" * 4000) == "z" * 180


@given(st.text())
def test_every_label_gives_one_component_that_can_be_made(label):
    name = safe_name(label)
    assert name
    assert name == safe_name(name)
    assert "/" not in name
    assert "\0" not in name
    assert not name.startswith((".", "-", "~", " "))
    assert len(name.encode()) <= 180


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("label.pdf", "label (2).pdf"),
        ("label", "label (2)"),
        ("a.tar.gz", "a.tar (2).gz"),
        ("a." + "b" * 20, "a." + "b" * 20 + " (2)"),
    ],
)
def test_a_taken_name_gets_a_number(name, expected):
    assert numbered(name, 2) == expected


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a.desktop", "file.shortcut"),
        ("a.URL", "file.shortcut"),
        ("a.sh", "file.script"),
        ("a.PY", "file.script"),
        ("a.pdf   .sh", "file.script"),
        ("a.sh.", "file.script"),
        ("a.sh ", "file.script"),
        ("x\u202efdp.sh", "file.script"),
        ("a.jar", "file.program"),
        ("a.jnlp", "file.program"),
        ("a.exe", "file.program"),
        ("a.html", "file.page"),
        ("a.svg", "file.page"),
        ("a.docm", "file.macros"),
        ("a.xls", "file.macros"),
        ("a.pdf", ""),
        ("a.png", ""),
        ("a.docx", ""),
        ("a.txt", ""),
        ("", ""),
        ("sh", "file.script"),
    ],
)
def test_names_tell_kinds_that_run(filename, expected):
    assert risk_of(filename, "", b"") == expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html", "file.page"),
        ("image/svg+xml", "file.page"),
        ("application/x-msdownload", "file.program"),
        ("application/x-sh", "file.script"),
        ("application/vnd.ms-excel.sheet.macroEnabled.12", "file.macros"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""),
        ("application/vnd.oasis.opendocument.text", ""),
        ("application/pdf", ""),
        ("image/png", ""),
    ],
)
def test_declared_types_tell_kinds_that_run(content_type, expected):
    assert risk_of("file", content_type, b"") == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x7fELF\x02\x01\x01", "file.program"),
        (b"MZ\x90\0", "file.program"),
        (b"PK\x03\x04....META-INF/MANIFEST.MF", "file.program"),
        (b"#!/bin/sh\n", "file.script"),
        (b"<?php echo 1;", "file.script"),
        (b"[Desktop Entry]\nExec=sh", "file.shortcut"),
        (b"\n# comment\n[InternetShortcut]\nURL=x", "file.shortcut"),
        (b"L\0\0\0\x01\x14\x02\0", "file.shortcut"),
        (b"  \n<!DOCTYPE html><html>", "file.page"),
        (b"\xef\xbb\xbf<html>", "file.page"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "file.page"),
        (b'<?xml version="1.0"?><svg xmlns="x">', "file.page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.macros"),
        (b"{\\rtf1", "file.macros"),
        (b"PK\x03\x04....word/vbaProject.bin", "file.macros"),
        (b"PK\x03\x04....word/document.xml", ""),
        (b"%PDF-1.7", ""),
        (b"\x89PNG\r\n\x1a\n", ""),
        (b"Dear team, <html> is a word here", ""),
        (b"<not a page", ""),
        (b"", ""),
    ],
)
def test_first_bytes_tell_kinds_that_run(head, expected):
    assert risk_of("photo.png", "image/png", head) == expected

"""The type of a file is that of its bytes, and never one that a browser runs."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.media.sniffing import UNKNOWN, content_type

RUNNABLE = ("html", "svg", "xml", "javascript", "ecmascript", "xhtml", "wasm", "flash")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def archive(*names: str, first: bytes = b"") -> bytes:
    """Return an archive that is the same at any time: the name of its test holds it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        if first:
            file.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            file.writestr(zipfile.ZipInfo(name), "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.jpg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.txt", "image/png"),
        (b"GIF89a\x01\0", "a.gif", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a.wav", "audio/wav"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a.heic", "image/heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "a.avif", "image/avif"),
        (b"\0\0\0\x18ftypisom\0\0\2\0", "a.mp4", "video/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0\2\0", "a.m4a", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86", "a.webm", "video/webm"),
        (b"OggS\0\2" + b"\0" * 20 + b"OpusHead", "a.ogg", "audio/ogg"),
        (b"OggS\0\2" + b"\0" * 20 + b"\x80theora", "a.ogv", "video/ogg"),
        (b"ID3\x04\0\0", "a.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0\0", "a.mp3", "audio/mpeg"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.pdf", "application/pdf"),
        (archive("a.txt"), "a.zip", "application/zip"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.docx", _DOCX),
        (archive("evil.sh"), "a.docx", "application/zip"),
        (archive("[Content_Types].xml"), "a.jar", "application/zip"),
        (
            archive("content.xml", first=b"application/vnd.oasis.opendocument.text"),
            "a.odt",
            "application/vnd.oasis.opendocument.text",
        ),
        (archive("x", first=b"text/html"), "a.odt", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.msi", UNKNOWN),
        ("Hej, var är mitt paket?".encode(), "a.txt", "text/plain"),
        ("żółw".encode("utf-16"), "a.txt", "text/plain"),
        (b"order;sum\n1;2\n", "a.csv", "text/csv"),
        (b"", "a.png", UNKNOWN),
        (b"\0\1\2\3", "a.png", UNKNOWN),
        ("zażółć gęślą".encode()[:-1], "a.txt", "text/plain"),
    ],
)
def test_a_file_is_what_its_bytes_say(head: bytes, name: str, kind: str) -> None:
    assert content_type(head, name) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<html><body onload=alert(1)>",
        b"\xef\xbb\xbf<html>",
        "<html>".encode("utf-16"),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><?xml-stylesheet href='x'?>",
        b"alert(1)//",
        b"GIF89a/*<svg/onload=alert(1)>*/=1;alert(1)",
        b"%PDF-<script>alert(1)</script>",
        b"#!/bin/sh\nrm -rf ~\n",
        b"MZ\x90\0\3",
        b"\x7fELF\2\1\1",
        b"\xca\xfe\xba\xbe\0\0",
        b"\0asm\1\0\0\0",
        b"[Desktop Entry]\nExec=sh\n",
        b"\x1b[2J\x1b]52;c;eA==\x07",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.js", "a.xhtml", "a.png", "a.exe", ""])
def test_what_a_browser_could_run_gets_no_such_type(head: bytes, name: str) -> None:
    assert not any(word in content_type(head, name) for word in RUNNABLE)


@settings(max_examples=500)
@given(st.binary(max_size=80), st.text(max_size=20))
def test_any_bytes_have_a_harmless_type(head: bytes, name: str) -> None:
    kind = content_type(head, name)
    assert kind.isascii()
    assert kind.count("/") == 1
    assert not any(word in kind.partition("/")[2].split(".")[0] for word in RUNNABLE)

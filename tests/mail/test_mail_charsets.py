"""Bytes whose charset is missing or a lie: read by what they look like."""

from __future__ import annotations

import pytest

from helpdesk_tui.mail.charsets import decode, decode_short


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("回复：关于订单的问题", "gb18030"),
        ("你好", "gb18030"),
        ("訂單退款問題", "big5"),
        ("ご注文のキャンセルについて", "shift_jis"),
        ("ご注文のキャンセルについて", "euc-jp"),
        ("주문 취소 문의입니다", "euc-kr"),
        ("Где мой заказ?", "cp1251"),
        ("Где мой заказ?", "koi8-r"),
        ("Größe und Länge", "latin-1"),
        ("ÄÖÜß", "latin-1"),
        ("déjà vu à Orléans", "latin-1"),
        ("ordinary", "ascii"),
    ],
)
def test_short_text_of_no_charset_is_read_by_its_shape(text: str, charset: str):
    assert decode_short(text.encode(charset)) == text


def test_a_western_charset_elsewhere_in_the_mail_does_not_hide_the_shape():
    data = "回复：关于订单的问题".encode("gb18030")
    assert decode_short(data, "", ("iso-8859-1",)) == "回复：关于订单的问题"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Grüße aus Köln", "iso-8859-1"),
        ("Grüße", "windows-1252"),
        ("退款问题在哪里", "gb2312"),
        ("Где заказ", "us-ascii"),
    ],
)
def test_utf_8_that_calls_itself_something_else_is_utf_8(text: str, said: str):
    assert decode(text.encode(), said) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [("Grüße", "iso-8859-1"), ("Où", "iso-8859-1"), ("联通", "gb2312"), ("é", "cp1252")],
)
def test_what_is_in_the_charset_it_names_is_left_there(text: str, said: str):
    assert decode(text.encode(said), said) == text


@pytest.mark.parametrize("said", ["utf-16-le", "hz", "iso-2022-jp", "utf-16-be"])
def test_ascii_bytes_may_be_other_text(said: str):
    assert decode("中文".encode(said), said) == "中文"

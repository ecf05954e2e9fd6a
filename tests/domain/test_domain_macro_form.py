"""A macro as the fields of an editor: there and back again, and mistakes in their field."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.macros.file import parse_macro
from helpdesk_tui.domain.macros.form import MacroForm, form_of, mistakes, source_of

WHOLE = r"""
name = "Late parcel"
keys = "1"
mode = "run"
language = "pl"

[scope]
teams = ["returns", "sales"]
channels = ["email"]

[actions]
note = "one\ntwo \\n"
attach = ["label.pdf"]
tag = "+shipping -new"
assign = "returns"
priority = "high"
snooze = "2d!"
spam = true
set = { size = "XL" }
then = "next"

[body]
email = "Cześć\n\n{{ customer.first_name }}"
whatsapp_template = { name = "late", parameters = ["{{ customer.name }}"] }

[body.en]
email = "Hi"
sms = "Hi"
"""


def test_a_form_says_what_the_file_says() -> None:
    macro = parse_macro(WHOLE)
    form = form_of(macro)
    assert form.languages == ("pl", "en")
    assert "tag +shipping -new" in form.actions.split("\n")
    assert parse_macro(source_of(form)) == macro
    assert mistakes(form) == ()


def test_a_plain_one_stays_plain() -> None:
    form = MacroForm(name="a").with_text("en.email", "Hi")
    assert source_of(form) == 'name = "a"\n\n[body]\nemail = """\nHi"""\n'
    assert source_of(form.with_text("pl.email", " ")) == source_of(form)  # begun, and left empty
    assert form_of(parse_macro(source_of(form))).texts == {"en.email": "Hi"}
    assert form_of(parse_macro('name = "a"\n[actions]\nspam = true')).actions == "spam"


@pytest.mark.parametrize(
    ("form", "code", "where", "row", "column"),
    [
        (MacroForm(texts={"en.email": "x"}), "macro.no-name", "name", 0, 0),
        (MacroForm("a", texts={"en.email": "x\nab {{ nobody }}"}), "macro.unknown-name",
         "en.email", 1, 6),
        (MacroForm("a", texts={"en.email": "x", "pl.sms": "{{ customer.name"}), "macro.unclosed",
         "pl.sms", 0, 0),
        (MacroForm("a", actions="tag +x\nassign @@"), "macro.bad-value", "actions", 1, 0),
        (MacroForm("a", actions="tag +x\n\nfly away"), "macro.unknown-key", "actions", 2, 0),
        (MacroForm("a", actions="spam", scope="tags a\nplanets mars"), "macro.unknown-key",
         "scope", 1, 0),
        (MacroForm("a", actions="spam", scope="channels fax"), "macro.bad-value", "scope", 0, 0),
        (MacroForm("a", keys="x", actions="spam"), "macro.bad-value", "name", 0, 0),
        (MacroForm("a", texts={"xx1.email": "x"}), "macro.unknown-key", "xx1.email", 0, 0),
        (MacroForm("a", actions="spam no"), "macro.does-nothing", "name", 0, 0),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(
    form: MacroForm, code: str, where: str, row: int, column: int
) -> None:
    found = mistakes(form)
    assert [one.finding.code for one in found] == [code]
    assert (found[0].where, found[0].row, found[0].column) == (where, row, column)

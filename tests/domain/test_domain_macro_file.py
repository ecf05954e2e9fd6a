"""Macros as files: read with every mistake by its line, written back, changed in single places."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.actions import ORDER, written_actions
from helpdesk_tui.domain.macros.file import MAX_SOURCE, parse_macro, read_macro
from helpdesk_tui.domain.macros.macro import (
    Actions,
    Bodies,
    BodyKind,
    Macro,
    MacroFile,
    Mode,
    Scope,
    Then,
    WhatsappTemplate,
    macro_file,
)
from helpdesk_tui.domain.macros.table import is_own_table, read_rows, sources_of, write_table
from helpdesk_tui.domain.macros.writing import toml_of, with_files, with_keys, write_macro
from helpdesk_tui.domain.tickets import Priority

SHA = "ab" * 32
FULL = f"""# kept in git
name = "Late  parcel"
keys = "3"
mode = "insert"
language = "pl"

[scope]
teams = ["returns"]
channels = ["email", "sms"]
tags = "shipping"

[actions]
note = '''
one
two'''
attach = ["files/label.pdf", "old.pdf#{SHA}"]
tag = ["+refund -new", "vip"]
assign = "@anna"
priority = "urgent"
status = "close"
snooze = "mon 9:00 !"
spam = true
set = {{ size = "XL" }}
webhook = "https://shop.example/hook"
order = ["refund 1"]
sub = "skip"
then = "next"

[body]
email = \"\"\"
Cześć {{{{ customer.first_name | default: "there" }}}}

zażółć\"\"\"
sms = "ok"
whatsapp_template = {{ name = "late", parameters = ["{{{{ customer.name }}}}", "x"] }}

[body.en]
chat = "Hi"
"""


def test_everything_a_file_may_say_is_read() -> None:
    macro = parse_macro(FULL)
    assert macro == Macro(
        name="Late parcel",
        keys="3",
        scope=Scope(("returns",), ("email", "sms"), ("shipping",)),
        bodies=(
            Bodies(
                "pl",
                {
                    BodyKind.EMAIL: 'Cześć {{ customer.first_name | default: "there" }}\n\nzażółć',
                    BodyKind.SMS: "ok",
                },
                WhatsappTemplate("late", ("{{ customer.name }}", "x")),
            ),
            Bodies("en", {BodyKind.CHAT: "Hi"}),
        ),
        actions=Actions(
            note="one\ntwo",
            attach=(MacroFile("files/label.pdf"), MacroFile("old.pdf", SHA)),
            add_tags=("refund", "vip"),
            remove_tags=("new",),
            assign="@anna",
            priority=Priority.URGENT,
            status="close",
            snooze="mon 9:00",
            snooze_keep=True,
            spam=True,
            fields={"size": "XL"},
            webhook="https://shop.example/hook",
            order=("refund 1",),
            sub=("skip",),
        ),
        then=Then.NEXT,
    )
    assert not macro.actions.unattended
    assert tuple(written_actions(macro.actions)) == ORDER[:-1]
    assert read_macro(write_macro(macro)).macro == macro


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "macro.no-name", 1, 1),
        ("name = 5", "macro.wrong-type", 1, 1),
        ('name = "a\\u0007"', "macro.control", 1, 1),
        ('name = "a\\u202eb"', "macro.control", 1, 1),
        (f'name = "{"a" * 101}"', "macro.too-long", 1, 1),
        (f'name = "{"a" * 201}"', "macro.too-long", 1, 1),
        ('name = "a"\nx = 1\n[body]\nsms = "a"', "macro.unknown-key", 2, 1),
        ('name = "a"\nname = "b"', "macro.toml", 2, 1),
        ('name = "a\nb"', "macro.toml", 1, 10),
        ('name = "a"\n\nnote = """', "macro.toml", 3, 1),
        ('name = "a"\nx = ' + "[" * 5000, "macro.toml", 1, 1),
        ("name = " + "9" * 5000, "macro.toml", 1, 1),
        ('name = "\ud800"', "macro.control", 1, 1),
        ("#" * (MAX_SOURCE + 1), "macro.too-long", 1, 1),
        ('name = "a"\nkeys = "10"', "macro.bad-value", 2, 1),
        ('name = "a"\nmode = "send"', "macro.bad-value", 2, 1),
        ('name = "a"\nlanguage = "polish"', "macro.bad-language", 2, 1),
        ('name = "a"\nscope = 1', "macro.wrong-type", 2, 1),
        ('name = "a"\n[scope]\nx = 1', "macro.unknown-key", 3, 1),
        ('name = "a"\n[scope]\ntags = [1]', "macro.wrong-type", 3, 1),
        ('name = "a"\n[scope]\ntags = 1', "macro.wrong-type", 3, 1),
        ('name = "a"\n[scope]\nchannels = ["fax"]', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\nx = 1', "macro.unknown-key", 3, 1),
        ('name = "a"\n[actions]\ntag = "+a -a"', "macro.bad-tag", 3, 1),
        ('name = "a"\n[actions]\ntag = "+"', "macro.bad-tag", 3, 1),
        ('name = "a"\n[actions]\nassign = "@"', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\npriority = "low!"', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\nstatus = "snooze"', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\nsnooze = "whenever"', "snooze.unclear", 3, 1),
        ('name = "a"\n[actions]\nsnooze = "until they reply!"', "snooze.never-ends", 3, 1),
        ('name = "a"\n[actions]\nspam = "yes"', "macro.wrong-type", 3, 1),
        ('name = "a"\n[actions]\nset = 1', "macro.wrong-type", 3, 1),
        ('name = "a"\n[actions]\nset = { "a b" = "1" }', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\nwebhook = "http://a.example"', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\nthen = "stop"', "macro.bad-value", 3, 1),
        ('name = "a"\n[actions]\nattach = ["../a"]', "macro.bad-file", 3, 1),
        ('name = "a"\n[actions]\nattach = ["/etc/passwd"]', "macro.bad-file", 3, 1),
        ('name = "a"\n[actions]\nattach = ["C:\\\\a"]', "macro.bad-file", 3, 1),
        ('name = "a"\n[actions]\nattach = [""]', "macro.bad-file", 3, 1),
        ('name = "a"\n[actions]\nattach = [' + '"a", ' * 21 + "]", "macro.too-many-files", 3, 1),
        ('name = "a"\n[actions]\nnote = "{{ x }}"', "macro.unknown-name", 3, 12),
        ('name = "a"\n[body]\nfax = "a"', "macro.unknown-key", 3, 1),
        ('name = "a"\n[body]\nsms = 1', "macro.wrong-type", 3, 1),
        ('name = "a"\nbody = 1', "macro.wrong-type", 2, 1),
        ('name = "a"\n[body]\nemail = """\none\ntwo {{ x }}"""', "macro.unknown-name", 5, 8),
        ('name = "a"\n[body]\nemail = """one\ntwo {{ x }}"""', "macro.unknown-name", 4, 8),
        ("name = 'a'\n[body]\nemail = '''\n\n{% x %}'''", "macro.logic", 5, 1),
        ('name = "a"\n[body]\nsms = "a"\n[body.en]\nsms = "b"', "macro.bad-language", 4, 1),
        ('name = "a"\n[body]\npl = 1', "macro.wrong-type", 3, 1),
        ('name = "a"\n[body]\nwhatsapp_template = {}', "macro.bad-value", 3, 1),
        ('name = "a"\n[body]\nwhatsapp_template = 1', "macro.wrong-type", 3, 1),
        ('name = "a"\n[body]\nwhatsapp_template = { name = "t", parameters = "{{ x }}" }',
         "macro.unknown-name", 3, 25),
        ('name = "a"', "macro.does-nothing", 1, 1),
        ('name = "a"\nmode = "run"\n[actions]\norder = "refund"', "macro.never-unattended", 2, 1),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_line(text: str, code: str, line: int, column: int) -> None:
    reading = read_macro(text)
    assert reading.macro is None
    found = [(each.code, each.line, each.column) for each in reading.errors]
    assert (code, line, column) in found
    with pytest.raises(UsageError) as caught:
        parse_macro(text)
    assert "line" in caught.value.values


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    reading = read_macro(
        'name = ""\nmode = "x"\n[body]\nemail = "{{ a }} {{ b }}"\n[actions]\ntag = ","'
    )
    assert [(each.line, each.code) for each in reading.findings] == [
        (1, "macro.no-name"),
        (2, "macro.bad-value"),
        (4, "macro.unknown-name"),
        (4, "macro.unknown-name"),
        (6, "macro.bad-tag"),
    ]


def test_a_snooze_of_a_day_that_has_passed_is_no_mistake_of_the_file() -> None:
    for when in ("2020-01-01", "jutro", "until they reply"):
        assert parse_macro(f'name = "a"\n[actions]\nsnooze = "{when}"').actions.snooze == when


def test_what_is_hardly_meant_is_a_warning() -> None:
    many = "\n".join(f'[body.{a}{b}]\nsms = "x"' for a in "abcd" for b in "abcdefgh")
    assert [each.code for each in read_macro(f'name = "a"\n[body]\nsms = "x"\n{many}').errors] == [
        "macro.bad-language"
    ]
    long = "ż" * 300
    reading = read_macro(
        f'name = "a"\n[body]\nsms = "⟦size⟧ {long}"\n[body.pl]\nsms = "{long}"\nemail = " "'
    )
    assert reading.macro is not None
    assert [(each.code, each.line, each.is_error) for each in reading.findings] == [
        ("macro.long-sms", 3, False),
        ("macro.left-open", 3, False),
        ("macro.long-sms", 5, False),
    ]


def test_the_text_that_fits_the_channel_and_the_language_is_chosen() -> None:
    macro = parse_macro(FULL)
    polish, english = macro.bodies
    assert polish.for_channel("email") == (BodyKind.EMAIL, polish.texts[BodyKind.EMAIL])
    assert polish.for_channel("sms") == (BodyKind.SMS, "ok")
    assert polish.for_channel("webchat") == (BodyKind.SMS, "ok")
    assert english.for_channel("email") == (BodyKind.CHAT, "Hi")
    assert Bodies("en").for_channel("email") is None
    for wanted, found in (("en", english), ("en-GB", english), ("pl_PL", polish), ("sv", polish)):
        assert macro.bodies_in(wanted) is found
    assert Macro("a").bodies_in("en") is None


def test_a_scope_without_parts_fits_everywhere() -> None:
    assert Scope().fits(teams=(), channel="email", tags=())
    scope = Scope(("a",), ("email",), ("t",))
    assert scope.fits(teams=("a", "b"), channel="email", tags=("t",))
    assert not scope.fits(teams=("b",), channel="email", tags=("t",))
    assert not scope.fits(teams=("a",), channel="sms", tags=("t",))
    assert not scope.fits(teams=("a",), channel="email", tags=())


TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"\\'\n\t{}#=[] x"),
        st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")),
    ),
    max_size=40,
).map(lambda text: text.replace("{{", "{ {").replace("{%", "{ %").rstrip("\n"))
WORDS = st.from_regex(r"[A-Za-zżó\"\\' #]{1,20}", fullmatch=True).filter(lambda text: text.strip())


@given(
    name=WORDS,
    texts=st.dictionaries(st.sampled_from(list(BodyKind)), TEXTS.filter(str.strip), min_size=1),
    more=st.dictionaries(st.sampled_from(list(BodyKind)), TEXTS.filter(str.strip), min_size=1),
    note=TEXTS,
    assign=st.sampled_from(["", "me", "@anna", "Returns team", "none"]),
    parameters=st.lists(WORDS.map(str.strip), max_size=3),
    mode=st.sampled_from(list(Mode)),
    then=st.sampled_from(list(Then)),
    keys=st.sampled_from(["", "1", "9"]),
)
def test_what_is_written_is_read_again(
    name: str, texts: dict[BodyKind, str], more: dict[BodyKind, str], note: str, assign: str,
    parameters: list[str], mode: Mode, then: Then, keys: str,
) -> None:  # fmt: skip
    template = WhatsappTemplate("t", tuple(parameters)) if parameters else None
    macro = Macro(
        name=" ".join(name.split()), keys=keys, mode=mode, then=then,
        bodies=(Bodies("sv", texts, template), Bodies("pt_BR", more)),
        actions=Actions(note=note, assign=assign),
    )  # fmt: skip
    assert read_macro(write_macro(macro)).macro == macro


@given(st.one_of(st.text(), st.text(alphabet='name="ab\n[]{}.body scope,1#\'\\'), st.binary().map(
    lambda data: data.decode("utf-8", "surrogateescape"))))  # fmt: skip
def test_no_file_breaks_the_reader(source: str) -> None:
    reading = read_macro(source)
    assert (reading.macro is None) == bool(reading.errors)
    assert all(each.line >= 1 and each.column >= 1 for each in reading.findings)


def test_a_key_is_changed_and_the_rest_stays_as_people_wrote_it() -> None:
    assert with_keys(FULL, "5") == FULL.replace('keys = "3"', 'keys = "5"')
    bare = '# ours\nname = "a"  # b\n[body]\nemail = "x" # c\n'
    assert with_keys(bare, "1") == bare.replace("# b\n", '# b\nkeys = "1"\n')
    odd = '"name" = "a"\n"keys" = "2"\nbody.email = "x"\n'
    assert parse_macro(with_keys(odd, "4")).keys == "4"
    with pytest.raises(UsageError):
        with_keys("name", "1")


def test_files_are_renamed_and_the_rest_stays_as_people_wrote_it() -> None:
    stored = {"files/label.pdf": MacroFile("label.pdf", SHA)}
    changed = with_files(FULL, stored)
    assert changed == FULL.replace("files/label.pdf", f"label.pdf#{SHA}")
    assert with_files(changed, {f"label.pdf#{SHA}": MacroFile("files/label.pdf")}) == FULL
    odd = 'name = "a.pdf"\n[actions]\nattach = ["a.pdf"]\n'
    assert parse_macro(with_files(odd, {"a.pdf": MacroFile("b.pdf", SHA)})) == Macro(
        "a.pdf", actions=Actions(attach=(MacroFile("b.pdf", SHA),))
    )
    assert macro_file("a#b").path == "a#b"


def test_macros_as_a_table_and_back() -> None:
    macro = parse_macro(FULL)
    plain = parse_macro('name = "b"\n[actions]\nspam = true')
    text = write_table([macro, plain])
    rows = read_rows(text)
    assert is_own_table(rows)
    back = [parse_macro(source) for source in sources_of(rows)]
    assert back[1] == plain
    first = back[0]
    assert (first.name, first.keys, first.scope, first.then) == (
        macro.name, macro.keys, macro.scope, macro.then,
    )  # fmt: skip
    assert [each.texts for each in first.bodies] == [each.texts for each in macro.bodies]
    assert first.actions.attach == macro.actions.attach
    assert first.actions.note == macro.actions.note
    run = parse_macro('name = "c"\nmode = "run"\n[body]\nemail = "x"')
    assert parse_macro(sources_of(read_rows(write_table([run])))[0]) == run


def test_tables_of_spreadsheets_are_read() -> None:
    assert read_rows('\ufeffName;Email\r\n"a;b";x\r\n;\r\n') == [{"name": "a;b", "email": "x"}]
    assert not is_own_table([])
    assert not is_own_table([{"name": "a", "colour": "b"}])
    with pytest.raises(UsageError, match=r"macro\.table"):
        read_rows("")
    with pytest.raises(UsageError, match=r"macro\.table"):
        read_rows('name\n"' + "x" * 200_000 + '"')
    missing = sources_of([{"name": "a", "email": "x"}, {"name": "a", "email": "y"}])[0]
    assert read_macro(missing).macro is None


@given(st.text(alphabet=st.one_of(st.sampled_from('",;\n\r\x00name'), st.characters())))
def test_no_table_breaks_the_reader(text: str) -> None:
    try:
        rows = read_rows(text)
    except UsageError:
        return
    for source in sources_of(rows):
        read_macro(source)


def test_the_order_of_actions_in_the_file_does_not_matter() -> None:
    lines = FULL[FULL.index("status") : FULL.index("[body]")].strip().split("\n")
    turned = FULL.replace("\n".join(lines), "\n".join(reversed(lines)))
    assert tomllib.loads(turned)["actions"].keys() == tomllib.loads(FULL)["actions"].keys()
    assert parse_macro(turned) == parse_macro(FULL)


def test_the_samples_have_no_mistakes_and_speak_four_languages() -> None:
    folder = Path(__file__).parents[2] / "helpdesk_tui/cli/demo/data/macros"
    found = {path.name: read_macro(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert {name for name, reading in found.items() if reading.findings} == set()
    spoken = [
        tuple(bodies.language for bodies in reading.macro.bodies)
        for reading in found.values()
        if reading.macro is not None and reading.macro.bodies
    ]
    assert set(spoken) == {("en", "pl", "sv", "pt_BR")}


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-x", "@SUM(A1)", "'=x", "''+", "'tis"]
)
def test_no_cell_of_a_table_is_a_formula_and_all_come_back(text: str) -> None:
    macro = parse_macro(toml_of({"name": "=a", "body": {"email": text}}))
    table = write_table([macro])
    cells = [cell for row in read_rows(table) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert parse_macro(sources_of(read_rows(table))[0]) == macro

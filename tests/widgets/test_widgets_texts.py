"""Every text for people can be translated: none stands in the code without a mark."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from helpdesk_tui.widgets.keys import KEYS
from scripts.catalogues import KEY_CONTEXT, extract, messages_of, source_files
from tests.support.texts import unmarked, unmarked_in

ALLOWED = (
    # what is typed into a shell is the same in every language, and so is our name before a line
    (r".*", r"\s*helpdesk( |:|$).*|--[a-z]+ [A-Z]+|ssh \{\} helpdesk .*"),
    # scripts of shells
    (r"cli/complet", r".*"),
    # headings of a manual page, which man looks for
    (r"cli/manual", r"\.(TH|SH|SS) .*|EXIT STATUS"),
    # a key and the action it stands for
    (r"screens/.*", r"(down|up) move\.(down|up)"),
    # style sheets
    (r"screens/inbox/layout", r"\s*InboxScreen .*"),
    # kinds of widgets to look for
    (r"screens/commerce/changing", r"Field, CleanInput"),
    # types
    (r".*", r"\w+\[.*\][ |A-Za-z]*"),
    # names of actions
    (r".*", r"[a-z.-]+\.[a-z-]+( [a-z.-]+\.[a-z-]+)*"),
    # the names of keys
    (r"widgets/.*", r" *(gx|ctrl\+l|enter) *"),
    # styles of text, for Rich
    (r"widgets/ink", r"[a-z]+( bold| underline)+"),
    # code points
    (r"widgets/pixels/cells", r"[0-9A-F -]+"),
    # products are called the same in every language
    (r"widgets/words/channels", r"(WhatsApp|Instagram) [A-Z(].*"),
    # languages are called what they call themselves, and moments are typed in each of them
    (r"widgets/words/(language|snooze_moments)", r".*"),
    # examples of queries, of addresses and of file names
    (r"widgets/words/query_help", r"[a-z]+:\S+( [a-z]+:\S+)*"),
    (r"screens/dialogs/address_wizard", r"\S+@\S+"),
    (r"screens/beside/activity", r"~/\S+"),
    # control sequences of terminals
    (r"widgets/words/ringing", r"\x1b\].*"),
    # what the library says, in patterns
    (r"cli/usage", r".*\(\?P<.*|.*argument|argument .*|expected .*|invalid .*"),
    # explains mails in the codes of the specification
    (r"cli/explain", r"[a-z.-]+: \{\}|\{\} by \{\}|\{\} \(\{\} bytes\)"),
    # a bar with numbers
    (r"cli/progress", r"[{} %]*of [{}]*"),
    # what is matched with what was typed, not shown
    (r"screens/dialogs/assign", r"nobody none unassigned"),
    # the name of a kind of step
    (r"screens/acting/undoing", r"reply|note"),
)  # fmt: skip
"""Files and texts in them that are no prose, each with the reason."""


def _is_allowed(name: str, text: str) -> bool:
    return any(
        re.match(where, name) and re.fullmatch(what, text, re.DOTALL) for where, what in ALLOWED
    )


def test_no_text_for_people_is_unmarked() -> None:
    assert [each for each in unmarked() if not _is_allowed(*each)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('footer.say("two words")', ["two words"]),
        ('footer.say("word")', ["word"]),
        ('footer.say(f"#{id} is closed")', ["#{} is closed"]),
        ('line = ("word", Ink.DIM)', ["word"]),
        ('parser.add_argument("--x", help="word")', ["word"]),
        ('TABLE = {"key": "two words"}', ["two words"]),
        ('footer.say(_("two words"))', []),
        ('footer.say(_("{n} words of it").format(n=x or "no words"))', ["no words"]),
        ('TABLE: Marked[dict[str, str]] = {"key": "two words"}', []),
        ('raise ValueError("two words")', []),
        ('log.warning("two words")', []),
        ('def f():\n    """Two words."""', []),
        ('if text == "two words": pass', []),
    ],
)
def test_what_counts_as_a_text(source: str, found: list[str]) -> None:
    assert unmarked_in(source) == found


@pytest.mark.parametrize(
    ("source", "messages"),
    [
        ('_("one")', [("", "one", "")]),
        ('N_("one")', [("", "one", "")]),
        ('pgettext("place", "one")', [("place", "one", "")]),
        ('ngettext("one", "many", 3)', [("", "one", "many")]),
        ('N_({"a": "one", "b": ("two", "go.there")}, context="c")',
         [("c", "one", ""), ("c", "two", "")]),
        ('T: Marked[dict[str, str]] = {"a": "one"}', [("", "one", "")]),
        ('T: MarkedKeys[dict[str, str]] = {"a": "one"}', [(KEY_CONTEXT, "one", "")]),
        ("_(name)", []),
    ],
)  # fmt: skip
def test_marks_are_found(source: str, messages: list[tuple[str, str, str]]) -> None:
    found = messages_of(source, "x.py")
    assert [(each.context, each.id, each.plural) for each in found] == messages


def test_a_mark_holds_a_whole_text() -> None:
    """A text that is put together before it is looked up is never found in a catalogue."""
    wrong = [
        (path.name, node.lineno)
        for path in source_files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "N_", "pgettext", "ngettext")
        and any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args)
    ]
    assert wrong == []


def test_nothing_hides_the_mark() -> None:
    """A variable of the name would make a call of it fail, in that branch and no other."""
    wrong = []
    for path in source_files():
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            own = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
            inner = [each for each in ast.walk(function) if isinstance(each, ast.comprehension)]
            apart = {id(each) for one in inner for each in ast.walk(one.target)}
            own |= {
                each.id
                for each in ast.walk(function)
                if isinstance(each, ast.Name)
                and isinstance(each.ctx, ast.Store)
                and id(each) not in apart
            }
            calls = any(
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Name)
                and each.func.id == "_"
                for each in ast.walk(function)
            )
            if "_" in own and calls:
                wrong.append((path.name, function.lineno))
    assert wrong == []


def test_every_key_is_in_the_catalogues() -> None:
    known = {each.key for each in extract()}
    for key in KEYS:
        assert (KEY_CONTEXT, key.word) in known
        assert ("", key.description) in known
        assert ("", key.group.value) in known


def test_texts_stand_without_blanks_around_them_and_name_their_values() -> None:
    for message in extract():
        assert message.id == message.id.strip(), message
        names = [name for _, name, _, _ in Formatter().parse(message.id) if name is not None]
        assert "" not in names, message


def _filled_in(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Yield the texts that are filled in where they are looked up, and the values they get."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id=mark), args=args), attr="format")
            ) if mark in ("_", "pgettext", "ngettext") and not node.args:
                values = {each.arg for each in node.keywords if each.arg is not None}
                if len(values) == len(node.keywords):
                    place = 1 if mark == "pgettext" else 0
                    texts = args[place : place + (2 if mark == "ngettext" else 1)]
                    for text in texts:
                        if isinstance(text, ast.Constant) and isinstance(text.value, str):
                            yield text.value, values


def test_every_text_gets_the_values_it_names() -> None:
    for path in source_files():
        for text, values in _filled_in(ast.parse(path.read_text("utf-8"))):
            names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            assert names <= values, (path.name, text)

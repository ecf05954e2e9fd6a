"""``macro``: kept, shown, used, written and read from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.main import run
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.macros import actions as macro_actions
from helpdesk_tui.domain.macros import file as macro_file
from helpdesk_tui.domain.macros import text as macro_text
from helpdesk_tui.widgets.words.errors import SENTENCES
from helpdesk_tui.widgets.words.macros import LOST
from tests.support.store import add_agent, add_message, add_ticket, make_store

LATE = """# ours
name = "Late parcel"
keys = "1"

[actions]
attach = ["files/label.pdf"]
tag = "+shipping"
status = "close"

[body]
email = "Hi {{ customer.first_name | default: 'there' }}, sorry. {{ agent.first_name }}"

[body.pl]
email = "Cześć {{ customer.first_name }}"
"""
HOLE = 'name = "Tracking"\n[body]\nemail = "It is at {{ order.last.tracking_url }}."\n'


class Desk:
    """Runs commands on a small store as anna, and reads what they print."""

    def __init__(self, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = store
        self.err = ""
        self._capsys = capsys

    def __call__(self, *words: str | Path, code: int = 0, agent: str = "anna") -> str:
        """Run a command, check its exit code, and return its standard output."""
        found = run(["--store", str(self.store.paths.root), "--agent", agent, *map(str, words)])
        printed = self._capsys.readouterr()
        self.err = printed.err
        assert found == code, printed
        return printed.out

    def json(self, *words: str | Path, code: int = 0) -> Any:
        """Run a command with ``--json`` and return the document."""
        return json.loads(self(*words, "--json", code=code))


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    for name in ("HELPDESK_AGENT", "HELPDESK_CONFIG", "HELPDESK_STORE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    store = make_store(tmp_path)
    add_agent(store, "anna", role="manager")
    add_agent(store, "marek")
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('support', 'email', 'support@shop.example', 0)"
        )
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id)"
            " VALUES ('support@shop.example', 'Acme', 1)"
        )
    add_message(store, add_ticket(store))
    yield Desk(store, capsys)
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of macros as it may lie in git."""
    folder = tmp_path / "macros"
    (folder / "files").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "x.toml").write_text("broken", "utf-8")
    (folder / "files" / "label.pdf").write_bytes(b"%PDF-1.4")
    (folder / "late.toml").write_text(LATE, "utf-8")
    (folder / "tracking.toml").write_text(HOLE, "utf-8")
    return folder


@pytest.fixture
def full(desk: Desk, folder: Path) -> Desk:
    """Return a desk with the macros of the folder."""
    desk("macro", "import", folder)
    return desk


def test_a_folder_is_read_once_and_again_where_it_changed(desk: Desk, folder: Path) -> None:
    assert "2 new" in desk("macro", "import", "--dry-run", folder)
    assert "no macros" in desk("macro", "list")
    assert "2 new" in desk("macro", "import", folder)
    assert "2 unchanged" in desk("macro", "import", folder)
    (folder / "late.toml").write_text(LATE.replace("sorry", "we are sorry"), "utf-8")
    desk("macro", "import", folder, code=1)
    assert "already a macro called Late parcel" in desk.err
    found = desk.json("macro", "import", "--replace", folder)
    assert [each["state"] for each in found["macros"]] == ["replaced", "unchanged"]
    assert desk.json("macro", "show", "late parcel")["version"] == 2


def test_what_a_macro_is_told_scripts_too(full: Desk) -> None:
    found = full.json("macro", "list")["macros"]
    assert [each["name"] for each in found] == ["Late parcel", "Tracking"]
    assert found[0]["keys"] == "1"
    assert found[0]["languages"] == ["en", "pl"]
    assert found[0]["actions"]["tag"] == "+shipping"
    assert full("macro", "list", "-q", "trk").split() == [found[1]["id"]]
    shown = full.json("macro", "show", "tracking")
    assert shown["source"] == HOLE
    assert shown["bodies"] == {"en": {"email": "It is at {{ order.last.tracking_url }}."}}
    assert full("macro", "show", "Tracking") == HOLE
    full("macro", "show", "trakcing", code=4)
    assert "near it: Tracking" in full.err


def test_people_see_a_table(full: Desk) -> None:
    lines = full("macro", "list").splitlines()
    assert [line.split() for line in lines] == [
        ["ID", "KEY", "NAME", "LANGUAGES", "USES"],
        ["1", "1", "Late", "parcel", "en", "pl", "0"],
        ["2", "Tracking", "en", "0"],
    ]


def test_filled_in_for_a_ticket_it_says_what_is_missing(full: Desk) -> None:
    assert full("macro", "show", "late parcel", "--ticket", "1", "--language", "pl") == (
        "Cześć Lena\n* attaches label.pdf\n* adds the tag shipping\n* closes it\n"
    )
    found = full.json("macro", "show", "tracking", "--ticket", "1")
    assert found["text"] == "It is at ⟦order.last.tracking_url⟧."
    assert found["holes"] == [
        {"name": "order.last.tracking_url", "start": 9, "end": 34, "reason": "not-connected"}
    ]
    full("macro", "show", "tracking", "--ticket", "1")
    assert "nothing is known for order.last.tracking_url" in full.err
    assert len(full.json("macro", "list", "--ticket", "1")["macros"]) == 2


def test_a_run_can_be_tried_before(full: Desk) -> None:
    told = full("macro", "run", "late parcel", "1", "--dry-run")
    assert "would get" in told
    assert "Hi Lena, sorry. Anna" in told
    assert "closes it" in told
    assert full.json("ticket", "show", "1")["status"] == "open"
    done = full.json("macro", "run", "late parcel", "1", "99", code=1)
    assert done["tickets"][0]["message"]
    assert done["tickets"][1]["error"]["code"] == "ticket.missing"
    ticket = full.json("ticket", "show", "1")
    assert (ticket["status"], ticket["tags"]) == ("closed", ["shipping"])
    assert ticket["messages"][-1]["attachments"][0]["filename"] == "label.pdf"
    assert full("macro", "run", "late parcel", "1", "--actions-only", "-q").split() == ["1"]
    assert len(full.json("ticket", "show", "1")["messages"]) == 2
    full("macro", "run", "tracking", "1", code=2)
    assert "nothing is known for order.last.tracking_url" in full.err


def test_a_reply_by_a_macro(full: Desk) -> None:
    message = full("ticket", "reply", "1", "--macro", "Late parcel", "--language", "pl").strip()
    last = full.json("ticket", "show", "1")["messages"][-1]
    assert (last["id"], last["text"][:10]) == (message, "Cześć Lena")
    assert set(full.json("ticket", "reply", "1", "--macro", "late parcel")) == {
        "message", "ticket", "change",
    }  # fmt: skip
    full("ticket", "reply", "1", "--macro", "tracking", code=2)
    full("ticket", "reply", "1", "--macro", "tracking", "--and", "close", code=2)
    full("ticket", "reply", "1", "--macro", "tracking", "--text", "x", code=2)
    (full.store.paths.root / "a.toml").write_text('name = "a"\n[actions]\nspam = true', "utf-8")
    full("macro", "import", full.store.paths.root / "a.toml")
    full("ticket", "reply", "1", "--macro", "a", code=2)
    assert "has no text" in full.err


def test_macros_as_files_and_back(full: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    full("macro", "export", out)
    assert (out / "tracking.toml").read_text("utf-8") == HOLE
    assert (out / "late-parcel" / "label.pdf").read_bytes() == b"%PDF-1.4"
    assert (out / "late-parcel.toml").read_text("utf-8") == LATE.replace(
        "files/label.pdf", "late-parcel/label.pdf"
    )
    assert full.json("macro", "export", tmp_path / "one", "tracking")["macros"] == 1
    again = full.json("macro", "import", out)["macros"]
    assert {each["state"] for each in again} == {"unchanged"}
    full("macro", "export", tmp_path / "all.csv")
    for name in ("late parcel", "tracking"):
        full("macro", "delete", name)
    assert "no macros" in full("macro", "list")
    assert "2 new" in full("macro", "import", tmp_path / "all.csv")
    assert full.json("macro", "show", "late parcel")["languages"] == ["en", "pl"]
    full("macro", "export", tmp_path / "all.csv" / "x", code=2)


def test_exports_of_other_helpdesks_are_taken_over_and_what_is_lost_is_said(
    desk: Desk, tmp_path: Path
) -> None:
    zendesk = {"macros": [{"title": "Hi", "actions": [
        {"field": "comment_value", "value": "Hi {{ticket.requester.first_name}} {{dc.x}}"},
        {"field": "group_id", "value": "5"},
    ]}]}  # fmt: skip
    (tmp_path / "z.json").write_text(json.dumps(zendesk), "utf-8")
    (tmp_path / "t.csv").write_text("title,body,tags\nBye,Bye {name},x\n", "utf-8")
    found = desk.json("macro", "import", tmp_path / "z.json", tmp_path / "t.csv")["macros"]
    assert [(each["name"], each["state"], each["origin"]) for each in found] == [
        ("Hi", "new", "zendesk"), ("Bye", "new", "table"),
    ]  # fmt: skip
    assert found[0]["lost"] == [
        {"code": "variable", "what": "{{dc.x}}"}, {"code": "action", "what": "group_id 5"},
    ]  # fmt: skip
    assert "{{dc.x}} has no counterpart: left open" in desk.err
    desk("ticket", "reply", "1", "--macro", "hi", code=2)
    assert "nothing is known for dc.x" in desk.err


def test_files_that_cannot_be_used_are_named_and_the_others_read(desk: Desk, folder: Path) -> None:
    (folder / "late.toml").write_text(LATE.replace("[body]", "[bod]"), "utf-8")
    (folder / "x.json").write_text("{", "utf-8")
    (folder / "y.csv").write_bytes(b"\xff\xfe")
    out = desk("macro", "import", folder, code=1)
    assert "1 new · 3 failed" in out
    assert "late.toml:10:1" in desk.err
    desk("macro", "import", folder / "nothing.toml", code=2)
    secret = folder.parent / "secret.txt"
    secret.write_text("secret", "utf-8")
    (folder / "files" / "label.pdf").unlink()
    (folder / "files" / "label.pdf").symlink_to(secret)
    (folder / "late.toml").write_text(LATE, "utf-8")
    desk("macro", "import", folder / "late.toml", code=1)
    assert "label.pdf of macro Late parcel is not there" in desk.err


def test_lint_names_every_mistake_by_line(desk: Desk, folder: Path) -> None:
    assert desk("macro", "lint", folder) == "no mistakes\n"
    (folder / "late.toml").write_text(LATE.replace("agent.first", "agent.frist"), "utf-8")
    (folder / "b.toml").write_text(HOLE.replace("It is", "⟦it⟧"), "utf-8")
    told = desk("macro", "lint", folder, code=1)
    assert re.search(r"late\.toml:11:69: error: agent\.frist_name is no name", told)
    assert re.search(r"b\.toml:3:10: warning: it is left open", told)
    assert "tracking.toml:1:1: error: there is already a macro called Tracking" in told
    found = desk.json("macro", "lint", folder, code=1)["findings"]
    assert {each["code"] for each in found} == {
        "macro.unknown-name", "macro.left-open", "macro.exists",
    }  # fmt: skip
    (folder / "files" / "label.pdf").unlink()
    (folder / "late.toml").write_text(LATE, "utf-8")
    assert "label.pdf of macro Late parcel is not there" in desk("macro", "lint", folder, code=1)
    assert desk("macro", "lint") == "no mistakes\n"


def test_lint_looks_into_the_store_too(full: Desk) -> None:
    with full.store.write() as connection:
        connection.execute("UPDATE macro SET source = 'name =' WHERE name = 'Tracking'")
    assert "Tracking:1:" in full("macro", "lint", code=1)
    assert [each["name"] for each in full.json("macro", "list")["macros"]] == ["Late parcel"]


def test_keys_and_roles(full: Desk) -> None:
    assert full("macro", "key", "tracking", "1") == "Tracking: key 1\n"
    assert full.json("macro", "show", "late parcel")["keys"] is None
    assert full.json("macro", "key", "tracking", "none")["keys"] is None
    full("macro", "key", "tracking", "0", code=2)
    full("macro", "delete", "tracking", code=3, agent="marek")
    assert full.json("macro", "delete", "tracking")["name"] == "Tracking"


def test_every_code_of_macros_has_a_sentence() -> None:
    package = Path(macro_file.__file__).parent
    codes = {
        code
        for file in package.glob("*.py")
        for code in re.findall(r'"(macro\.[a-z-]+)"', file.read_text("utf-8"))
    }
    assert {"macro.unknown-name", "macro.toml", "macro.bad-tag"} <= codes
    assert codes - SENTENCES.keys() == set()
    lost = set(re.findall(r'lose\(\s*"([a-z]+)"', (package / "imports.py").read_text()))
    assert lost <= LOST.keys()
    assert macro_text.FILTERS
    assert macro_actions.ORDER

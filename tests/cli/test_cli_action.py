"""Changes of orders by command: listed, shown, checked, decided; never asked for."""

from __future__ import annotations

import json

import pytest

from helpdesk_tui.cli.main import run as run_cli
from tests.support.acting import ActingDesk, lost
from tests.support.shell import Shell


@pytest.fixture
def desk(tmp_path):
    made = ActingDesk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def unknown(desk):
    action = desk.ask()
    desk.source.at["asked"] = lost()
    desk.work()
    return action


@pytest.fixture
def run(desk, shell: Shell):
    def call(*words: str, agent: str = "anna") -> int:
        return run_cli(["--store", str(desk.store.paths.root), "--agent", agent, *words])

    return call


def test_changes_are_listed_page_by_page(desk, run, capsys) -> None:
    asked = [desk.ask(str(number)) for number in range(3)]
    assert run("action", "list", "--limit", "2", "--json") == 0
    page = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in page["actions"]] == [str(asked[2].id), str(asked[1].id)]
    assert run("action", "list", "--after", page["next"], "--json") == 0
    rest = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in rest["actions"]] == [str(asked[0].id)]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("options", "count"),
    [(("--state", "unknown"), 1), (("--state", "done"), 0), (("--ticket", "1"), 2),
     (("--ticket", "999"), 0), (("--profile", "1"), 2), (("--profile", "999"), 0)],
)  # fmt: skip
def test_a_list_may_be_of_some_only(desk, unknown, run, capsys, options, count) -> None:
    desk.ask("7")
    assert run("action", "list", *options, "-q") == 0
    assert len(capsys.readouterr().out.split()) == count


def test_scripts_see_all_of_a_change(desk, unknown, run, capsys) -> None:
    assert run("action", "show", str(unknown.id), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["kind"]) == ("unknown", "order.cancel")
    assert said["source"] == "shop"
    assert said["error"]["code"] == "provider.uncertain"
    assert said["expected"]["refund"] == "20.00"
    assert said["finished_at"] is None
    assert said["asked_at"].endswith("Z")
    assert said["next_try_at"].endswith("Z")


def test_people_read_what_was_seen_and_why_nobody_can_tell(desk, unknown, run, capsys) -> None:
    assert run("action", "show", str(unknown.id)) == 0
    said = capsys.readouterr().out
    assert "cancel an order, #1042: unknown" in said
    assert "refund: 20.00" in said


@pytest.mark.parametrize(("outcome", "state"), [("done", "done"), ("not-done", "failed")])
def test_an_agent_decides(desk, unknown, run, capsys, outcome, state) -> None:
    assert run("action", "decide", str(unknown.id), outcome, "--json") == 0
    assert json.loads(capsys.readouterr().out)["state"] == state
    assert run("action", "decide", str(unknown.id), outcome) == 1
    assert "nothing to decide" in capsys.readouterr().err


def test_a_role_that_may_not_change_may_not_decide(desk, unknown, run, capsys) -> None:
    desk.set("shop-actions-role", "admin")
    assert run("action", "decide", str(unknown.id), "done") == 3
    assert desk.load(unknown).state == "unknown"


def test_the_desk_itself_decides_nothing(desk, unknown, run) -> None:
    assert run_cli(["--store", str(desk.store.paths.root), "action", "decide",
                    str(unknown.id), "done"]) == 3  # fmt: skip


def test_a_look_can_be_wanted_now(desk, unknown, run) -> None:
    desk.shop.make(unknown.request)
    assert run("action", "check", str(unknown.id)) == 0
    desk.clock.now = desk.load(unknown).next_try_at
    desk.work()
    assert desk.load(unknown).state == "done"


@pytest.mark.parametrize("verb", ["show", "check"])
def test_what_is_not_there_is_said(desk, run, capsys, verb) -> None:
    assert run("action", verb, "99") == 4
    assert "there is no change 99" in capsys.readouterr().err


def test_no_command_asks_for_a_change(run, capsys) -> None:
    assert run("action", "ask", "order.cancel") == 2
    assert "invalid choice" in capsys.readouterr().err

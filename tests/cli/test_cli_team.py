"""``agent role``, ``remove`` and ``restore``; and ids where a script wants nothing else."""

from __future__ import annotations

import json

import pytest

from tests.support.shell import Shell


@pytest.fixture
def team(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("HELPDESK_AGENT", "anna")
    desk("agent", "add", "ben", "--role", "admin")
    return desk


def roles(shell: Shell) -> dict[str, str]:
    return {agent["name"]: agent["role"] for agent in shell.json("agent", "list")["agents"]}


def test_a_role_is_changed_and_logged(team: Shell) -> None:
    assert team("agent", "role", "ben", "manager") == "ben: manager\n"
    assert roles(team) == {"anna": "owner", "ben": "manager"}
    (line,) = team("activity", "--kind", "desk", "--json").splitlines()
    entry = json.loads(line)
    assert (entry["kind"], entry["before"]["role"], entry["after"]["role"]) == (
        "agent.role", "admin", "manager",
    )  # fmt: skip
    team("agent", "role", "ben", "manager")
    assert len(team("activity", "--kind", "desk", "-q").splitlines()) == 1


def test_an_agent_goes_and_comes_back(team: Shell) -> None:
    assert "left" in team("agent", "remove", "ben")
    assert "ben" in team.fails("ticket", "list", "--agent", "ben", code=3)
    team("agent", "restore", "ben")
    team("ticket", "list", "--agent", "ben")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("agent", "remove", "anna"), 3),
        (("agent", "role", "anna", "support"), 3),
        (("agent", "role", "ben", "owner", "--agent", "ben"), 3),
        (("agent", "remove", "anna", "--agent", "ben"), 3),
        (("agent", "add", "carl", "--role", "owner", "--agent", "ben"), 3),
        (("agent", "role", "nobody", "admin"), 4),
        (("agent", "role", "ben", "king"), 2),
    ],
)
def test_what_would_leave_the_desk_without_an_owner_is_refused(
    team: Shell, words: tuple[str, ...], code: int
) -> None:
    before = roles(team)
    team(*words, code=code)
    assert roles(team) == before


def test_a_second_owner_lets_the_first_go(team: Shell) -> None:
    team("agent", "role", "ben", "owner")
    team("agent", "role", "anna", "support")
    assert roles(team) == {"anna": "support", "ben": "owner"}


def test_ids_are_all_that_quiet_prints(team: Shell) -> None:
    view = team("view", "save", "Late", "is:open", "-q")
    for words in (("rename", "Late", "Later"), ("pin", "Later", "9"), ("delete", "Later")):
        assert team("view", *words, "-q") == view
    number = team("agent", "role", "ben", "support", "-q")
    for words in (("away", "ben"), ("available", "ben"), ("remove", "ben"), ("restore", "ben")):
        assert team("agent", *words, "-q") == number
    assert team("channel", "list", "-q") == ""

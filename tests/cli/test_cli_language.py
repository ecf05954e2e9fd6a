"""Commands speak the language of the agent, else of the configuration, else of the system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.cli.main import run
from helpdesk_tui.widgets.words.language import speak


@pytest.fixture(autouse=True)
def a_place_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "HELPDESK_AGENT"):
        monkeypatch.delenv(name, raising=False)
    # set, not taken away: what --config puts there has to go with it
    monkeypatch.setenv("HELPDESK_CONFIG", "")
    monkeypatch.setenv("HELPDESK_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    yield
    monkeypatch.undo()
    run(["--version"])
    speak("")


def _said(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    capsys.readouterr()
    run(argv)
    captured = capsys.readouterr()
    return captured.out + captured.err


ENGLISH, POLISH, SWEDISH = "there is no store in", "nie ma magazynu", "det finns inget lager"


def test_the_system_chooses(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ENGLISH in _said(capsys, "ticket", "list")
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    assert POLISH in _said(capsys, "ticket", "list")


def test_the_configuration_wins_over_the_system(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    config = tmp_path / "mine.toml"
    config.write_text('language = "sv"\n')
    assert SWEDISH in _said(capsys, "--config", str(config), "ticket", "list")
    assert SWEDISH in _said(capsys, f"--config={config}", "ticket", "list")


def test_the_agent_wins_over_the_configuration(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _said(capsys, "init", "--non-interactive", "--set", "agent.name=anna")
    monkeypatch.setenv("HELPDESK_AGENT", "anna")
    assert "no ticket" in _said(capsys, "ticket", "show", "7")
    _said(capsys, "setting", "set", "language", "pl")
    assert "nie ma zgłoszenia 7" in _said(capsys, "ticket", "show", "7")


def test_scripts_read_the_same_in_every_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _said(capsys, "init", "--non-interactive", "--set", "agent.name=anna")
    english = _said(capsys, "view", "list", "--json")
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    assert _said(capsys, "view", "list", "--json") == english


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("ticket", "close", "--help"), "użycie: helpdesk ticket close"),
        (("ticket", "close", "--help"), "pokaż tę pomoc i zakończ"),
        (("ticket", "priority", "soon"), "LEVEL: 'soon' nie jest"),
        (("ticket", "show"), "błąd: wymagane"),
        (("ticket", "list", "--limit"), "--limit: wymaga"),
        (("status", "--soon"), "niezrozumiałe: --soon"),
    ],
)
def test_usage_is_told_in_the_language(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    argv: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    assert said in _said(capsys, *argv)

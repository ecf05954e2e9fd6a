"""Sources by command: connected after they were tried, refused with the reason, removed."""

from __future__ import annotations

import io
import json

import pytest

from helpdesk_tui.cli.main import run as run_cli
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.secrets import get_secret
from tests.support.shell import Shell
from tests.support.shops.klaviyo_desk import running_klaviyo
from tests.support.store import add_agent, make_store


@pytest.fixture
def root(tmp_path, shell: Shell):
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    add_agent(store, "sam", role="support")
    store.close()
    return store.paths.root


@pytest.fixture(scope="module")
def served():
    with running_klaviyo() as served:
        yield served


@pytest.fixture
def sim(served):
    sim, shops = served
    sim.reset()
    shops.clean()
    sim.has("ada@example.com", analytics={"total_clv": 1})
    return sim


@pytest.fixture
def run(root, sim, monkeypatch):
    def call(*words: str, typed: str = "", agent: str = "anna") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return run_cli(["--store", str(root), "--agent", agent, *words])

    return call


@pytest.fixture
def add(run, sim):
    def call(*more: str, key: str = "", agent: str = "anna"):
        words = ("source", "add", "klaviyo", "crm", "--set", f"api={sim.url}", "--token-stdin")
        return run(*words, *more, typed=f"{key or sim.key}\n", agent=agent)

    return call


def sources(root):
    desk = open_desk(root, agent="anna")
    found = desk.sources.all()
    desk.close()
    return found


def test_source_is_connected_after_every_right_was_tried(root, add, sim, capsys):
    assert add() == 0
    said = capsys.readouterr().out
    for scope in sim.scopes:
        assert f"✓ {scope}" in said
    assert sim.key not in said
    (source,) = sources(root)
    assert (source.name, source.kind, source.settings) == ("crm", "klaviyo", {"api": sim.url})
    assert get_secret(root, "source-crm").reveal() == sim.key


def test_missing_right_is_named_and_the_rest_connected(root, add, sim, capsys):
    sim.scopes.discard("lists:read")
    assert add() == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "✗ lists:read the key lacks the right lists:read" in said
    assert "unknown without it: which lists customers are in" in said
    assert len(sources(root)) == 1


def test_wrong_key_saves_nothing(root, add, capsys):
    assert add(key="pk_wrong") == 5
    told = capsys.readouterr()
    assert "the key is refused" in told.out
    assert "crm was not saved" in told.err
    assert sources(root) == ()
    assert add("--no-test", key="pk_wrong") == 0


def test_only_admins_connect(root, add, capsys):
    assert add(agent="sam") == 3
    assert sources(root) == ()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("klaviyo", "crm", "--set", "shop=x"), 2, "it has no setting shop"),
        (("klaviyo", "crm", "--set", "api=http://shop.example"), 2, "give an address with https"),
        (("klaviyo", "A b"), 2, "is no name of a source"),
        (("klaviyo", "crm", "--set", "shop"), 2, "KEY=VALUE"),
        (("shopify", "shop"), 2, "give --set shop=…"),
    ],
)
def test_what_cannot_be_connected_is_refused(root, run, capsys, words, code, said):
    assert run("source", "add", *words, "--token-stdin", "--no-test", typed="key\n") == code
    assert said in " ".join(capsys.readouterr().err.split())
    assert sources(root) == ()


def test_source_is_listed_shown_and_tried(root, add, run, sim, capsys):
    assert run("source", "list") == 0
    assert "nothing is connected" in capsys.readouterr().out
    add("--no-test")
    capsys.readouterr()
    assert run("source", "list") == 0
    assert "not asked yet" in capsys.readouterr().out
    assert run("source", "list", "--json") == 0
    (shown,) = json.loads(capsys.readouterr().out)["sources"]
    assert (shown["name"], shown["kind"], shown["error"]) == ("crm", "klaviyo", None)
    assert run("source", "list", "-q") == 0
    assert capsys.readouterr().out == "crm\n"
    assert run("source", "show", "crm") == 0
    assert sim.url in capsys.readouterr().out
    assert run("source", "show", "crm", "--json") == 0
    assert json.loads(capsys.readouterr().out)["settings"] == {"api": sim.url}
    assert run("source", "test", "crm", "--json") == 0
    assert json.loads(capsys.readouterr().out)["ok"]
    sim.scopes.discard("events:read")
    assert run("source", "test", "crm") == 5
    assert run("source", "show", "no") == 4
    assert "there is no source called no: crm" in capsys.readouterr().err


def test_source_is_changed_switched_and_removed(root, add, run, sim, capsys):
    add("--no-test")
    assert run("source", "change", "crm", "--set", "api=") == 0
    assert sources(root)[0].settings == {}
    assert run("source", "disable", "crm") == 0
    assert not sources(root)[0].is_enabled
    capsys.readouterr()
    run("source", "list")
    assert " off" in capsys.readouterr().out
    assert run("source", "enable", "crm", "--json") == 0
    assert json.loads(capsys.readouterr().out)["enabled"]
    assert run("source", "remove", "crm") == 2
    assert "add --yes" in " ".join(capsys.readouterr().err.split())
    assert run("source", "remove", "crm", "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"removed": "crm", "profiles": 0}
    assert sources(root) == ()
    assert add("--no-test") == 0
    assert add() == 2


def test_new_key_is_tried_before_it_is_kept(root, add, run, sim, capsys):
    add("--no-test")
    assert run("source", "secret", "crm", "--token-stdin", typed="pk_wrong\n") == 5
    assert get_secret(root, "source-crm").reveal() == sim.key
    sim.key = "pk_new_in_tests"
    assert run("source", "secret", "crm", "--token-stdin", typed="pk_new_in_tests\n") == 0
    assert get_secret(root, "source-crm").reveal() == "pk_new_in_tests"
    assert "pk_new" not in capsys.readouterr().out


def test_key_of_a_source_stands_among_the_secrets(add, run, capsys):
    add("--no-test")
    capsys.readouterr()
    assert run("secret", "list", "--json") == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)["secrets"]}
    assert listed["source-crm"]["variable"] == "HELPDESK_SECRET_SOURCE_CRM"
    assert listed["source-crm"]["place"]
    assert run("secret", "set", "source-crm", "--stdin", typed="x\n") == 2
    assert "helpdesk source secret crm" in " ".join(capsys.readouterr().err.split())


def test_source_without_a_key_asks_for_none(root, run, tmp_path, capsys):
    file = tmp_path / "shop.json"
    assert run("source", "add", "sandbox", "shop", "--set", f"file={file}", "--no-test") == 0
    assert sources(root)[0].kind == "sandbox"

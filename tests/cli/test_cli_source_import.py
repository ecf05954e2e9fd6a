"""Files by command: customers without Klaviyo, Shopify or Recharge."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from helpdesk_tui.cli.main import run as run_cli
from tests.support.shell import Shell
from tests.support.store import add_agent, make_store

ORDERS = """order,email,created_at,total,currency,item
#1,ada@example.com,2026-05-01,9.50,EUR,Tea
#2,ada@example.com,May,9.50,EUR,Tea
"""


@pytest.fixture(name="run")
def _run(tmp_path: Path, shell: Shell):
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    add_agent(store, "sam", role="support")
    store.close()

    def call(*words: str, agent: str = "anna") -> int:
        return run_cli(["--store", str(store.paths.root), "--agent", agent, *words])

    return call


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


def test_lines_are_taken_and_others_named(run, path, capsys):
    assert run("source", "add", "table", "old") == 0
    assert run("source", "import", "old", str(path), "--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1]) == {"seen": 2, "new": 1, "failed": 1}
    assert "orders.csv, line 3: orders[0].created_at: May does not fit" in said.err
    assert run("source", "test", "old", "--json") == 0
    (check,) = json.loads(capsys.readouterr().out)["checks"]
    assert (check["name"], check["ok"], check["values"]["count"]) == ("imported", True, "1")


def test_only_administrators_import(run, path):
    assert run("source", "add", "table", "old") == 0
    assert run("source", "import", "old", str(path), agent="sam") == 3


def test_a_file_that_is_no_table_is_refused(run, tmp_path, capsys):
    assert run("source", "add", "table", "old") == 0
    path = tmp_path / "x.csv"
    path.write_text("color\nred\n", encoding="utf-8")
    assert run("source", "import", "old", str(path)) == 2
    assert "the first line has to name columns" in capsys.readouterr().err


def test_the_schema_is_one_and_the_documented_one(run, capsys):
    assert run("source", "schema") == 0
    said = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(said)
    docs = Path(__file__).parents[2] / "docs" / "admins" / "own-shop-data.schema.json"
    assert json.loads(docs.read_text(encoding="utf-8")) == said

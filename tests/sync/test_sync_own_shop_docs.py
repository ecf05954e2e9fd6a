"""What docs/admins/own-shop-data.md says of endpoints and files is what works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.own_data import read_customer
from helpdesk_tui.domain.commerce.own_schema import customer_schema
from helpdesk_tui.services.commerce.import_files import COLUMNS
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.providers.endpoint.source import connect
from tests.support.shops.klaviyo_desk import proven
from tests.support.waiting import until

PAGE = Path(__file__).parents[2] / "docs" / "admins" / "own-shop-data.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)


def documented() -> dict[str, Any]:
    customer: dict[str, Any] = json.loads(blocks("json")[3])["customer"]
    return customer


def test_the_documented_customer_fits_and_is_read_whole():
    jsonschema.validate(documented(), customer_schema())
    customer = read_customer(documented())
    assert (customer.id, customer.emails, customer.phones) == (
        "c-7", ("ada@example.com",), ("+15550001111",),
    )  # fmt: skip
    assert customer.facts.failed == {}
    assert customer.facts.not_available == frozenset()


def test_the_documented_questions_are_those_that_are_asked():
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        body = json.dumps({"customer": None} if len(asked) > 1 else {"name": "Tea"}).encode()
        return httpx.Response(200, stream=httpx.ByteStream(body))

    row = ConnectedSource(1, "own", "endpoint", {"url": "https://shop.example/helpdesk"})
    source = connect(row, "t", transport=httpx.MockTransport(answer))
    source.about()
    source.find(proven(email="ada@example.com", phone="+15550001111"), tuple(Section))
    source.close()
    about, customer = json.loads(blocks("json")[0]), json.loads(blocks("json")[2])
    assert asked[0] == about
    assert {**asked[1], "sections": set(asked[1]["sections"])} == {
        **customer, "sections": set(customer["sections"]),
    }  # fmt: skip


def test_the_documented_program_is_a_source(tmp_path: Path):
    program = tmp_path / "endpoint.py"
    serve = 'HTTPServer(("127.0.0.1", 8070), Helpdesk).serve_forever()'
    tell = "print(server.server_port, flush=True)"
    own = 'server = HTTPServer(("127.0.0.1", 0), Helpdesk)'
    code = blocks("python")[0]
    assert serve in code
    code = code.replace(serve, f"{own}\n    {tell}\n    server.serve_forever()")
    program.write_text(code, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        try:
            assert running.stdout is not None
            port = running.stdout.readline().strip()
            row = ConnectedSource(1, "own", "endpoint", {"url": f"http://127.0.0.1:{port}/"})
            source, stranger = connect(row, "a-long-random-token"), connect(row, "wrong")
            until(lambda: all(one.ok for one in source.test()))
            found = source.find(proven(email="ada@example.com"), (Section.ORDERS,))
            assert found is not None
            assert (found.match.external_id, found.facts.orders) == ("c-7", ())
            with pytest.raises(AuthFailed):
                stranger.about()
            source.close()
            stranger.close()
        finally:
            running.terminate()


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_the_documented_columns_are_known(kind: str):
    (row,) = re.findall(rf"^\| {kind} \| (.*) \|$", PAGE.read_text("utf-8"), re.M)
    assert set(re.findall(r"`([^`]+)`", row)) <= set(COLUMNS[kind])

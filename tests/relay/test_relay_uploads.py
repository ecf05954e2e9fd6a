"""Files of visitors: whose they are, what they are called, and that nothing of them runs."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.support.relay import SITE, Running, running_relay

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HOSTILE = {
    "page": (b"<html><script>alert(1)</script>", "page.html"),
    "drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
    "script": (b"#!/bin/sh\nid\n", "a.png"),
    "program": (b"\x7fELF\2\1\1" + b"\0" * 40, "invoice.pdf"),
    "both": (b"GIF89a/*<svg/onload=alert(1)>*/=1;", "a.html"),
    "desktop": (b"[Desktop Entry]\nExec=sh\n", "a.desktop"),
}
NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\x.dll",
    "/etc/passwd",
    "~/.ssh/authorized_keys",
    "a\r\nContent-Type: text/html\r\n\r\n<script>",
    'a"; filename="b.html',
    "a\0.png",
    "fdp.\u202egnp.exe",
    "\x1b]0;x\x07.png",
    ".bashrc",
    "..",
    "",
    " ",
    "x" * 4_000,
    "żółw 🐢.png",
    "%2e%2e%2fx",
]


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_could_run_is_a_download_of_a_harmless_type(relay: Running, kind: str) -> None:
    content, name = HOSTILE[kind]
    headers = {"X-File-Name": quote(name), "Content-Type": "text/html"}
    with relay.visitor(sub=f"hostile-{kind}") as browser:
        sent = browser.post("/v1/chat/files", content=content, headers=headers)
        assert sent.status_code == 201
        answer = browser.get(f"/v1/chat/files/{sent.json()['id']}")
    assert answer.content == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    kind_of = answer.headers["Content-Type"].partition(";")[0]
    assert kind_of in ("text/plain", "application/octet-stream", "image/gif")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:20]))
def test_a_name_is_a_label_only(relay: Running, name: str) -> None:
    uploads = relay.config.store / "uploads"
    with relay.visitor(sub="names") as browser:
        sent = browser.post(
            "/v1/chat/files", content=PNG, headers={"X-File-Name": quote(name, safe="")}
        )
        assert sent.status_code == 201
        said = sent.json()
        answer = browser.get(f"/v1/chat/files/{said['id']}")
    assert answer.content == PNG
    assert said["content_type"] == "image/png"
    assert said["name"].strip()
    assert len(said["name"]) <= 200
    assert not {"/", "\\", "\0", "\r", "\n", "\x1b", "\u202e"} & set(said["name"])
    assert answer.headers.get_list("Content-Type") == ["image/png"]
    file = uploads / said["id"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.resolve().parent == uploads.resolve()
    assert len(said["id"]) >= 22


def test_a_name_that_is_not_encoded_is_no_error(relay: Running) -> None:
    with relay.visitor() as browser:
        sent = browser.post(
            "/v1/chat/files", content=PNG, headers=[(b"X-File-Name", b"%ff%fe\xe9.png%0")]
        )
    assert sent.status_code == 201


def test_a_file_is_its_visitors_and_the_boxs(relay: Running) -> None:
    with relay.visitor(sub="mine") as mine, relay.visitor(sub="other") as other:
        file = mine.post("/v1/chat/files", content=PNG).json()["id"]
        assert mine.get(f"/v1/chat/files/{file}").status_code == 200
        refused = other.get(f"/v1/chat/files/{file}")
        assert (refused.status_code, refused.json()) == (404, {"error": "not.found"})
        said = {"client_id": "a", "text": "look", "files": [file]}
        taken = other.post("/v1/chat/messages", json=said)
        assert taken.status_code != 201
    with relay.browser() as nobody, relay.box() as box:
        assert nobody.get(f"/v1/chat/files/{file}").status_code == 401
        assert box.get(f"/box/v1/files/{file}?site=shop").content == PNG
        assert box.get(f"/box/v1/files/{file}?site={SITE.id}x").status_code == 404


def test_another_device_of_the_same_visitor_has_the_file_too(relay: Running) -> None:
    with relay.visitor(sub="two") as phone, relay.visitor(sub="two") as desk:
        file = phone.post("/v1/chat/files", content=PNG).json()["id"]
        assert desk.get(f"/v1/chat/files/{file}").status_code == 200


def test_an_anonymous_visitor_sends_no_file(relay: Running) -> None:
    with relay.browser() as browser:
        opened = browser.post("/v1/sites/shop/session", json={}).json()
        browser.headers["Authorization"] = f"Bearer {opened['session']}"
        answer = browser.post("/v1/chat/files", content=PNG)
    assert (answer.status_code, answer.json()) == (401, {"error": "login.needed"})


def test_a_thousand_times_the_same_message_is_one(relay: Running) -> None:
    """W8: whoever repeats a request, repeats no message."""
    with relay.visitor(sub="replay") as browser, relay.box() as box:
        said = {"client_id": "once", "text": "only once"}
        answers = {browser.post("/v1/chat/messages", json=said).text for _ in range(1_000)}
        assert len(answers) == 1
        events = box.get("/box/v1/events?site=shop&after=0&live=0&wait=0").text
    assert events.count("only once") == 1

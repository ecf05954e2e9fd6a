"""``helpdesk relay`` as a process: what it needs, what it says, how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.webchat.site_wire import site_json
from tests.support.relay import SITE, TOKEN, signed_token
from tests.support.waiting import AT_ONCE, PATIENCE

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "docs" / "admins" / "helpdesk-relay.service"


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        **more,
    }


def relay(
    folder: Path, *options: object, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a relay that is expected not to start."""
    return subprocess.run(
        [sys.executable, "-m", "helpdesk_tui", "relay", *map(str, options)],
        env=environment(folder, **(environ or {})),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def token_file(folder: Path, text: str = TOKEN, mode: int = 0o600) -> Path:
    file = folder / "token"
    file.write_text(text + "\n", "utf-8")
    file.chmod(mode)
    return file


class Process:
    """A relay that runs; ``said`` fills with what it prints."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.errors = ""

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sent)
        code = self.process.wait(PATIENCE)
        assert self.process.stderr is not None
        self.errors += self.process.stderr.read()
        return code


@contextmanager
def running(
    folder: Path, *options: object, environ: dict[str, str] | None = None
) -> Iterator[Process]:
    command = [sys.executable, "-m", "helpdesk_tui", "relay", "--port", "0", "--json",
               "--store", str(folder / "relay"), *map(str, options)]  # fmt: skip
    with subprocess.Popen(
        command,
        env=environment(folder, **(environ or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                assert process.stderr is not None
                pytest.fail(process.stderr.read())
            yield Process(process, json.loads(line)["url"])
        finally:
            if process.poll() is None:
                process.kill()


def test_without_a_token_it_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    done = relay(tmp_path, "--store", tmp_path / "relay")
    assert done.returncode == 2
    assert "--new-token" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "relay").exists()


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        (TOKEN, 0o640, "chmod 600"),
        (TOKEN, 0o604, "chmod 600"),
        ("short", 0o600, "32"),
        ("", 0o600, "--new-token"),
        ("x" * 40 + " y", 0o600, "32"),
        ("ż" * 40, 0o600, "32"),
    ],
)
def test_a_token_that_is_open_or_weak_is_refused(
    tmp_path: Path, text: str, mode: int, said: str
) -> None:
    done = relay(tmp_path, "--token-file", token_file(tmp_path, text, mode))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(text) < 4 or text not in done.stderr + done.stdout


def test_a_new_token_is_long_private_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "token"
    done = relay(tmp_path, "--new-token", file)
    made = file.read_text("ascii").strip()
    assert done.returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made)
    assert made not in done.stdout + done.stderr
    again = relay(tmp_path, "--new-token", file)
    assert again.returncode == 2
    assert file.read_text("ascii").strip() == made


@pytest.mark.parametrize("place", ["file", "credential", "environment"])
def test_it_serves_with_a_token_from_each_place_and_ends_when_told(
    tmp_path: Path, place: str
) -> None:
    options: list[object] = []
    environ: dict[str, str] = {}
    if place == "file":
        options = ["--token-file", token_file(tmp_path)]
    elif place == "credential":
        # systemd's own files have this mode
        token_file(tmp_path, mode=0o440).rename(tmp_path / "relay-token")
        environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    else:
        environ = {"HELPDESK_RELAY_TOKEN": TOKEN}
    with running(tmp_path, *options, environ=environ) as process:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=process.url, headers=headers, timeout=PATIENCE) as box:
            assert box.get("/box/v1/health?site=shop").status_code == 200
        assert process.stop() == 0
    mode = stat.S_IMODE((tmp_path / "relay" / "relay.db").stat().st_mode)
    assert mode == 0o600


def test_nothing_of_a_visitor_and_no_token_stands_in_its_output(tmp_path: Path) -> None:
    with running(tmp_path, "--token-file", token_file(tmp_path)) as process:
        with httpx.Client(
            base_url=process.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=PATIENCE,
        ) as box:
            box.put("/box/v1/site", json=site_json(SITE)).raise_for_status()
        with httpx.Client(
            base_url=process.url, headers={"Origin": SITE.origins[0]}, timeout=PATIENCE
        ) as browser:
            identity = signed_token(email="planted@customer.example", name="Planted Name")
            session = browser.post("/v1/sites/shop/session", json={"token": identity}).json()
            browser.headers["Authorization"] = f"Bearer {session['session']}"
            said = {"client_id": "a", "text": "planted text of a message"}
            assert browser.post("/v1/chat/messages", json=said).status_code == 201
            browser.post("/v1/chat/messages", content=b"{")
            browser.get("/v1/none?planted=query")
        assert process.stop() == 0
    for planted in (TOKEN, identity, session["session"], "planted", "Planted", "127.0.0.1:"):
        assert planted not in process.errors
    lines = [json.loads(line) for line in process.errors.splitlines()]
    assert [each["level"] for each in lines] == ["INFO"] * len(lines)
    assert any("answers on port" in each["text"] for each in lines)
    assert any("stopped" in each["text"] for each in lines)


def test_being_told_to_stop_ends_open_streams_at_once(tmp_path: Path) -> None:
    with running(tmp_path, "--token-file", token_file(tmp_path)) as process:
        with httpx.Client(
            base_url=process.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=PATIENCE,
        ) as box:
            box.put("/box/v1/site", json=site_json(SITE)).raise_for_status()
        with httpx.Client(base_url=process.url, timeout=PATIENCE) as browser:
            answer = browser.post("/v1/sites/shop/session", json={"token": signed_token()})
            browser.headers["Authorization"] = f"Bearer {answer.json()['session']}"
            with browser.stream("GET", "/v1/stream") as stream:
                reading = iter(stream.iter_bytes())
                assert next(reading)
                began = time.monotonic()
                process.process.send_signal(signal.SIGTERM)
                for _ in reading:
                    pass
                assert process.process.wait(PATIENCE) == 0
                assert time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "TLS proxy"),
        (["--public-url", "https://chat.shop.example"], "--trusted-proxy"),
        (["--public-url", "http://chat.shop.example"], "not encrypted"),
    ],
)
def test_what_is_seldom_meant_is_warned_about(
    tmp_path: Path, options: list[str], said: str
) -> None:
    with running(tmp_path, "--token-file", token_file(tmp_path), *options) as process:
        process.stop()
    assert said in process.errors


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--trusted-proxy", "proxy.example"], "proxy.example"),
        (["--public-url", "chat.shop.example"], "chat.shop.example"),
        (["--public-url", "https://user:pass@chat.shop.example"], "https"),
        (["--port", "99999"], "65535"),
        (["--files-room", "-1"], "--files-room"),
        (["--host", "192.0.2.1"], "192.0.2.1"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, options: list[str], said: str) -> None:
    done = relay(tmp_path, "--store", tmp_path / "relay", "--token-file", token_file(tmp_path),
                 *options)  # fmt: skip
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("options", "room"), [([], 2_000), (["--files-room", "50"], 50)])
def test_files_for_providers_have_as_much_room_as_is_said(
    tmp_path: Path, options: list[str], room: int
) -> None:
    from helpdesk_tui.cli.parser import build_parser
    from helpdesk_tui.cli.relay import config_of_relay

    given = ["relay", "--store", str(tmp_path), "--token-file", str(token_file(tmp_path))]
    config = config_of_relay(build_parser().parse_args([*given, *options]), {})

    assert config.media_total == room * 1_000_000


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = relay(tmp_path, "--store", tmp_path / "relay", "--token-file",
                     token_file(tmp_path), "--port", port)  # fmt: skip
    assert done.returncode == 2
    assert str(port) in done.stderr


def test_the_store_of_a_desk_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "helpdesk.db").touch()
    done = relay(tmp_path, "--store", tmp_path / "desk", "--token-file", token_file(tmp_path))
    assert done.returncode == 2
    assert not (tmp_path / "desk" / "relay.db").exists()


def test_the_service_manager_is_told(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    told: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        manager.settimeout(PATIENCE)

        def listen() -> None:
            while "STOPPING=1" not in told:
                told.append(manager.recv(100).decode())

        thread = threading.Thread(target=listen)
        thread.start()
        with running(
            tmp_path,
            "--token-file",
            token_file(tmp_path),
            environ={"NOTIFY_SOCKET": str(address)},
        ) as process:
            assert process.stop() == 0
        thread.join(PATIENCE)
    assert told.index("READY=1") < told.index("STOPPING=1")
    assert "WATCHDOG=1" in told


def test_it_loads_neither_the_interface_nor_the_store_of_a_desk(tmp_path: Path) -> None:
    code = (
        "import sys, threading, os, signal\n"
        "from helpdesk_tui.cli.main import run\n"
        "def stop():\n"
        "    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:\n"
        "        threading.Event().wait(0.05)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "threading.Thread(target=stop).start()\n"
        f"code = run(['relay', '--port', '0', '--store', {str(tmp_path / 'relay')!r},"
        f" '--token-file', {str(token_file(tmp_path))!r}])\n"
        "found = {each.partition('.')[0] for each in sys.modules}\n"
        "print(code, found & {'textual', 'sqlmodel', 'sqlalchemy', 'alembic', 'imapclient',"
        " 'keyring', 'httpx', 'rich'})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 set()", done.stderr


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = UNIT.read_text("utf-8").replace("/opt/helpdesk/.venv/bin/helpdesk", sys.executable)
    unit = tmp_path / UNIT.name
    unit.write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_unit_starts_what_the_command_line_takes() -> None:
    from helpdesk_tui.cli.parser import build_parser

    line = re.search(r"^ExecStart=\S+ (.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    assert line
    args = build_parser().parse_args(line[1].split())
    assert args.run.endswith("relay:run")
    assert args.trusted_proxy == ["127.0.0.1", "::1"]

"""Debian's nginx with the configuration that we ship, before a relay of a test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.certs import Certificates, make_certificates
from tests.support.dovecot import free_port
from tests.support.waiting import PATIENCE, until

SHIPPED = Path(__file__).resolve().parents[2] / "docs" / "admins" / "helpdesk-relay-nginx.conf"
_AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    include {folder}/relay.conf;
}}
"""


@contextmanager
def nginx_before(relay_port: int, folder: Path) -> Iterator[tuple[str, Certificates]]:
    """Run nginx before a relay; gives its address and the certificates.

    Only names, ports and paths of the shipped file are changed.
    """
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("nginx is not installed")
    files = make_certificates(folder / "certs")
    port = free_port()
    text = SHIPPED.read_text("utf-8")
    for before, after in (
        ("127.0.0.1:8484", f"127.0.0.1:{relay_port}"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("/etc/letsencrypt/live/chat.shop.example/fullchain.pem", str(files.certificate)),
        ("/etc/letsencrypt/live/chat.shop.example/privkey.pem", str(files.key)),
        ("server_name chat.shop.example;", "server_name localhost;"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    # its helpers would else be somebody who cannot enter the folder
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "relay.conf").write_text(text, "utf-8")
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user), "utf-8")
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr, tested.stderr
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            _wait_for(port, process)
            yield f"https://localhost:{port}", files
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    def is_there() -> bool:
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(process.stderr.read().decode())
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
            return True
        return False

    until(is_there)
